"""SRTP at the worker: a sample of each stream proved, its reports opened, ours sealed.

What is written stays as it came. Knows nothing of sockets or rings.
"""

from typing import Final

from archive.srtp.decryption import Opener, Unopened
from archive.srtp.directions import Direction
from archive.srtp.keys import parse_crypto
from archive.srtp.srtcp import MAX_INDEX, seal_report
from capture.links.recorder_messages import StreamWanted

# A new key may be used a moment before we are told of it; three samples are two seconds.
DOUBTS_TOLD: Final = 3
# Sweeps without a sample behind one that was proved: a tag for each was a fifth of a worker.
SWEEPS_OF_REST: Final = 3
_MILLI_US: Final = 1_000


class StreamSrtp:
    """The keys of one stream, and how often in a row its sample was not proved."""

    def __init__(self, wanted: StreamWanted) -> None:
        self._opener, self._own = Opener(), wanted.own_key
        self._sealer: Direction | None = None
        self._began_us = wanted.key_us
        self._doubts = self._rest = 0
        self.learn(wanted)

    def learn(self, wanted: StreamWanted) -> None:
        """Know the keys that are wanted now; raises `CryptoUnusable`."""
        for line in wanted.keys:
            for key in parse_crypto(line).keys:
                self._opener.add(key)
        if wanted.own_key and (self._sealer is None or wanted.own_key != self._own):
            self._sealer = Direction.derived(parse_crypto(wanted.own_key).keys[0])
        self._own, self._rest = wanted.own_key, 0

    def take_turn(self) -> bool:
        """Whether a packet of this sweep is to be tried; each call counts the rest down."""
        due, self._rest = not self._rest, max(0, self._rest - 1)
        return due

    def sample(self, packet: bytes) -> bool:
        """Try one packet of a sweep; true where so many in a row failed that it must be told."""
        if self._opener.fit(packet) is not None:
            self._doubts, self._rest = 0, SWEEPS_OF_REST
            return False
        self._doubts += 1
        return self._doubts == DOUBTS_TOLD

    def open_report(self, packet: bytes) -> bytes:
        """A report in the clear; b"" where no key fits."""
        try:
            return self._opener.open_rtcp(packet)
        except Unopened:
            return b""

    def seal_report(self, compound: bytes, now_us: int) -> bytes | None:
        """A report of ours as SRTCP; None while the peer's suite is not known.

        Its index is the time since the key began, so that no successor of ours repeats one.
        """
        index = (now_us - self._began_us) // _MILLI_US
        if self._sealer is None or not 0 <= index <= MAX_INDEX:
            return None
        return seal_report(self._sealer, compound, index)
