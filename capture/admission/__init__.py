"""Whether one more call may come in: ports, disk, memory, workers, and what a source has left open.

Knows reasons, not answers: nothing of how a call is refused.
"""
