"""Decides what is kept and what goes, and destroys it.

Only `runner` touches anything.
"""
