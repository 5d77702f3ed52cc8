"""SRTP keys in offer and answer."""

import pytest

from archive.srtp.keys import parse_crypto
from capture.sdp.answer import MediaPorts
from capture.sdp.crypto import MAX_CRYPTO_LINES, SRTP_SECRET_BYTES, own_crypto, taken_crypto
from capture.sdp.description import MediaDescription
from capture.sdp.offer import make_offer
from tests.capture.sdp.offers import answered, offered
from tests.support.sdp.crypto import GCM, KEY_30, USUAL

UNKNOWN = b"7 F8_128_HMAC_SHA1_80 " + KEY_30
SECRET = bytes(range(SRTP_SECRET_BYTES))
PORTS = MediaPorts(40_000, 40_001, SECRET)


def media(*lines: bytes, protocol: bytes = b"RTP/SAVP") -> MediaDescription:
    section = b"m=audio 6000 " + protocol + b" 0\r\na=label:1\r\n"
    return offered(section + b"".join(b"a=crypto:%s\r\n" % line for line in lines)).media[0]


def test_the_first_that_we_can_use_is_taken() -> None:
    """RFC 4568 §5.1.2: the author's order is his wish."""
    assert taken_crypto(media(UNKNOWN, GCM, USUAL)) == GCM.decode()
    assert taken_crypto(media(UNKNOWN)) is None
    assert taken_crypto(media()) is None


def test_a_hundred_keys_are_not_all_looked_at() -> None:
    """Each costs; nobody has so many suites."""
    assert taken_crypto(media(*[UNKNOWN] * MAX_CRYPTO_LINES, USUAL)) is None


def test_the_answer_has_the_same_tag_and_suite_and_a_key_of_ours() -> None:
    """RFC 4568 §5.1.2; the peer's parameters are not repeated."""
    offer = offered(
        b"m=audio 6000 RTP/SAVPF 0\r\na=crypto:%s|2^20|1:4 WSH=64\r\na=label:1\r\n" % GCM
    )
    (line,) = [a.value for a in answered(offer, PORTS).media[0].attributes if a.name == b"crypto"]
    crypto = parse_crypto((line or b"").decode())

    assert (crypto.tag, crypto.keys[0].suite.name) == (9, "AEAD_AES_256_GCM")
    assert crypto.keys[0].key + crypto.keys[0].salt == SECRET[:44]
    assert crypto.keys[0].mki == b""
    assert answered(offer, PORTS).media[0].protocol == b"RTP/SAVPF"


def test_plain_rtp_is_answered_without_a_key() -> None:
    """Also where somebody offers one beside it."""
    offer = offered(b"m=audio 6000 RTP/AVP 0\r\na=crypto:%s\r\na=label:1\r\n" % USUAL)

    assert answered(offer, PORTS).media[0].value(b"crypto") is None


def test_a_stream_of_which_no_key_can_be_used_is_refused() -> None:
    """Port 0, and the others of the offer go on."""
    offer = offered(b"m=audio 6000 RTP/SAVP 0\r\na=crypto:%s\r\n" % UNKNOWN)

    assert answered(offer, PORTS).media[0].port == 0


def test_an_offer_of_ours_has_keys_that_every_client_knows() -> None:
    """And of those the one whose tag the peer takes is ours."""
    offer = make_offer(session_id=1, version=1, address="192.0.2.9", ports=[PORTS], srtp=True)
    (ours,) = offer.media
    second = b"2 AEAD_AES_128_GCM inline:" + b"QUFB" * 9 + b"QQ=="

    assert ours.protocol == b"RTP/SAVP"
    assert own_crypto(ours, second.decode()).startswith("2 AEAD_AES_128_GCM inline:")
    assert own_crypto(ours).startswith("1 AES_CM_128_HMAC_SHA1_80 inline:")


def test_a_key_that_was_never_offered_has_no_counterpart() -> None:
    """The peer answers with a tag that is not ours."""
    (ours,) = make_offer(
        session_id=1, version=1, address="192.0.2.9", ports=[PORTS], srtp=True
    ).media

    assert own_crypto(ours, GCM.decode()) == ""


@pytest.mark.parametrize("shown", [repr(PORTS), str(PORTS)])
def test_a_secret_is_not_shown(shown: str) -> None:
    """It would stand in a traceback."""
    assert shown == "MediaPorts(40000, 40001)"
