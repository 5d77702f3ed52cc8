"""Routes for programs about persons, tokens and approvals.

Translate only, know no page.
"""
