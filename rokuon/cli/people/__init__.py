"""Commands that ask the API about persons, tokens and approvals.

Decide nothing.
"""
