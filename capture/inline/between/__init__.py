"""What one side says and the other is told. Knows nothing of media."""
