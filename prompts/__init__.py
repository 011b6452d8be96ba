"""What is said to the model: prompts as files, and the one phrase that says "not in here".

Imports nothing of the project but itself.
"""
