"""The sources that may send calls: how they are found, what they may do in a dialog, how they were.

Knows nothing of recordings, nor of what a call says.
"""
