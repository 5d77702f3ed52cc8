"""Where a call goes and what its route says of it. Knows nothing of calls that are up."""
