"""Real servers on loopback that the tests talk to instead of a model on this machine."""
