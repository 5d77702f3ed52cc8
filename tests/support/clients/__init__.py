"""Recording clients of our own: what they say, how they sound, and what Rokuon tells of them.

Many at once over one server. Knows nothing of which session must become what.
"""
