"""Pages about persons, tokens and approvals, with signing in.

Three moves: read, ask, show.
"""
