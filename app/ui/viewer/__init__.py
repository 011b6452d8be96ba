"""A page of a document as a picture, with words marked."""
