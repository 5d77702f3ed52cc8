"""Use cases of the policy: taken over, explained, told of events, restrictions kept current.

Destroys nothing.
"""
