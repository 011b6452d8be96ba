"""How good the answers are: runs, one in detail, two compared, all in order."""
