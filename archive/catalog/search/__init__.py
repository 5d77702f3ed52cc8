"""Finds and tells calls: search, course, ledger, what auditors read. Each answer takes a grant.

Knows nothing of how rows come to be.
"""
