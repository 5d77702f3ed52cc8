"""What is asked for: requests in staff's words, and requests drawn from a world."""
