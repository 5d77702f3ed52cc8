"""Persons, services, their tokens and the table of agents, as administrators change them.

Knows nothing of signing in.
"""
