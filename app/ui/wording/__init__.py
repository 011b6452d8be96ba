"""Prompts: what is said to a model, to change, to look at and to compare."""
