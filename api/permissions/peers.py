"""The user of the operating system at the other end of a Unix socket, as the kernel says.

Pure. Knows nothing of sockets or of accounts.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Peer:
    """A user's number, and its name where the system knows one ("uid-1000" where not)."""

    uid: int
    name: str

    @property
    def is_root(self) -> bool:
        """Can it become anybody?"""
        return self.uid == 0
