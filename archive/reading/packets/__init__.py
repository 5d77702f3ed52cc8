"""Packets of a part as columns: their sources, clocks, numbers, keys, and what is missing.

Knows nothing of sound.
"""
