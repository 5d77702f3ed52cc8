"""How a person proves who it is to a page, and the session that follows.

Knows nothing of cookies and pages.
"""
