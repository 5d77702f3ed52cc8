"""`a=crypto` lines read."""

from base64 import b64encode

import pytest

from archive.srtp.keys import Crypto, CryptoUnusable, MasterKey, parse_crypto
from archive.srtp.suites import SUITES

MASTER = bytes(range(30))
INLINE = "inline:" + b64encode(MASTER).decode()
USUAL = "AES_CM_128_HMAC_SHA1_80"


def test_a_line_has_a_tag_a_suite_and_a_key() -> None:
    """RFC 4568 §9.1."""
    assert parse_crypto(f"1 {USUAL} {INLINE}") == Crypto(
        tag=1, keys=(MasterKey(suite=SUITES[USUAL], key=MASTER[:16], salt=MASTER[16:]),)
    )


def test_a_lifetime_is_the_senders_and_an_identifier_is_in_each_packet() -> None:
    """RFC 4568 §6.1: `|lifetime|mki:length`, either of which may be missing."""
    both = parse_crypto(f"1 {USUAL} {INLINE}|2^20|66:4")
    one = parse_crypto(f"1 {USUAL} {INLINE}|1:1")
    none = parse_crypto(f"1 {USUAL} {INLINE}|1048576")

    assert both.keys[0].mki == b"\0\0\0\x42"
    assert (one.keys[0].mki, none.keys[0].mki) == (b"\x01", b"")


def test_several_keys_stand_in_one_line() -> None:
    """RFC 4568 §6.1: each with its identifier."""
    crypto = parse_crypto(f"7 {USUAL} {INLINE}|1:4;{INLINE}|2:4")

    assert [key.mki for key in crypto.keys] == [b"\0\0\0\x01", b"\0\0\0\x02"]


@pytest.mark.parametrize("name", SUITES)
def test_each_suite_has_a_key_of_its_own_length(name: str) -> None:
    """Key and salt in one."""
    master = bytes(SUITES[name].master_bytes)
    inline = "inline:" + b64encode(master).decode()

    (key,) = parse_crypto(f"1 {name.lower()} {inline}").keys
    assert (len(key.key), len(key.salt)) == (SUITES[name].key_bytes, SUITES[name].salt_bytes)


def test_session_parameters_say_what_is_in_the_clear() -> None:
    """RFC 4568 §6.3."""
    words = "UNENCRYPTED_SRTP UNENCRYPTED_SRTCP WSH=64 KDR=0"
    (key,) = parse_crypto(f"1 {USUAL} {INLINE} {words}").keys

    assert (key.rtp_encrypted, key.rtcp_encrypted) == (False, False)


@pytest.mark.parametrize(
    "line",
    [
        "", "1", f"one {USUAL} {INLINE}", f"1234567890 {USUAL} {INLINE}",
        f"1 F8_128_HMAC_SHA1_80 {INLINE}", f"1 {USUAL} file:key", f"1 {USUAL} inline:!!!!",
        f"1 {USUAL} inline:AAAA", f"1 {USUAL} {INLINE}|1:0", f"1 {USUAL} {INLINE}|1:999",
        f"1 {USUAL} {INLINE}|1:0001x",
        f"1 {USUAL} {INLINE}|256:1", f"1 {USUAL} {INLINE}|x:1", f"1 {USUAL} {INLINE} KDR=8",
        f"1 {USUAL} {INLINE} FEC_ORDER=FEC_SRTP", f"1 {USUAL} {INLINE} UNAUTHENTICATED_SRTP",
        f"1 {USUAL} inline:\N{SNOWMAN}", f"\N{SUPERSCRIPT TWO} {USUAL} {INLINE}",
        f"1 {USUAL} {INLINE}|\N{SUPERSCRIPT TWO}:1", f"1 {USUAL} {INLINE}|1:\N{SUPERSCRIPT TWO}",
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named_and_not_shown(line: str) -> None:
    """Neither a crash nor a key in a log."""
    with pytest.raises(CryptoUnusable) as broken:
        parse_crypto(line)

    assert INLINE[7:] not in str(broken.value)


def test_a_key_is_not_shown() -> None:
    """Nor in the representation of what holds it."""
    assert repr(parse_crypto(f"1 {USUAL} {INLINE}").keys[0]) == f"MasterKey({USUAL})"
