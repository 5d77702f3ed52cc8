"""The one door: authenticates who asks, grants or refuses, asks for a second person.

Bounds the rate. Knows nothing of what is then done.
"""
