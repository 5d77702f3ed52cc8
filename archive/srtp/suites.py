"""Crypto suites of SRTP, and the session keys that a master key gives (RFC 3711 §4.3).

Pure bytes. Knows nothing of packets.
"""

from typing import Final, Literal

import msgspec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK_BYTES: Final = 16
# RFC 3711 §4.3.2 and §8.2: what the pseudo-random function's input is made of.
_SALT_BYTES: Final = 14
_AUTH_KEY_BYTES: Final = 20
_RTP_LABELS: Final = (0, 1, 2)
_RTCP_LABELS: Final = (3, 4, 5)


class Suite(msgspec.Struct, frozen=True, kw_only=True):
    """A named suite: key and salt in bytes, and how long the tags of RTP and RTCP are."""

    name: str
    cipher: Literal["cm", "gcm"]
    key_bytes: int
    salt_bytes: int
    rtp_tag_bytes: int
    rtcp_tag_bytes: int

    @property
    def master_bytes(self) -> int:
        """Key and salt together, as `inline:` carries them (RFC 4568 §6.1)."""
        return self.key_bytes + self.salt_bytes


def _cm(name: str, key_bytes: int, tag_bytes: int) -> Suite:
    # RFC 4568 §6.2.2: the short tag is RTP's alone.
    return Suite(
        name=name, cipher="cm", key_bytes=key_bytes, salt_bytes=14,
        rtp_tag_bytes=tag_bytes, rtcp_tag_bytes=10,
    )  # fmt: skip


def _gcm(name: str, key_bytes: int) -> Suite:
    return Suite(
        name=name, cipher="gcm", key_bytes=key_bytes, salt_bytes=12,
        rtp_tag_bytes=16, rtcp_tag_bytes=16,
    )  # fmt: skip


# RFC 4568 §6.2, RFC 6188 §4, RFC 7714 §14.2; the order is that of our preference.
SUITES: Final = {
    suite.name: suite
    for suite in (
        _gcm("AEAD_AES_256_GCM", 32),
        _gcm("AEAD_AES_128_GCM", 16),
        _cm("AES_256_CM_HMAC_SHA1_80", 32, 10),
        _cm("AES_256_CM_HMAC_SHA1_32", 32, 4),
        _cm("AES_CM_128_HMAC_SHA1_80", 16, 10),
        _cm("AES_CM_128_HMAC_SHA1_32", 16, 4),
    )
}


class SessionKeys(msgspec.Struct, frozen=True, kw_only=True):
    """What encrypts, authenticates and salts one direction of RTP, or of RTCP.

    `authentication` is b"" in an AEAD suite.
    """

    encryption: bytes
    authentication: bytes
    salt: bytes

    def __repr__(self) -> str:
        return "SessionKeys(…)"


def session_keys(suite: Suite, master_key: bytes, master_salt: bytes, *, rtcp: bool) -> SessionKeys:
    """Derive the session keys, at a key derivation rate of 0 (RFC 3711 §4.3.1)."""
    assert len(master_key) == suite.key_bytes
    assert len(master_salt) == suite.salt_bytes
    encryption, authentication, salt = _RTCP_LABELS if rtcp else _RTP_LABELS
    auth_bytes = _AUTH_KEY_BYTES if suite.cipher == "cm" else 0
    return SessionKeys(
        encryption=derive(master_key, master_salt, encryption, suite.key_bytes),
        authentication=derive(master_key, master_salt, authentication, auth_bytes),
        salt=derive(master_key, master_salt, salt, suite.salt_bytes),
    )


def derive(master_key: bytes, master_salt: bytes, label: int, length: int) -> bytes:
    """PRF_n(k_master, x): AES in counter mode over salt XOR label (RFC 3711 §4.3.1, §4.3.3).

    A salt of 96 bits (RFC 7714 §11) stands left, with zeros behind it, as libsrtp has it.
    """
    x = bytearray(master_salt.ljust(_SALT_BYTES, b"\0"))
    x[_SALT_BYTES - 7] ^= label
    counter = bytes(x) + b"\0\0"
    encryptor = Cipher(algorithms.AES(master_key), modes.CTR(counter)).encryptor()
    return encryptor.update(bytes(length))
