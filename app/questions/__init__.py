"""Questions made of the sentences of a document, by rules."""
