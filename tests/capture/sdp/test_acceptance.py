"""Which m-lines can bring audio that is worth keeping."""

import pytest

from capture.sdp.acceptance import (
    KeyRules,
    Unacceptable,
    accepted_payloads,
    is_usable,
    usable_media,
    why_unacceptable,
)
from tests.capture.sdp.offers import offered, stream

VIDEO = b"m=video 6002 RTP/AVP 99\r\na=rtpmap:99 H264/90000\r\n"
ENCRYPTED = b"m=audio 6000 UDP/TLS/RTP/SAVP 0\r\na=fingerprint:sha-256 AA\r\n"
KEYLESS = b"m=audio 6000 RTP/SAVP 0\r\n"
ANY = KeyRules()
DIGITS = stream(b"rtpmap:101 telephone-event/8000", formats=b"101 13")


def test_every_format_with_a_meaning_is_accepted_in_the_offered_order() -> None:
    """Packets are kept raw, so a codec need not be decoded now to be worth having."""
    offer = offered(
        stream(b"rtpmap:96 EVS/16000", b"rtpmap:101 telephone-event/8000", formats=b"96 8 101 13")
    )
    names = [payload.encoding for payload in accepted_payloads(offer.media[0])]

    assert names == ["EVS", "PCMA", "telephone-event", "CN"]


def test_formats_that_wrap_others_are_not_accepted() -> None:
    """Redundancy would hide the codec inside its packets; a plain one is always offered beside."""
    offer = offered(stream(b"rtpmap:121 red/8000", b"fmtp:121 0/0", formats=b"121 0"))

    assert [payload.payload_type for payload in accepted_payloads(offer.media[0])] == [0]


def test_a_format_named_twice_is_accepted_once() -> None:
    """An answer that repeats a payload type is refused by some peers."""
    assert len(accepted_payloads(offered(stream(formats=b"0 0 8")).media[0])) == 2


@pytest.mark.parametrize(
    "section",
    [
        VIDEO,
        ENCRYPTED,
        KEYLESS,
        DIGITS,
        stream(port=0),
        stream(formats=b"97"),
        b"m=text 1 RTP/AVP 98\r\n",
    ],
    ids=["video", "DTLS-SRTP", "no key", "digits only", "removed", "unknown format", "text"],
)
def test_a_stream_without_plain_speech_is_not_usable(section: bytes) -> None:
    """A 200 to it would be followed by an empty file."""
    assert not is_usable(offered(section).media[0])


def test_usable_streams_are_named_by_position() -> None:
    """The caller takes a pair of ports for each of them."""
    assert usable_media(offered(VIDEO, stream(), ENCRYPTED, stream(b"inactive"))) == (1, 3)


def test_an_offer_of_which_nothing_is_usable_must_be_refused() -> None:
    """488 lets the client try another recorder."""
    assert why_unacceptable(offered(VIDEO, ENCRYPTED), ANY) is Unacceptable.NO_TRANSPORT
    assert why_unacceptable(offered(VIDEO, stream()), ANY) is None


EVS = stream(b"rtpmap:96 EVS/16000", b"rtpmap:101 telephone-event/8000", formats=b"96 101 13")


def test_an_offer_that_nobody_could_ever_decode_is_refused_unless_all_is_to_be_kept() -> None:
    """A recording that is found years later and cannot be heard is none."""
    assert why_unacceptable(offered(EVS), ANY) is Unacceptable.NO_FORMAT
    assert why_unacceptable(offered(EVS), KeyRules(keep_anything=True)) is None


def test_one_codec_that_can_be_decoded_is_enough() -> None:
    """Of an m-line, and of the offer: what comes beside it is kept as it comes."""
    both = stream(b"rtpmap:96 EVS/16000", formats=b"96 8")

    assert why_unacceptable(offered(both), ANY) is None
    assert why_unacceptable(offered(EVS, stream()), ANY) is None


@pytest.mark.parametrize(
    "attributes",
    [
        (b"rtpmap:96 opus/48000/2",),
        (b"rtpmap:96 G722/8000",),
        (b"rtpmap:96 AMR-WB/16000", b"fmtp:96 octet-align=1"),
        (b"rtpmap:96 iLBC/8000", b"fmtp:96 mode=20"),
        (b"rtpmap:96 speex/16000",),
    ],
)
def test_what_a_reader_decodes_with_the_extra_is_taken(attributes: tuple[bytes, ...]) -> None:
    """Whether the extra is installed where it is recorded does not matter."""
    assert why_unacceptable(offered(stream(*attributes, formats=b"96")), ANY) is None


def test_a_form_of_amr_that_no_reader_takes_apart_is_refused() -> None:
    """Interleaved frames (RFC 4867 §4.4.1)."""
    media = stream(b"rtpmap:96 AMR/8000", b"fmtp:96 octet-align=1;interleaving=30", formats=b"96")

    assert why_unacceptable(offered(media), ANY) is Unacceptable.NO_FORMAT


def test_an_offer_without_streams_is_not_refused() -> None:
    """A persistent recording session waits for its calls, and outlives them."""
    assert why_unacceptable(offered(), KeyRules(srtp_only=True)) is None
    assert why_unacceptable(offered(stream(port=0)), ANY) is None
