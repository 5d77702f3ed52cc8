"""Backups of the catalog and the keystore: sealed files that die with the epoch of their day.

Knows nothing of who makes or restores one.
"""
