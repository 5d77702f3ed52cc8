"""A relay: what the ends of inline calls say is sent on, and prompts are played to them.

Knows calls by signalling's commands. Knows nothing of recordings, parts or sweeps.
"""
