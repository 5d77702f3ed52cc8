"""Keys at rest: the keystore's tables, wraps under shard keys and epochs, pairs, nodes, holds.

Knows nothing of who asks.
"""
