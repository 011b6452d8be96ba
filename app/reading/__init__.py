"""The reader: a small network that finds the answer to a question in a text, or none."""

from app.reading.reader import Reader, Reading, shipped_reader

__all__ = ["Reader", "Reading", "shipped_reader"]
