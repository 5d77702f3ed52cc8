"""SRTCP: reports opened, and reports of our own sealed (RFC 3711 §3.4, RFC 7714 §9).

Pure bytes. Knows nothing of what a report says.
"""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from archive.srtp.directions import Direction, mixed, without_tag
from archive.srtp.suites import BLOCK_BYTES, SessionKeys

HEADER_BYTES: Final = 8
MAX_INDEX: Final = (1 << 31) - 1
_INDEX_BYTES: Final = 4
_ENCRYPTED: Final = 1 << 31


def ciphered(keys: SessionKeys, content: bytes, counter: int) -> bytes:
    """AES in counter mode, either way; `counter` names the packet, 128 bits (RFC 3711 §4.1.1)."""
    salt = int.from_bytes(keys.salt, "big") << 16
    start = (salt ^ counter).to_bytes(BLOCK_BYTES, "big")
    return Cipher(algorithms.AES(keys.encryption), modes.CTR(start)).encryptor().update(content)


def open_report(direction: Direction, packet: bytes) -> bytes | None:
    """The compound packet inside; None where this key's tag does not fit."""
    if direction.is_aead:
        return _open_aead(direction, packet)
    master = direction.master
    parts = without_tag(packet, master.mki, master.suite.rtcp_tag_bytes)
    if parts is None or len(parts[0]) < HEADER_BYTES + _INDEX_BYTES:
        return None
    content, tag = parts
    if not direction.rtcp_tags.proves(tag, content):
        return None
    word = int.from_bytes(content[-_INDEX_BYTES:], "big")
    head, body = content[:HEADER_BYTES], content[HEADER_BYTES:-_INDEX_BYTES]
    if not word & _ENCRYPTED:
        return head + body
    return head + ciphered(direction.rtcp, body, _counter(head, word & MAX_INDEX))


def seal_report(direction: Direction, compound: bytes, index: int) -> bytes:
    """A compound packet as SRTCP; each needs a higher `index` (31 bits) than the one before."""
    head, body = compound[:HEADER_BYTES], compound[HEADER_BYTES:]
    master, encrypted = direction.master, direction.master.rtcp_encrypted
    tail = (index | (_ENCRYPTED if encrypted else 0)).to_bytes(_INDEX_BYTES, "big")
    if direction.is_aead:
        nonce = _nonce(direction, head, index)
        gcm = AESGCM(direction.rtcp.encryption)
        if encrypted:
            return head + gcm.encrypt(nonce, body, head + tail) + tail + master.mki
        return compound + gcm.encrypt(nonce, b"", compound + tail) + tail + master.mki
    if encrypted:
        body = ciphered(direction.rtcp, body, _counter(head, index))
    content = head + body + tail
    tag = direction.rtcp_tags.tag(content)
    return content + master.mki + tag[: master.suite.rtcp_tag_bytes]


def _counter(head: bytes, index: int) -> int:
    return (int.from_bytes(head[4:8], "big") << 64) ^ (index << 16)


def _open_aead(direction: Direction, packet: bytes) -> bytes | None:
    """RFC 7714 §9: the index stands behind the cipher text and is associated data too."""
    mki, tag_bytes = direction.master.mki, direction.master.suite.rtcp_tag_bytes
    end = len(packet) - len(mki) - _INDEX_BYTES
    if end < HEADER_BYTES + tag_bytes or packet[len(packet) - len(mki) :] != mki:
        return None
    tail = packet[end : end + _INDEX_BYTES]
    word = int.from_bytes(tail, "big")
    nonce = _nonce(direction, packet, word & MAX_INDEX)
    start = HEADER_BYTES if word & _ENCRYPTED else end - tag_bytes
    try:
        plain = AESGCM(direction.rtcp.encryption).decrypt(
            nonce, packet[start:end], packet[:start] + tail
        )
    except InvalidTag:
        return None
    return packet[:start] + plain


def _nonce(direction: Direction, head: bytes, index: int) -> bytes:
    words = b"\0\0" + head[4:8] + b"\0\0" + index.to_bytes(_INDEX_BYTES, "big")
    return mixed(words, direction.rtcp)
