"""Sentences of what somebody remembers, read into clues, and the small clues themselves.

Pure. Knows no calls, no clock and no catalog.
"""
