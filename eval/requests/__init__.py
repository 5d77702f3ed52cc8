"""Requests: in staff's words, and drawn from a world."""
