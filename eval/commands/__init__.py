"""The commands of ``citebound eval``, a file for each group."""
