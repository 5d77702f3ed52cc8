"""What the composition itself can refuse.

Knows nothing of the command line.
"""


class NotReady(Exception):
    """Something must be started or made first; the text says what."""


class NothingFound(Exception):
    """What was asked for by its id is not here."""


class ReloadRefused(Exception):
    """Sources or certificates that cannot be used; the running node keeps what it has."""


class IdentityRefused(Exception):
    """The node's identity file is exposed, of another version, or damaged."""


class PartFailed(Exception):
    """A part ended or stayed silent before it was ever ready; carries its name."""

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(f"{name}: {detail}")
        self.name = name
        self.detail = detail
