"""What copies of the index for locating are made of: rows, the changes since, who is how far.

Knows nothing of how a copy is kept or scored.
"""
