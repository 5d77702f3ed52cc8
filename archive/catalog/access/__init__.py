"""Which recordings an answer may have: reach, use and grant as conditions, and the grant's entry.

The one place that has them. Knows nothing of what is looked for.
"""
