"""Another party takes a place. Knows nothing of what is recorded of it."""
