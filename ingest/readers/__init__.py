"""Source files -> their pages' text: one module for each kind of file."""
