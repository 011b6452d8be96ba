"""A conversation as a file of its own: Markdown, HTML or PDF, with what proves each sentence."""
