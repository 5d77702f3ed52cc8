"""The signalling process: the loop, its clocks, its start and stop, and the state it takes over.

Feeds bytes and time to what is pure, and carries out what that says. Knows no keys, no catalog.
"""
