"""One master key with what has been learned under it: which packet fits, and its index.

Pure bytes (RFC 3711 §3.3, RFC 7714 §8). Knows nothing of other keys.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC

from archive.srtp.keys import MasterKey
from archive.srtp.suites import SessionKeys, session_keys


class Tagger:
    """The tags of one session key."""

    __slots__ = ("_keyed",)

    def __init__(self, key: bytes) -> None:
        self._keyed = HMAC(key, hashes.SHA1())  # noqa: S303 — RFC 3711 §4.2.1 has no other

    def tag(self, content: bytes, more: bytes = b"") -> bytes:
        """The whole tag, 20 bytes, of both in a row."""
        begun = self._keyed.copy()
        begun.update(content)
        begun.update(more)
        return begun.finalize()

    def proves(self, tag: bytes, content: bytes, more: bytes = b"") -> bool:
        """Whether `tag` is how the tag of both begins."""
        return hmac.compare_digest(self.tag(content, more)[: len(tag)], tag)


# A day of 20-ms packets rolls over 66 times; a reader may begin anywhere in it.
MAX_ROLLOVERS: Final = 128
FIXED_HEADER_BYTES: Final = 12
_SEQUENCES: Final = 1 << 16
_HALF: Final = 1 << 15


@dataclass(frozen=True, slots=True)
class Fit:
    """A packet that its tag proves: its index, and where its content begins and ends.

    `plain` is the content where proving it meant decrypting it, as in an AEAD suite.
    """

    direction: "Direction"
    ssrc: int
    index: int
    start: int
    stop: int
    plain: bytes | None = None


class Direction:
    """A master key, its session keys, and the highest index that fitted, by SSRC."""

    def __init__(self, master: MasterKey, rtp: SessionKeys, rtcp: SessionKeys) -> None:
        self.master, self.rtp, self.rtcp = master, rtp, rtcp
        self.is_aead: Final = master.suite.cipher == "gcm"
        self._highest: dict[int, int] = {}
        self._gcm = AESGCM(self.rtp.encryption) if self.is_aead else None
        # Of AEAD suites, whose tags are the cipher's, nobody asks for these.
        self.rtp_tags, self.rtcp_tags = Tagger(rtp.authentication), Tagger(rtcp.authentication)

    @classmethod
    def derived(cls, master: MasterKey) -> Self:
        rtp, rtcp = (
            session_keys(master.suite, master.key, master.salt, rtcp=rtcp) for rtcp in (False, True)
        )
        return cls(master, rtp, rtcp)

    def fit(self, packet: bytes) -> Fit | None:
        """Find the index under which the packet's tag fits, and remember it; None where none."""
        sequence, ssrc = int.from_bytes(packet[2:4], "big"), int.from_bytes(packet[8:12], "big")
        found = (
            self._fit_aead(packet, ssrc, sequence)
            if self.is_aead
            else self._fit_hmac(packet, ssrc, sequence)
        )
        if found is not None:
            self._highest[ssrc] = max(found.index, self._highest.get(ssrc, 0))
        return found

    def _candidates(self, ssrc: int, sequence: int) -> Iterator[int]:
        """Indices that a packet may have, the likeliest first (RFC 3711 §3.3.1)."""
        known = self._highest.get(ssrc)
        if known is None:
            yield from range(sequence, MAX_ROLLOVERS * _SEQUENCES, _SEQUENCES)
            return
        rollover = known // _SEQUENCES
        behind = sequence - known % _SEQUENCES
        guess = rollover + (behind < -_HALF) - (behind > _HALF)
        for number in dict.fromkeys((guess, rollover, rollover + 1, rollover - 1)):
            if number >= 0:
                yield number * _SEQUENCES + sequence

    def _fit_hmac(self, packet: bytes, ssrc: int, sequence: int) -> Fit | None:
        parts = without_tag(packet, self.master.mki, self.master.suite.rtp_tag_bytes)
        if parts is None:
            return None
        content, tag = parts
        for index in self._candidates(ssrc, sequence):
            if self.rtp_tags.proves(tag, content, (index // _SEQUENCES).to_bytes(4, "big")):
                return Fit(self, ssrc, index, header_bytes(content), len(content))
        return None

    def _fit_aead(self, packet: bytes, ssrc: int, sequence: int) -> Fit | None:
        """RFC 7714 §8: the header is associated data, the tag part of the cipher text."""
        mki, start = self.master.mki, header_bytes(packet)
        end = len(packet) - len(mki)
        if end < FIXED_HEADER_BYTES or packet[end:] != mki or self._gcm is None:
            return None
        sealed, head = packet[start:end], packet[:start]
        for index in self._candidates(ssrc, sequence):
            words = b"\0\0" + ssrc.to_bytes(4, "big") + index.to_bytes(6, "big")
            try:
                plain = self._gcm.decrypt(mixed(words, self.rtp), sealed, head)
            except InvalidTag:
                continue
            return Fit(self, ssrc, index, start, start + len(plain), plain)
        return None


def header_bytes(packet: bytes) -> int:
    """Where the payload begins: behind CSRCs and a header extension (RFC 3550 §5.1, §5.3.1)."""
    end = FIXED_HEADER_BYTES + 4 * (packet[0] & 0x0F)
    if packet[0] & 0x10 and len(packet) >= end + 4:
        end += 4 + 4 * int.from_bytes(packet[end + 2 : end + 4], "big")
    return min(end, len(packet))


def without_tag(packet: bytes, mki: bytes, tag_bytes: int) -> tuple[bytes, bytes] | None:
    """Packet and tag, where the packet bears this identifier (RFC 3711 §3.1)."""
    end = len(packet) - tag_bytes
    content_end = end - len(mki)
    if content_end < FIXED_HEADER_BYTES or packet[content_end:end] != mki:
        return None
    return packet[:content_end], packet[end:]


def mixed(words: bytes, keys: SessionKeys) -> bytes:
    """A nonce of 12 bytes: the salt over what names the packet (RFC 7714 §8.1, §9.1)."""
    return (np.frombuffer(words, np.uint8) ^ np.frombuffer(keys.salt, np.uint8)).tobytes()
