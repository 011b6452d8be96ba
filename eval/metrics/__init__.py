"""What is measured of an answer, one metric a file."""
