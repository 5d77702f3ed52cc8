"""Another party takes a place: REFER, Replaces, pickup. Steps of the call's machine (RFC 5589).

Knows nothing of how the transfer target is reached, nor of what is recorded.
"""
