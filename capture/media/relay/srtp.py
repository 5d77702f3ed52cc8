"""SRTP of a relayed call: what a party sends is opened, what it is to hear is sealed (RFC 3711).

With the archive's own session keys and not a library's sessions: indices are ours to keep, so that
a successor goes on with them. Pure bytes. Knows nothing of sockets or of calls.
"""

import struct
import zlib
from collections.abc import Iterable
from itertools import count
from typing import Final

from archive.srtp.directions import FIXED_HEADER_BYTES, Direction
from archive.srtp.keys import CryptoUnusable, MasterKey, parse_crypto
from archive.srtp.srtcp import MAX_INDEX as MAX_REPORT_INDEX, open_report, seal_report
from capture.media.relay.ciphers import cipher_of
from capture.media.relay.packet_indices import SEQUENCES, HeardIndices, SkippedIndices
from capture.native.layout import NO_KEY_NUMBER, Turn

# Of one party, those that it named or used last: a call has two or three, one that is offered anew
# a few more, and what a party names without end must not be tried on each packet.
MAX_KEYS: Final = 32
# Sources remembered for each key; one call has a few, an attacker cannot prove any.
MAX_SOURCES: Final = 64
_SEQUENCE: Final = SEQUENCES - 1
# A new source with rollovers behind it is sought among 128 of them: so often, and once more for
# each so many packets that nothing proves, lest junk have us seek without end.
SEARCHES: Final = 8
PACKETS_A_SEARCH: Final = 64
# Of a fixed header: sequence number and SSRC.
_NAMES: Final = struct.Struct(">2xH4xI").unpack_from
_INLINE: Final = "inline:"
_numbers = count(NO_KEY_NUMBER + 1)
# Of 15 bytes; the shortest master key has 16.
_COMMON_CHARACTERS: Final = 20


class SrtpSealer:
    """What is sent to a party, under our key; raises `CryptoUnusable`.

    `seal(packet, ssrc, index)` is the SRTP packet; the index is its sequence with rollovers.
    """

    def __init__(self, line: str, began_us: int) -> None:
        self.direction, self._began_us = Direction.derived(_first_key(line)), began_us
        self.seal: Final = cipher_of(self.direction).sealed
        self._passed_over = SkippedIndices()

    def may_use(self, index: int, next_index: int) -> bool:
        """Whether no packet can have had this index: two under one key stream tell both (§9.1).

        What a predecessor left out is left out for ever.
        """
        if index < next_index:
            return self._passed_over.comes(index)
        self._passed_over.leave_out(next_index, index)
        return True

    def report_index(self, lowest: int, now_us: int) -> int:
        """The time since the call began in ms, but none below `lowest`: clocks are set back."""
        return max(lowest, (now_us - self._began_us) // 1000)

    def seal_report(self, compound: bytes, index: int) -> bytes:
        """A report as SRTCP; no index may be used twice, and b"" behind the last one (§9.2)."""
        return seal_report(self.direction, compound, index) if index <= MAX_REPORT_INDEX else b""


class _OpeningKey:
    """One key of a party; `number` is no other key's of this process."""

    def __init__(self, key: MasterKey) -> None:
        self.direction, self.number = Direction.derived(key), next(_numbers)
        self._opened = cipher_of(self.direction).opened
        self._heard: dict[int, HeardIndices] = {}

    def heard(self, ssrc: int) -> HeardIndices | None:
        return self._heard.get(ssrc)

    def open(self, packet: bytes, ssrc: int, sequence: int) -> bytes | None:
        """The RTP packet; b"" for one that came before, None where this key does not prove it."""
        heard = self._heard.get(ssrc)
        if heard is None:
            return self._first(packet, ssrc, sequence)
        index = heard.highest + 1
        if index & _SEQUENCE != sequence:
            index = heard.guess(sequence)
            if index < 0:
                return None
        plain = self._opened(packet, ssrc, index)
        if plain is None:
            return None
        return plain if heard.is_new(index) else b""

    def _first(self, packet: bytes, ssrc: int, index: int) -> bytes | None:
        """A source is known by its first packet's tag."""
        plain = self._opened(packet, ssrc, index)
        if plain is not None:
            if len(self._heard) >= MAX_SOURCES:
                self._heard.clear()
            self._heard[ssrc] = HeardIndices(index)
            self._heard[ssrc].is_new(index)
        return plain

    def seek(self, packet: bytes, ssrc: int) -> bytes | None:
        """The first packet of a source that has gone on for long, by whatever rollover fits."""
        fit = None if ssrc in self._heard else self.direction.fit(packet)
        return None if fit is None else self._first(packet, ssrc, fit.index)


class SrtpOpener:
    """What a party sends, under the keys that it has named so far; the newest is tried first.

    The source that was opened last is in `turn`: the compiled loop may go on with it, and raises
    its highest index there.
    """

    def __init__(self, turn: Turn | None = None) -> None:
        self.turn = Turn() if turn is None else turn
        self.turn.key = NO_KEY_NUMBER
        self._last: tuple[_OpeningKey, HeardIndices] | None = None
        self._lines: tuple[str, ...] = ()
        self._keys: list[_OpeningKey] = []
        # Counted in packets, of which each may add a share of a search.
        self._allowance = SEARCHES * PACKETS_A_SEARCH

    def learn(self, lines: Iterable[str]) -> None:
        """Know these `a=crypto` too; one that cannot be used is left out."""
        said = tuple(lines)
        if said == self._lines:
            return
        self._lines = said
        for key in (key for line in said for key in _keys(line)):
            if all(key != each.direction.master for each in self._keys):
                self._allowance = SEARCHES * PACKETS_A_SEARCH
                self._keys.insert(0, _OpeningKey(key))
        del self._keys[MAX_KEYS:]
        if self.direction_in_turn is None:
            self.turn.key = NO_KEY_NUMBER

    @property
    def direction_in_turn(self) -> Direction | None:
        """Under which the next packet is likely to be; None where no packet was opened yet."""
        if self._last is None or self._last[0] not in self._keys:
            return None
        return self._last[0].direction

    def open(self, packet: bytes) -> bytes | None:
        """The RTP packet; b"" for one that came before, None for one that no key proves."""
        if len(packet) < FIXED_HEADER_BYTES:
            return None
        sequence, ssrc = _NAMES(packet)
        if self._last is not None:
            self._last[1].highest = self.turn.highest
        for key in self._keys:
            plain = key.open(packet, ssrc, sequence)
            if plain is not None:
                self._note_turn(key, ssrc)
                return plain
        return self._sought(packet, ssrc)

    def _note_turn(self, key: _OpeningKey, ssrc: int) -> None:
        """The next packet is likely to be of this source; its key is tried first."""
        if key is not self._keys[0]:
            self._keys.remove(key)
            self._keys.insert(0, key)
        heard, turn = key.heard(ssrc), self.turn
        assert heard is not None
        self._last = (key, heard)
        turn.ssrc, turn.highest, turn.key = ssrc, heard.highest, key.number

    def _sought(self, packet: bytes, ssrc: int) -> bytes | None:
        """A source that has gone on under another key, on another port, or before a kill."""
        self._allowance = min(self._allowance + 1, SEARCHES * PACKETS_A_SEARCH)
        if self._allowance < PACKETS_A_SEARCH:
            return None
        self._allowance -= PACKETS_A_SEARCH
        for key in self._keys:
            plain = key.seek(packet, ssrc)
            if plain is not None:
                self._note_turn(key, ssrc)
                return plain
        return None

    def open_report(self, packet: bytes) -> bytes:
        """A report in the clear; b"" where no key fits."""
        for key in self._keys:
            opened = open_report(key.direction, packet)
            if opened is not None:
                return opened
        return b""


def _keys(line: str) -> tuple[MasterKey, ...]:
    try:
        return parse_crypto(line).keys
    except CryptoUnusable:
        return ()


def secret_of(line: str) -> int:
    """A name of what a key of ours was made of: the same whatever its tag and suite are.

    The shortest suite takes this much of it; suites that take the same secret have session keys in
    common.
    """
    return zlib.crc32(line.partition(_INLINE)[2][:_COMMON_CHARACTERS].encode())


def _first_key(line: str) -> MasterKey:
    return parse_crypto(line).keys[0]
