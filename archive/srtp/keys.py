"""Master keys as SDP carries them: `a=crypto` (RFC 4568).

Text in, values out. Knows nothing of offers and answers.
"""

import binascii
from typing import Final

import msgspec

from archive.srtp.suites import SUITES, Suite

# RFC 4568 §9.1: nine digits at most.
MAX_TAG_DIGITS: Final = 9
# RFC 3711 §9.5.1 has up to 128.
MAX_MKI_BYTES: Final = 128
MAX_MKI_LENGTH_DIGITS: Final = 4
_INLINE: Final = "inline:"
# RFC 4568 §6.3: an opener must know of these. Without a tag no reader finds the index of a packet
# in the middle, nor its key.
_NOT_READABLE: Final = ("KDR=", "FEC_ORDER=", "FEC_KEY=", "UNAUTHENTICATED_SRTP")


class CryptoUnusable(Exception):
    """An `a=crypto` that cannot be read, or asks for what is not here; says what, not the key."""


class MasterKey(msgspec.Struct, frozen=True, kw_only=True):
    """One key of one direction; `mki` is b"" where packets bear none.

    `rtp_encrypted` and `rtcp_encrypted` are False where session parameters say so.
    """

    suite: Suite
    key: bytes
    salt: bytes
    mki: bytes = b""
    rtp_encrypted: bool = True
    rtcp_encrypted: bool = True

    def __repr__(self) -> str:
        return f"MasterKey({self.suite.name})"


class Crypto(msgspec.Struct, frozen=True, kw_only=True):
    """An `a=crypto` line: its tag, and its keys in order."""

    tag: int
    keys: tuple[MasterKey, ...]


def parse_crypto(value: str) -> Crypto:
    """Read `tag suite inline:…;inline:… parameters`; raises `CryptoUnusable`."""
    match value.split():
        case [tag, suite, keys, *parameters] if _is_number(tag, MAX_TAG_DIGITS):
            known = SUITES.get(suite.upper())
            if known is None:
                raise CryptoUnusable("a crypto suite that is not known")
            usual = _parameters(parameters)
            found = tuple(_key(text, known, usual) for text in keys.split(";"))
            return Crypto(tag=int(tag), keys=found)
        case _:
            raise CryptoUnusable("an a=crypto without tag, suite and key")


def _parameters(words: list[str]) -> dict[str, bool]:
    """RFC 4568 §6.3; one that is mandatory and not known makes the line unusable (§6.3.7)."""
    said = {word.upper() for word in words}
    if any(word.startswith(_NOT_READABLE) and word != "KDR=0" for word in said):
        raise CryptoUnusable("a session parameter that is not supported")
    return {
        "rtp_encrypted": "UNENCRYPTED_SRTP" not in said,
        "rtcp_encrypted": "UNENCRYPTED_SRTCP" not in said,
    }


def _key(text: str, suite: Suite, parameters: dict[str, bool]) -> MasterKey:
    """`inline:base64|lifetime|mki:length`; the lifetime is the sender's business (§6.1)."""
    if not text.lower().startswith(_INLINE):
        raise CryptoUnusable("a key that is not inline")
    material, *about = text[len(_INLINE) :].split("|")
    try:
        master = binascii.a2b_base64(material.encode("ascii"), strict_mode=True)
    except (binascii.Error, UnicodeEncodeError):
        raise CryptoUnusable("a key that is not base64") from None
    if len(master) != suite.master_bytes:
        raise CryptoUnusable("a key of another length than its suite's")
    return MasterKey(
        suite=suite,
        key=master[: suite.key_bytes],
        salt=master[suite.key_bytes :],
        mki=next((_mki(piece) for piece in about if ":" in piece), b""),
        **parameters,
    )


def _is_number(text: str, digits: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= digits


def _mki(piece: str) -> bytes:
    number, _, length = piece.partition(":")
    if not (_is_number(number, 3 * MAX_MKI_BYTES) and _is_number(length, MAX_MKI_LENGTH_DIGITS)):
        raise CryptoUnusable("a master key identifier that is no number")
    if not 1 <= int(length) <= MAX_MKI_BYTES:
        raise CryptoUnusable("a master key identifier of an impossible length")
    try:
        return int(number).to_bytes(int(length), "big")
    except OverflowError:
        raise CryptoUnusable("a master key identifier longer than its length") from None
