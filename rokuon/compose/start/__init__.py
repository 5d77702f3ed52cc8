"""How a node starts: one part in the foreground, all under one supervisor, the first start.

Knows no part from within.
"""
