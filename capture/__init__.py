"""Hears calls and hands sealed audio to the archive. Knows nothing of the catalog or the web."""
