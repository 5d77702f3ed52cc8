"""The relay's ciphers: known answers, and what they refuse."""

import pytest

from archive.srtp.directions import FIXED_HEADER_BYTES, Direction
from archive.srtp.keys import MasterKey
from archive.srtp.suites import SUITES, SessionKeys
from capture.media.relay.ciphers import CounterMode, Galois, PacketCipher, cipher_of

# The packet of libsrtp's own test driver (`srtp_validate`): AES_CM_128_HMAC_SHA1_80.
LIBSRTP_KEY = bytes.fromhex("e1f97a0d3e018be0d64fa32c06de4139")
LIBSRTP_SALT = bytes.fromhex("0ec675ad498afeebb6960b3aabe6")
PLAIN = bytes.fromhex("800f1234decafbadcafebabe") + b"\xab" * 16
SEALED = bytes.fromhex(
    "800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb"
)
SSRC, INDEX = 0xCAFEBABE, 0x1234
# RFC 7714 §16.1.1: session keys, and the packet with and without protection.
GCM_KEYS = SessionKeys(
    encryption=bytes(range(16)),
    authentication=b"",
    salt=bytes.fromhex("517569642070726f2071756f"),
)
GCM_PLAIN = bytes.fromhex("8040f17b8041f8d35501a0b2") + b"Gallia est omnis divisa in partes tres"
GCM_SEALED = bytes.fromhex(
    "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f"
    "42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce"
)


def master(name: str = "AES_CM_128_HMAC_SHA1_80", mki: bytes = b"") -> MasterKey:
    suite = SUITES[name]
    return MasterKey(
        suite=suite,
        key=(LIBSRTP_KEY * 2)[: suite.key_bytes],
        salt=LIBSRTP_SALT[: suite.salt_bytes],
        mki=mki,
    )


def cipher(name: str = "AES_CM_128_HMAC_SHA1_80", mki: bytes = b"") -> PacketCipher:
    return cipher_of(Direction.derived(master(name, mki)))


def test_a_packet_of_libsrtp_is_sealed_and_opened() -> None:
    """Byte for byte."""
    made = cipher()

    assert isinstance(made, CounterMode)
    assert made.sealed(PLAIN, SSRC, INDEX) == SEALED
    assert made.opened(SEALED, SSRC, INDEX) == PLAIN


def test_a_packet_of_rfc_7714_is_sealed_and_opened() -> None:
    """§16.1."""
    made = cipher_of(Direction(master("AEAD_AES_128_GCM"), GCM_KEYS, GCM_KEYS))

    assert isinstance(made, Galois)
    assert made.sealed(GCM_PLAIN, 0x5501A0B2, 0xF17B) == GCM_SEALED
    assert made.opened(GCM_SEALED, 0x5501A0B2, 0xF17B) == GCM_PLAIN


@pytest.mark.parametrize("name", SUITES)
def test_a_packet_is_of_one_index_alone(name: str) -> None:
    """Which has its rollovers in it; also after one at another rollover (RFC 3711 §4.2)."""
    made = cipher(name)
    sealed = {index: made.sealed(PLAIN, SSRC, index) for index in (5, 65_541, 6, 5 << 32)}

    for index, packet in sealed.items():
        assert made.opened(packet, SSRC, index) == PLAIN
        assert made.opened(packet, SSRC, index + 65_536) is None


@pytest.mark.parametrize("name", SUITES)
@pytest.mark.parametrize("mki", [b"", b"\0\7"])
def test_no_byte_of_a_packet_may_be_another(name: str, mki: bytes) -> None:
    """Header, extension, content, identifier and tag; nor may any be missing."""
    made = cipher(name, mki)
    odd = b"\x91" + PLAIN[1:12] + b"\0\0\0\5" + b"\xbe\xde\0\1abcd" + b"audio"
    sealed = made.sealed(odd, SSRC, INDEX)

    assert made.opened(sealed, SSRC, INDEX) == odd
    for at in range(len(sealed)):
        damaged = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        assert made.opened(damaged, SSRC, INDEX) is None
    for length in range(FIXED_HEADER_BYTES, len(sealed)):
        assert made.opened(sealed[:length], SSRC, INDEX) is None


def test_whoever_has_the_key_cannot_prove_less_than_a_header() -> None:
    """There would be nothing to send on."""
    direction = Direction.derived(master(mki=b"\0" * 4))
    for length in range(FIXED_HEADER_BYTES):
        content = PLAIN[:length]
        tag = direction.rtp_tags.tag(content, bytes(4))[:10]

        assert cipher_of(direction).opened(content + b"\0" * 4 + tag, SSRC, 0) is None
