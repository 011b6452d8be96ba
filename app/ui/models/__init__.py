"""Language models: what servers have, pulling and removing."""
