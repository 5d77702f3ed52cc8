"""The policy in force applied to rows of the catalog: history, protections, verdicts.

Reads only, knows nothing of plans and of destroying.
"""
