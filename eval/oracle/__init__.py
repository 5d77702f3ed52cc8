"""What can be known of the call that is meant: the exact posterior, and exact filters beside it."""
