"""One speech line, as the other side gets it."""

from capture.inline.descriptions.offers import answer_across, offer_across
from capture.sdp.renderer import render_description
from tests.support.inline.offers import SEAT, described

CRYPTO = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n"


def test_what_is_about_a_sides_own_transport_does_not_cross() -> None:
    """Candidates, keys and fingerprints of one side mean nothing on the other."""
    theirs = described(
        "m=audio 4000 RTP/AVP 0",
        "a=candidate:1 1 UDP 1 192.0.2.1 4000 typ host",
        "a=ice-ufrag:x",
        "a=fingerprint:sha-256 00",
        "a=rtcp:4001",
        "a=rtcp-mux",
        "a=ssrc:1 cname:x",
        "a=label:7",
        "a=maxptime:40",
    )
    (line,) = offer_across(theirs, SEAT, None).media

    assert [each.name for each in line.attributes] == [b"label", b"maxptime", b"sendrecv"]


def test_a_shared_port_for_rtcp_is_agreed_on_with_who_asks_for_it() -> None:
    """RFC 5761 section 5.1.1, on that side alone."""
    offer = described("m=audio 4000 RTP/AVP 0", "a=rtcp-mux")
    plain = described("m=audio 5000 RTP/AVP 0", host="192.0.2.30")

    assert answer_across(plain, offer, SEAT, None).media[0].offers_rtcp_mux
    assert not answer_across(plain, plain, SEAT, None).media[0].offers_rtcp_mux


def test_a_cut_keeps_what_accompanies_the_speech_that_is_left() -> None:
    """Digits and comfort noise at its clock; nothing of another clock."""
    theirs = described(
        "m=audio 4000 RTP/AVP 111 0 101 110 13",
        "a=rtpmap:111 opus/48000/2",
        "a=rtpmap:101 telephone-event/8000",
        "a=rtpmap:110 telephone-event/48000",
        "a=fmtp:111 useinbandfec=1",
        "a=fmtp:101 0-16",
    )
    (line,) = offer_across(theirs, SEAT, None, codecs=frozenset({"PCMU", "PCMA"})).media

    assert line.formats == (b"0", b"101", b"13")
    assert b"111" not in b"".join(each.value or b"" for each in line.attributes)


def test_srtp_is_offered_with_keys_of_ours() -> None:
    """Never with the other side's."""
    theirs = described("m=audio 4000 RTP/SAVP 0", CRYPTO.strip())

    sealed = offer_across(theirs, SEAT, None).media[0]
    assert sealed.protocol == b"RTP/SAVP"
    assert b"WVNf" not in render_description(offer_across(theirs, SEAT, None))
    plain = offer_across(theirs, SEAT, None, secure=False).media[0]
    assert (plain.protocol, plain.value(b"crypto")) == (b"RTP/AVP", None)
    both = offer_across(described("m=audio 4000 RTP/AVP 0"), SEAT, None, secure=True).media[0]
    assert (both.protocol, both.value(b"crypto") is not None) == (b"RTP/SAVP", True)


def test_an_answer_to_srtp_has_a_key_under_the_tag_that_was_offered() -> None:
    """Whatever the other side speaks."""
    sealed = described("m=audio 4000 RTP/SAVP 0", CRYPTO.strip())
    plain = described("m=audio 5000 RTP/AVP 0", host="192.0.2.30")
    (line,) = answer_across(plain, sealed, SEAT, None).media

    assert line.protocol == b"RTP/SAVP"
    assert (line.value(b"crypto") or b"").startswith(b"1 AES_CM_128_HMAC_SHA1_80 inline:")
