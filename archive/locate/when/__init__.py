"""Readings of time as somebody remembers it: a text into stretches of UTC with a shape.

Pure. Knows nothing of calls, nor of what people get wrong.
"""
