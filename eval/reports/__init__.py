"""A run as a page, a text, JSON and JUnit XML."""
