"""Routes for programs about jobs, journal, keys, health and the clock.

Translate only, know no page.
"""
