"""What cases do to recordings, and who may let them."""
