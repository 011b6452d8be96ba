"""A conversation as a file that others can read, with its sources: Markdown, HTML or PDF."""
