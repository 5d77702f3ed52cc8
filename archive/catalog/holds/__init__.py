"""What legal holds and measures have of recordings: matched, held, too late, untouched.

Knows the rows of the index. Knows nothing of keys.
"""
