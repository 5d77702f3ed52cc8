"""The SRTP keys of each stream, and blocks of its packets opened with them.

Pure. Knows nothing of frames, or of where a packet lies on the time line.
"""

from dataclasses import replace

import numpy as np

from archive.call.events import Event, StreamKeyed
from archive.reading.packets.blocks import Block
from archive.srtp.batches import open_packets
from archive.srtp.decryption import Opener, Unopened
from archive.srtp.keys import CryptoUnusable, parse_crypto


class KeyRing:
    """Keys as the events name them; streams without one are plain RTP.

    `unproved` counts, by stream, the packets that no key fitted: forged, damaged, or of a key that
    was not known yet.
    """

    def __init__(self) -> None:
        self._openers: dict[int, Opener] = {}
        self.unproved: dict[int, int] = {}
        self.came_late = False

    def note(self, event: Event) -> None:
        """Take the keys of an offer; other events say nothing here."""
        if not isinstance(event, StreamKeyed):
            return
        try:
            keys = parse_crypto(event.crypto).keys
        except CryptoUnusable:
            return  # of a later version, or shown without its key
        opener = self._openers.setdefault(event.stream, Opener())
        for key in keys:
            opener.add(key)
        self.came_late = self.came_late or event.stream in self.unproved

    def with_all_keys(self) -> "KeyRing":
        """The same keys from the beginning on, and nothing learned."""
        other = KeyRing()
        for stream, opener in self._openers.items():
            other._openers[stream] = Opener(opener.keys)
        return other

    def is_keyed(self, stream: int) -> bool:
        """Does this stream come as SRTP?"""
        return stream in self._openers

    def open(self, stream: int, block: Block) -> Block:
        """The block as RTP. What no key fits is empty; what was masked has no tag to prove it."""
        opener = self._openers.get(stream)
        if opener is None:
            return block
        opened = open_packets(opener, block.data, block.starts, block.lengths)
        unproved = ~(opened.proved | block.masked)
        if count := int(np.count_nonzero(unproved)):
            self.unproved[stream] = self.unproved.get(stream, 0) + count
        return replace(block, data=opened.data, lengths=np.where(unproved, 0, opened.lengths))

    def proves(self, stream: int, datagram: bytes, *, is_report: bool) -> bool:
        opener = self._openers[stream]
        if not is_report:
            return opener.fit(datagram) is not None
        return self.open_report(stream, datagram) != b""

    def open_report(self, stream: int, datagram: bytes) -> bytes:
        """An RTCP datagram in the clear; b"" where no key fits."""
        opener = self._openers.get(stream)
        if opener is None:
            return datagram
        try:
            return opener.open_rtcp(datagram)
        except Unopened:
            return b""
