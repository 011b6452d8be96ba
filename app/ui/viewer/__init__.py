"""A document's page beside the chat: its picture, or its text, with quotes marked."""
