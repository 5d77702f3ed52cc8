"""Telephones of others that place the call of a self-test; knows nothing of how it is judged."""
