"""Times of day: hours as they are written and said, between which, and what they may mean."""
