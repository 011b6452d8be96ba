"""Cases made of a library: by rules from its sentences, tables and headings, or by a model."""
