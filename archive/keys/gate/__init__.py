"""Whether this keystore is the one that was here before: tallies, rollback, destroyed again.

Knows nothing of sockets.
"""
