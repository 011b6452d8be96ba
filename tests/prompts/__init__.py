"""Prompts as files, and the phrase that says that there is no answer."""
