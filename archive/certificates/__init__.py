"""Certificates of destruction: what the key daemon says in one, and where they lie."""
