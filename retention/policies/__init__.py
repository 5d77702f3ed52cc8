"""A policy as text and as value: read, written, compared, revised, shipped.

Knows no recording.
"""
