"""The record itself: format, sealing, keys, keeper, reader, catalog.

Imports none of the other folders.
"""
