"""What decides how long recordings are kept, read for many at a time.

Knows nothing of the decision.
"""
