"""Makes the reader, the small network that finds answers and compares claims with passages."""
