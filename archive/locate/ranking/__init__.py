"""How likely each call is the one that is meant: rates of each clue, scores, chances.

Pure. Knows nothing of how clues are read nor of who asks.
"""
