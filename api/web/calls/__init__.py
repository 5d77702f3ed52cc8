"""Routes for programs about calls, recordings and the ledger.

Translate only, know no page.
"""
