"""Hears calls and hands sealed audio to the archive.

In this folder itself only what every room stands on. Knows nothing of the catalog or the web.
"""
