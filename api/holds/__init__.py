"""Legal holds and measures of cases, by a person or for a case.

Knows nothing of plans.
"""
