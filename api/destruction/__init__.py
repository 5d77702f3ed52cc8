"""Destroying what must go: plans that people approve, and the run that carries them out."""
