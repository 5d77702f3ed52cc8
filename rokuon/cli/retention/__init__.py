"""Commands that ask the API about policies and simulations.

Decide nothing.
"""
