"""The exact posterior of the call that is meant, and exact filters beside it."""
