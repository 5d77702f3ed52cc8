"""Commands that ask the API about jobs, journal, keys, health and the clock.

Decide nothing.
"""
