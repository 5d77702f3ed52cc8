"""Secure packets opened: vectors of the RFCs, rollovers, keys that change, forgeries."""

import pytest
from msgspec.structs import replace

from archive.srtp.decryption import Opener, Unopened
from archive.srtp.directions import Direction
from archive.srtp.suites import SUITES, SessionKeys
from tests.archive.srtp.sender import rtp, secure
from tests.support.srtp import open_rtp
from tests.support.srtp_opening import master

SALT = bytes.fromhex("517569642070726f2071756f")
GCM_KEYS = SessionKeys(encryption=bytes(range(16)), authentication=b"", salt=SALT)


def opener_of_rfc_7714() -> Opener:
    """With the session keys that RFC 7714 §16 and §17 give."""
    opener = Opener()
    opener._directions.append(Direction(master("AEAD_AES_128_GCM"), GCM_KEYS, GCM_KEYS))
    return opener


def test_a_packet_of_rfc_7714_is_opened() -> None:
    """§16.1.2."""
    sealed = bytes.fromhex(
        "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f"
        "42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce"
    )
    opened = open_rtp(opener_of_rfc_7714(), sealed)

    assert opened[12:] == b"Gallia est omnis divisa in partes tres"


def test_a_report_of_rfc_7714_is_opened() -> None:
    """§17.1: cipher text, tag, then flag and index."""
    sealed = bytes.fromhex(
        "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1"
        "730d6fda4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade800005d4"
    )
    opened = opener_of_rfc_7714().open_rtcp(sealed)

    assert opened.startswith(sealed[:8] + b"NTP1NTP2RTP ")


@pytest.mark.parametrize("name", SUITES)
def test_what_was_sent_is_what_comes_out(name: str) -> None:
    """Also with CSRCs and a header extension, which are not encrypted."""
    key = master(name)
    plain = rtp(7)
    long = bytes([0x92]) + plain[1:12] + b"ABCDEFGH" + b"\xbe\xde\0\x01wxyz" + b"voice"

    opener = Opener([key])
    assert open_rtp(opener, secure(plain, key)) == plain
    assert open_rtp(opener, secure(long, key)) == long


def test_an_identifier_chooses_nothing_and_must_be_there() -> None:
    """RFC 3711 §3.1: it stands before the tag, in every packet or in none."""
    key = master(mki=b"\0\x01")
    plain = rtp(3)

    assert open_rtp(Opener([key]), secure(plain, key)) == plain
    with pytest.raises(Unopened):
        open_rtp(Opener([key]), secure(plain, replace(key, mki=b"")))


def test_a_stream_rolls_over_and_goes_on() -> None:
    """RFC 3711 §3.3.1; two packets around it may come in the other order."""
    key, opener = master(), Opener([master()])
    order = [(65_534, 0), (65_535, 0), (1, 1), (0, 1), (65_533, 0), (2, 1)]

    for sequence, rollover in order:
        assert open_rtp(opener, secure(rtp(sequence), key, rollover)) == rtp(sequence)


def test_who_begins_to_listen_in_the_middle_finds_the_rollover() -> None:
    """By the tag: nobody tells it, and a day has 66 of them."""
    key = master()
    opener = Opener([key])

    assert open_rtp(opener, secure(rtp(5), key, 66)) == rtp(5)
    assert open_rtp(opener, secure(rtp(6), key, 66)) == rtp(6)


def test_a_long_silence_over_a_rollover_is_found() -> None:
    """The estimate of RFC 3711 is one off then; the tag is not."""
    key, opener = master(), Opener([master()])
    open_rtp(opener, secure(rtp(10), key, 3))

    assert open_rtp(opener, secure(rtp(20_000), key, 4)) == rtp(20_000)


def test_each_packet_chooses_its_key_by_its_tag() -> None:
    """After a re-INVITE with a new key, packets under the old one still arrive."""
    old, new = master(seed=1), master(seed=2)
    opener = Opener([old])
    open_rtp(opener, secure(rtp(1), old))
    opener.add(new)

    for key, sequence in [(new, 2), (old, 3), (new, 4), (old, 5)]:
        assert open_rtp(opener, secure(rtp(sequence), key)) == rtp(sequence)


def test_sources_under_one_key_roll_over_by_themselves() -> None:
    """RFC 3711 §3.2.3: the counter belongs to the SSRC."""
    key, opener = master(), Opener([master()])
    one, other = rtp(9, ssrc=1), rtp(9, ssrc=2)

    assert open_rtp(opener, secure(one, key, 2)) == one
    assert open_rtp(opener, secure(other, key, 0)) == other


@pytest.mark.parametrize("name", SUITES)
def test_a_forged_packet_is_named_and_leaves_no_trace(name: str) -> None:
    """Neither its payload nor its sequence number counts."""
    key, opener = master(name), Opener([master(name)])
    open_rtp(opener, secure(rtp(1), key))
    sealed = secure(rtp(30_000), key)

    with pytest.raises(Unopened):
        open_rtp(opener, sealed[:20] + bytes([sealed[20] ^ 1]) + sealed[21:])
    assert open_rtp(opener, secure(rtp(2), key)) == rtp(2)


@pytest.mark.parametrize("length", [0, 11, 12, 21])
def test_what_is_too_short_for_a_tag_is_named(length: int) -> None:
    """No index error for whoever listens."""
    with pytest.raises(Unopened):
        open_rtp(Opener([master()]), bytes([0x80]) * length)
    with pytest.raises(Unopened):
        Opener([master()]).open_rtcp(bytes([0x80]) * length)


def test_what_is_authenticated_alone_is_not_decrypted() -> None:
    """RFC 4568 §6.3.2."""
    key = master(rtp_encrypted=False)

    assert open_rtp(Opener([key]), secure(rtp(1), key)) == rtp(1)
