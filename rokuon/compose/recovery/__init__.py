"""The index and sets made anew offline, from what the archive and its backups hold.

Knows nothing of what is recorded meanwhile.
"""
