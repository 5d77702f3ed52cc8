"""What is offered and answered, and what the relay is told of it. Knows nothing of when."""
