"""Asks the key daemon, over the one socket that the asker can reach.

Knows nothing of how keys are kept.
"""
