"""A retention rule and its parts: what it matches, periods, deadlines, flaws.

Knows no other rule and no policy.
"""
