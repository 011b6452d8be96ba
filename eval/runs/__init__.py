"""Batches of cases under settings, each finished case written at once."""
