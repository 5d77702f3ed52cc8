"""What is done to a recording that must go: what is remembered of it, its files, its tombstone."""
