"""Verification: everything that is kept of a recording held against everything else.

Changes nothing. Knows nothing of terminals.
"""
