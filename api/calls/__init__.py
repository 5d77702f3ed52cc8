"""Use cases about recorded and live calls: found, heard, exported, corrected.

Knows nothing of HTTP and of retention.
"""
