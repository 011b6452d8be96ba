"""The pages put together, and those that measure: eval may import app, not the other way round."""
