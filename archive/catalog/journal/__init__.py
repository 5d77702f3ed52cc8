"""The journal: entries that are only added to, their texts and authors; and the seal of a row.

Knows nothing of what is granted.
"""
