"""The chance of each call to be the one that is meant: rates of each clue, scores.

Pure. Knows nothing of how clues are read nor of who asks.
"""
