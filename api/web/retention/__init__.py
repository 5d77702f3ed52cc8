"""Routes for programs about policies and simulations.

Translate only, know no page.
"""
