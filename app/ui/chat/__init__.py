"""The chat: questions, answers as they come, and what proves them."""
