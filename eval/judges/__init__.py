"""Who says whether an answer is right: judges, and how good they are."""
