"""Processes of a node: one of each, started, restarted, stopped in order, where they meet.

Knows nothing of what they do.
"""
