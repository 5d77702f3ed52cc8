"""Readings of what somebody remembers of a call, and how well calls fit them.

Pure. Knows no catalog, no clock and nobody who asks.
"""
