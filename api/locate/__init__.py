"""Calls found by what somebody remembers of them: the columns of this process, and who keeps them.

Knows nothing of the web.
"""
