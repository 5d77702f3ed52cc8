"""The recording of a call, and who has a say in it. Knows nothing of how a call is set up."""
