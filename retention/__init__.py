"""Decides what is kept and what is let go. Knows nothing of capture or the web."""
