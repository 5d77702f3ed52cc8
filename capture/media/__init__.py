"""How datagrams become sealed frames: an ingest worker, its sweeps, parts and statistics.

Knows recordings by their commands. Knows nothing of signalling, nor of how a relay works.
"""
