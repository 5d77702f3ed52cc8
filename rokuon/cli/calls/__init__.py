"""Commands that ask the API about calls, recordings and the ledger.

Decide nothing.
"""
