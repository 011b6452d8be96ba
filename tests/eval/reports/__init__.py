"""Reports of runs: figures, pages, tables."""
