"""The life of epochs: how one turns, what it wraps anew, which sets it has, how it ends.

Knows nothing of threads or of when to turn.
"""
