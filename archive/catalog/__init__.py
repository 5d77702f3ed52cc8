"""The catalog: register (facts added later) and index (what the recordings say), one database.

Knows nothing of keys, audio or the web.
"""
