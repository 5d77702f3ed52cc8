"""Our own offers."""

from capture.sdp.acceptance import usable_media
from capture.sdp.answer import MediaPorts
from capture.sdp.description import Direction, SessionDescription
from capture.sdp.offer import make_offer, reoffer
from capture.sdp.parser import parse_description
from capture.sdp.renderer import render_description
from tests.capture.sdp.offers import answered, offered, stream


def own_offer() -> SessionDescription:
    ports = [MediaPorts(40_000, 40_001), MediaPorts(40_002, 40_003)]
    return make_offer(session_id=5, version=1, address="192.0.2.99", ports=ports)


def test_an_offerless_invite_is_offered_two_streams_to_receive() -> None:
    """A call has two parties; the client sends a copy of each."""
    offer = own_offer()

    assert [media.label for media in offer.media] == ["1", "2"]
    assert {media.direction for media in offer.media} == {Direction.RECVONLY}
    assert [payload.encoding for payload in offer.media[0].payloads] == [
        "PCMU",
        "PCMA",
        "telephone-event",
    ]


def test_our_offer_reads_as_meant() -> None:
    """What we send is held to the same parser as what we get."""
    offer = own_offer()

    assert parse_description(render_description(offer)) == offer
    assert usable_media(offer) == (0, 1)


def test_a_stream_at_rest_is_taken_up_again_by_our_own_offer() -> None:
    """A server that answered inactive because it was not ready asks for the audio later."""
    resting = answered(offered(stream(b"inactive", b"ptime:20"), stream(port=0)))
    offer = reoffer(resting)

    assert offer.media[0].direction is Direction.RECVONLY
    assert [media.port for media in offer.media] == [40_000, 0]
    assert offer.media[1] == resting.media[1]
    assert offer.origin is not None
    assert (offer.origin.session_id, offer.origin.version) == (b"77", b"2")
    assert parse_description(render_description(offer)) == offer


def test_an_offer_that_changes_nothing_keeps_its_version() -> None:
    """RFC 3264 §8: a version rises only with the body."""
    current = answered(offered(stream(b"sendonly")))

    assert reoffer(current) == current
