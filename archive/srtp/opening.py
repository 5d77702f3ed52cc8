"""Secure packets opened: authenticated, their index found, decrypted (RFC 3711 §3.3, RFC 7714 §8).

Each packet chooses its key by its tag, never by time; what no key's tag fits is named, not guessed.
Knows nothing of where packets or keys come from.
"""

import hmac
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from archive.srtp.keys import MasterKey
from archive.srtp.suites import BLOCK_BYTES, SessionKeys, session_keys

# A day of 20-ms packets rolls over 66 times; a reader may begin anywhere in it.
MAX_ROLLOVERS: Final = 128
FIXED_HEADER_BYTES: Final = 12
RTCP_HEADER_BYTES: Final = 8
_INDEX_BYTES: Final = 4
_ENCRYPTED: Final = 1 << 31
_SEQUENCES: Final = 1 << 16
_HALF: Final = 1 << 15


class Unopened(Exception):
    """No key's tag fits the packet: forged, damaged, or of a key that is not known."""


class _Direction:
    """One master key with what has been learned of each SSRC under it."""

    def __init__(self, master: MasterKey) -> None:
        self.master = master
        self.rtp = session_keys(master.suite, master.key, master.salt, rtcp=False)
        self.rtcp = session_keys(master.suite, master.key, master.salt, rtcp=True)
        # The highest index (rollovers × 65,536 + sequence) that fitted, by SSRC.
        self.highest: dict[int, int] = {}

    def candidates(self, ssrc: int, sequence: int) -> Iterator[int]:
        """Indices that a packet may have, the likeliest first (RFC 3711 §3.3.1)."""
        known = self.highest.get(ssrc)
        if known is None:
            yield from range(sequence, MAX_ROLLOVERS * _SEQUENCES, _SEQUENCES)
            return
        rollover = known // _SEQUENCES
        behind = sequence - known % _SEQUENCES
        guess = rollover + (behind < -_HALF) - (behind > _HALF)
        for number in (guess, rollover, rollover + 1, rollover - 1):
            if number >= 0:
                yield number * _SEQUENCES + sequence

    def learn(self, ssrc: int, index: int) -> None:
        """This index fitted."""
        self.highest[ssrc] = max(index, self.highest.get(ssrc, 0))


class Opener:
    """The keys of one direction of a stream, in the order in which they were heard of."""

    def __init__(self, keys: Iterable[MasterKey] = ()) -> None:
        self._directions: list[_Direction] = []
        for key in keys:
            self.add(key)

    def add(self, key: MasterKey) -> None:
        """Know one key more; the newest is tried first."""
        if all(each.master != key for each in self._directions):
            self._directions.insert(0, _Direction(key))

    def open_rtp(self, packet: bytes) -> bytes:
        """The RTP packet inside; raises `Unopened`."""
        if len(packet) < FIXED_HEADER_BYTES:
            raise Unopened("a packet shorter than its header")
        sequence, ssrc = int.from_bytes(packet[2:4], "big"), int.from_bytes(packet[8:12], "big")
        for direction in self._directions:
            for index in direction.candidates(ssrc, sequence):
                opened = _open_rtp(direction, packet, ssrc, index)
                if opened is not None:
                    direction.learn(ssrc, index)
                    self._prefer(direction)
                    return opened
        raise Unopened("no key fits a packet")

    def open_rtcp(self, packet: bytes) -> bytes:
        """The compound RTCP packet inside; raises `Unopened`."""
        for direction in self._directions:
            opened = _open_rtcp(direction, packet)
            if opened is not None:
                return opened
        raise Unopened("no key fits a report")

    def _prefer(self, direction: _Direction) -> None:
        """Try the key that fitted first the next time."""
        if self._directions[0] is not direction:
            self._directions.remove(direction)
            self._directions.insert(0, direction)


def header_bytes(packet: bytes) -> int:
    """Where the payload begins: behind CSRCs and a header extension (RFC 3550 §5.1, §5.3.1)."""
    end = FIXED_HEADER_BYTES + 4 * (packet[0] & 0x0F)
    if packet[0] & 0x10 and len(packet) >= end + 4:
        end += 4 + 4 * int.from_bytes(packet[end + 2 : end + 4], "big")
    return min(end, len(packet))


def _open_rtp(direction: _Direction, packet: bytes, ssrc: int, index: int) -> bytes | None:
    master = direction.master
    if master.suite.cipher == "gcm":
        return _open_rtp_gcm(direction, packet, ssrc, index)
    body = _without(packet, master.mki, master.suite.rtp_tag_bytes if master.authenticated else 0)
    if body is None:
        return None
    content, tag = body
    rollover = (index // _SEQUENCES).to_bytes(4, "big")
    if master.authenticated and not _fits(direction.rtp, content + rollover, tag):
        return None
    if not master.rtp_encrypted:
        return content
    return _decrypted(direction.rtp, content, header_bytes(content), ssrc, index)


def _without(packet: bytes, mki: bytes, tag_bytes: int) -> tuple[bytes, bytes] | None:
    """Packet and tag, where the packet bears this identifier (RFC 3711 §3.1)."""
    end = len(packet) - tag_bytes
    content_end = end - len(mki)
    if content_end < FIXED_HEADER_BYTES or packet[content_end:end] != mki:
        return None
    return packet[:content_end], packet[end:]


def _fits(keys: SessionKeys, data: bytes, tag: bytes) -> bool:
    full = hmac.digest(keys.authentication, data, "sha1")
    return hmac.compare_digest(full[: len(tag)], tag)


def _decrypted(keys: SessionKeys, content: bytes, start: int, ssrc: int, index: int) -> bytes:
    """AES in counter mode over what follows the header (RFC 3711 §4.1.1)."""
    salt = int.from_bytes(keys.salt, "big") << 16
    counter = (salt ^ (ssrc << 64) ^ (index << 16)).to_bytes(BLOCK_BYTES, "big")
    decryptor = Cipher(algorithms.AES(keys.encryption), modes.CTR(counter)).decryptor()
    return content[:start] + decryptor.update(content[start:])


def _open_rtp_gcm(direction: _Direction, packet: bytes, ssrc: int, index: int) -> bytes | None:
    """RFC 7714 §8: the header is associated data, the tag part of the cipher text."""
    mki = direction.master.mki
    end = len(packet) - len(mki)
    if end < FIXED_HEADER_BYTES or packet[end:] != mki:
        return None
    start = header_bytes(packet)
    nonce = _mixed(
        ssrc.to_bytes(4, "big").rjust(6, b"\0") + index.to_bytes(6, "big"), direction.rtp
    )
    try:
        plain = AESGCM(direction.rtp.encryption).decrypt(nonce, packet[start:end], packet[:start])
    except InvalidTag:
        return None
    return packet[:start] + plain


def _mixed(nonce: bytes, keys: SessionKeys) -> bytes:
    salted = np.frombuffer(nonce, np.uint8) ^ np.frombuffer(keys.salt, np.uint8)
    return salted.tobytes()


def _open_rtcp(direction: _Direction, packet: bytes) -> bytes | None:
    master = direction.master
    if master.suite.cipher == "gcm":
        return _open_rtcp_gcm(direction, packet)
    body = _without(packet, master.mki, master.suite.rtcp_tag_bytes)
    if body is None or len(body[0]) < RTCP_HEADER_BYTES + _INDEX_BYTES:
        return None
    content, tag = body
    if not _fits(direction.rtcp, content, tag):
        return None
    word = int.from_bytes(content[-_INDEX_BYTES:], "big")
    compound, index = content[:-_INDEX_BYTES], word & (_ENCRYPTED - 1)
    if not word & _ENCRYPTED:
        return compound
    ssrc = int.from_bytes(compound[4:8], "big")
    return _decrypted(direction.rtcp, compound, RTCP_HEADER_BYTES, ssrc, index)


def _open_rtcp_gcm(direction: _Direction, packet: bytes) -> bytes | None:
    """RFC 7714 §9: the index stands behind the cipher text and is associated data too."""
    mki, tag_bytes = direction.master.mki, direction.master.suite.rtcp_tag_bytes
    end = len(packet) - len(mki) - _INDEX_BYTES
    if end < RTCP_HEADER_BYTES + tag_bytes or packet[len(packet) - len(mki) :] != mki:
        return None
    tail = packet[end : end + _INDEX_BYTES]
    word = int.from_bytes(tail, "big")
    index = (word & (_ENCRYPTED - 1)).to_bytes(4, "big")
    nonce = _mixed(b"\0\0" + packet[4:8] + b"\0\0" + index, direction.rtcp)
    start = RTCP_HEADER_BYTES if word & _ENCRYPTED else end - tag_bytes
    try:
        plain = AESGCM(direction.rtcp.encryption).decrypt(
            nonce, packet[start:end], packet[:start] + tail
        )
    except InvalidTag:
        return None
    return packet[:start] + plain
