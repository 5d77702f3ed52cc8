"""What callers hear of us: the notice and tones, made ready for the relay and kept as files.

Knows no call.
"""
