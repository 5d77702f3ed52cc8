"""Secure packets opened one by one: authenticated, their index found, decrypted (RFC 3711 §3.3).

Each packet chooses its key by its tag, never by time; what no key's tag fits is named, not guessed.
Knows nothing of where packets or keys come from.
"""

from collections.abc import Iterable

from archive.srtp.directions import FIXED_HEADER_BYTES, Direction, Fit
from archive.srtp.keys import MasterKey
from archive.srtp.srtcp import open_report


class Unopened(Exception):
    """No key's tag fits the packet: forged, damaged, or of a key that is not known."""


class Opener:
    """The `keys` of one direction of a stream, in the order in which they were heard of."""

    def __init__(self, keys: Iterable[MasterKey] = ()) -> None:
        self.keys: list[MasterKey] = []
        self._directions: list[Direction] = []
        for key in keys:
            self.add(key)

    def add(self, key: MasterKey) -> None:
        """Know one key more; the newest is tried first."""
        if key not in self.keys:
            self.keys.append(key)
            self._directions.insert(0, Direction.derived(key))

    def fit(self, packet: bytes) -> Fit | None:
        """Which key's tag fits an RTP packet, and how; None where it is not to be believed."""
        if len(packet) < FIXED_HEADER_BYTES:
            return None
        for direction in self._directions:
            if (found := direction.fit(packet)) is not None:
                self._prefer(direction)
                return found
        return None

    def open_rtcp(self, packet: bytes) -> bytes:
        """The compound RTCP packet inside; raises `Unopened`."""
        for direction in self._directions:
            opened = open_report(direction, packet)
            if opened is not None:
                return opened
        raise Unopened("no key fits a report")

    def _prefer(self, direction: Direction) -> None:
        """Try the key that fitted first the next time."""
        if self._directions[0] is not direction:
            self._directions.remove(direction)
            self._directions.insert(0, direction)
