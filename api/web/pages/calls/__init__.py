"""Pages about calls, recordings and the ledger.

Three moves: read, ask, show.
"""
