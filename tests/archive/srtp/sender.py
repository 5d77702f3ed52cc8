"""A sender of SRTP for unit tests, written from RFC 3711 the other way round.

That we agree with others is shown against libsrtp.
"""

import hmac

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from archive.srtp.directions import header_bytes
from archive.srtp.keys import MasterKey
from archive.srtp.suites import session_keys


def rtp(sequence: int, payload: bytes = b"voice" * 32, *, ssrc: int = 0xDEAD) -> bytes:
    """A plain RTP packet of PCMU."""
    head = bytes([0x80, 0]) + sequence.to_bytes(2, "big") + (160 * sequence).to_bytes(4, "big")
    return head + ssrc.to_bytes(4, "big") + payload


def secure(packet: bytes, master: MasterKey, rollover: int = 0) -> bytes:
    """The packet as a sender with this many rollovers sends it."""
    keys = session_keys(master.suite, master.key, master.salt, rtcp=False)
    start, count = header_bytes(packet), rollover.to_bytes(4, "big")
    if master.suite.cipher == "gcm":
        nonce = _xor(b"\0\0" + packet[8:12] + count + packet[2:4], keys.salt)
        sealed = AESGCM(keys.encryption).encrypt(nonce, packet[start:], packet[:start])
        return packet[:start] + sealed + master.mki
    mixed = _xor(keys.salt, bytes(4) + packet[8:12] + count + packet[2:4])
    counter = modes.CTR(mixed + b"\0\0")
    hidden = Cipher(algorithms.AES(keys.encryption), counter).encryptor().update(packet[start:])
    content = packet[:start] + (hidden if master.rtp_encrypted else packet[start:])
    tag = hmac.digest(keys.authentication, content + count, "sha1")
    return content + master.mki + tag[: master.suite.rtp_tag_bytes]


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
