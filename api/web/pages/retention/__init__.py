"""Pages about policies and simulations.

Three moves: read, ask, show.
"""
