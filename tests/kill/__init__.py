"""Processes that are killed at any moment, and the libraries that they leave."""
