"""SRTP of a relayed call: what a party sends is opened, what it is to hear is sealed (RFC 3711).

With the archive's own session keys and not a library's sessions: indices are ours to keep, so that
a successor goes on with them. Pure bytes. Knows nothing of sockets or of calls.
"""

import hmac
import zlib
from collections.abc import Iterable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from archive.srtp.directions import Direction, header_bytes, without_tag
from archive.srtp.keys import CryptoUnusable, MasterKey, parse_crypto
from archive.srtp.opening import Opener, Unopened
from archive.srtp.reports import MAX_INDEX as MAX_REPORT_INDEX
from archive.srtp.reports import seal_report
from archive.srtp.suites import BLOCK_BYTES

# RFC 3711 §3.3.2: at least 64; a burst after a relay was replaced is longer.
REPLAY_PACKETS: Final = 256
# Sources remembered for each key; one call has a few, an attacker cannot prove any.
MAX_SOURCES: Final = 64
_MINIMUM: Final = 12
_SEQUENCES: Final = 1 << 16
_HALF: Final = 1 << 15
_INLINE: Final = "inline:"
# Of 15 bytes; the shortest master key has 16.
_COMMON_CHARACTERS: Final = 20


class _Cipher:
    """A direction's cipher, made once: counter mode with a new counter for each packet, or GCM."""

    def __init__(self, direction: Direction) -> None:
        keys = direction.rtp
        self.direction, self.master = direction, direction.master
        self.authentication = keys.authentication
        self.tag_bytes = direction.master.suite.rtp_tag_bytes
        self.is_clear = not direction.master.rtp_encrypted
        if direction.is_aead:
            self._salt, self.gcm = int.from_bytes(keys.salt, "big"), AESGCM(keys.encryption)
            return
        self._salt = int.from_bytes(keys.salt, "big") << 16
        mode = modes.CTR(bytes(BLOCK_BYTES))
        self._counter = Cipher(algorithms.AES(keys.encryption), mode).encryptor()

    def ciphered(self, data: bytes, ssrc: int, index: int) -> bytes:
        """Counter mode, either way (RFC 3711 §4.1.1)."""
        if self.is_clear:
            return data
        start = self._salt ^ (ssrc << 64) ^ (index << 16)
        self._counter.reset_nonce(start.to_bytes(BLOCK_BYTES, "big"))
        return self._counter.update(data)

    def nonce(self, ssrc: int, index: int) -> bytes:
        """RFC 7714 §8.1."""
        return (self._salt ^ (ssrc << 48) ^ index).to_bytes(12, "big")

    def tag(self, content: bytes, index: int) -> bytes:
        """RFC 3711 §4.2: over the packet and its rollover counter."""
        data = content + (index >> 16).to_bytes(4, "big")
        return hmac.digest(self.authentication, data, "sha1")[: self.tag_bytes]


class Sealing:
    """What is sent to a party, under our key; raises `CryptoUnusable`."""

    def __init__(self, line: str, began_us: int) -> None:
        self._cipher = _Cipher(Direction.derived(_first_key(line)))
        self._began_us = began_us

    def seal(self, packet: bytes, index: int) -> bytes:
        """An RTP packet as SRTP; `index` is its sequence with rollovers."""
        cipher, start = self._cipher, header_bytes(packet)
        ssrc, head, mki = int.from_bytes(packet[8:12], "big"), packet[:start], cipher.master.mki
        if cipher.direction.is_aead:
            return head + cipher.gcm.encrypt(cipher.nonce(ssrc, index), packet[start:], head) + mki
        content = head + cipher.ciphered(packet[start:], ssrc, index)
        return content + mki + cipher.tag(content, index)

    def seal_report(self, compound: bytes, now_us: int) -> bytes:
        """A report as SRTCP; its index is the time since the call began in ms, never repeated."""
        index = min(max(0, (now_us - self._began_us) // 1000), MAX_REPORT_INDEX)
        return seal_report(self._cipher.direction, compound, index)


class _Source:
    """The highest index of one SSRC under one key, and which before it have been seen."""

    __slots__ = ("highest", "seen")

    def __init__(self, index: int) -> None:
        self.highest, self.seen = index, 0

    def guess(self, sequence: int) -> int:
        """RFC 3711 §3.3.1."""
        behind = (sequence - self.highest) & (_SEQUENCES - 1)
        return self.highest + (behind if behind < _HALF else behind - _SEQUENCES)

    def is_new(self, index: int) -> bool:
        """Note an index that is proved; whether it had not been seen (RFC 3711 §3.3.2)."""
        ahead = index - self.highest
        if ahead > 0:
            self.seen = ((self.seen << ahead) | 1) & ((1 << REPLAY_PACKETS) - 1)
            self.highest = index
            return True
        if -ahead >= REPLAY_PACKETS or self.seen >> -ahead & 1:
            return False
        self.seen |= 1 << -ahead
        return True


class _OpeningKey:
    """One key of a party."""

    def __init__(self, key: MasterKey) -> None:
        self.direction = Direction.derived(key)
        self._cipher = _Cipher(self.direction)
        self._sources: dict[int, _Source] = {}

    def open(self, packet: bytes) -> bytes | None:
        """The RTP packet; b"" for one that came before, None where this key does not prove it."""
        ssrc = int.from_bytes(packet[8:12], "big")
        source = self._sources.get(ssrc)
        if source is None:
            fit = self.direction.fit(packet)  # by its tag, whatever the rollover counter is by now
            if fit is None:
                return None
            if len(self._sources) >= MAX_SOURCES:
                self._sources.clear()
            source = self._sources[ssrc] = _Source(fit.index - 1)
        index = source.guess(int.from_bytes(packet[2:4], "big"))
        plain = None if index < 0 else self._opened(packet, ssrc, index)
        if plain is None:
            return None
        return plain if source.is_new(index) else b""

    def _opened(self, packet: bytes, ssrc: int, index: int) -> bytes | None:
        cipher = self._cipher
        start = header_bytes(packet)
        if self.direction.is_aead:
            return self._opened_aead(packet, start, cipher.nonce(ssrc, index))
        parts = without_tag(packet, cipher.master.mki, cipher.tag_bytes)
        if parts is None or not hmac.compare_digest(cipher.tag(parts[0], index), parts[1]):
            return None
        content = parts[0]
        return content[:start] + cipher.ciphered(content[start:], ssrc, index)

    def _opened_aead(self, packet: bytes, start: int, nonce: bytes) -> bytes | None:
        mki = self._cipher.master.mki
        end = len(packet) - len(mki)
        if end < start or packet[end:] != mki:
            return None
        head = packet[:start]
        try:
            return head + self._cipher.gcm.decrypt(nonce, packet[start:end], head)
        except InvalidTag:
            return None


class Opening:
    """What a party sends, under the keys that it has named so far; the newest is tried first."""

    def __init__(self) -> None:
        self._lines: set[str] = set()
        self._keys: list[_OpeningKey] = []
        self._reports = Opener()

    def learn(self, lines: Iterable[str]) -> None:
        """Know these `a=crypto` too; one that cannot be used is left out."""
        for line in lines:
            if line in self._lines:
                continue
            self._lines.add(line)
            for key in _keys(line):
                self._reports.add(key)
                self._keys.insert(0, _OpeningKey(key))

    def open(self, packet: bytes) -> bytes | None:
        """The RTP packet; b"" for one that came before, None for one that no key proves."""
        if len(packet) < _MINIMUM:
            return None
        for at, key in enumerate(self._keys):
            plain = key.open(packet)
            if plain is not None:
                if at:
                    self._keys.insert(0, self._keys.pop(at))
                return plain
        return None

    def open_report(self, packet: bytes) -> bytes:
        """A report in the clear; b"" where no key fits."""
        try:
            return self._reports.open_rtcp(packet)
        except Unopened:
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
