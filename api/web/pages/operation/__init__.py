"""Pages about jobs, journal, keys, health and the clock.

Three moves: read, ask, show.
"""
