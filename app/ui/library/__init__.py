"""The library: what is in it, taking documents in, removing them."""
