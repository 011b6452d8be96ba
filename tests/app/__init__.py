"""From question to answer: the chain, the models, the command line."""
