"""What the key daemon is asked and answers: messages and their frame.

Knows nothing of sockets or keys.
"""
