"""What the retention policy makes of recordings, and who may change it."""
