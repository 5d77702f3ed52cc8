"""What parties are told, that they were, and what they say to it. Knows no routes."""
