"""What can write an answer: model servers, and the built-in extractive answerer."""
