"""What the composition itself can refuse.

Knows nothing of the command line.
"""


class NotReady(Exception):
    """Something must be started or made first; the text says what."""


class NothingFound(Exception):
    """What was asked for by its id is not here."""
