"""Pages about plans, certificates, holds and measures.

Three moves: read, ask, show.
"""
