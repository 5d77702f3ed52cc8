"""Commands that ask the API about plans, certificates, holds and measures.

Decide nothing.
"""
