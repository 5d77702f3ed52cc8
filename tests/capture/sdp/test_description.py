"""What an m-line says of itself."""

import msgspec
import pytest
from hypothesis import given

from capture.errors import PeerBrokeProtocol
from capture.sdp.description import Destination, Direction, SessionDescription
from capture.sdp.parser import parse_description
from tests.capture.sdp.offers import HEAD, offered, stream
from tests.capture.sdp.strategies import DESCRIPTIONS

NOWHERE = b"v=0\r\no=- 1 1 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"


def test_a_direction_of_the_session_holds_for_streams_without_one() -> None:
    """Some peers put a hold at the top (RFC 8866 §6.7)."""
    offer = offered(stream(), stream(b"sendonly"), head=HEAD + b"a=inactive\r\n")

    assert [media.direction for media in offer.media] == [Direction.INACTIVE, Direction.SENDONLY]


def test_a_stream_without_a_direction_sends_and_receives() -> None:
    """The default of RFC 8866 §6.7; OpenSIPS relies on it."""
    assert offered(stream()).media[0].direction is Direction.SENDRECV


def test_a_label_is_read_as_text_and_its_absence_is_not_an_empty_one() -> None:
    """Metadata names streams by it; without one the order has to do."""
    labelled, bare = offered(stream(label=b"96"), b"m=audio 1 RTP/AVP 0\r\n").media

    assert (labelled.label, bare.label) == ("96", None)


def test_packet_time_and_multiplexing_are_read() -> None:
    """They say how many packets a second come, and on which port RTCP would."""
    (media,) = offered(stream(b"ptime:30", b"rtcp-mux")).media

    assert (media.ptime_ms, media.offers_rtcp_mux) == (30, True)


def test_reports_go_to_the_next_port_unless_the_peer_names_another() -> None:
    """RFC 3605 §2.1: port alone, or port and address."""
    plain, port, both = offered(
        stream(), stream(b"rtcp:53020"), stream(b"rtcp:53020 IN IP4 198.51.100.7")
    ).media

    assert plain.rtp_destination == Destination("192.0.2.10", 6000)
    assert plain.rtcp_destination == Destination("192.0.2.10", 6001)
    assert port.rtcp_destination == Destination("192.0.2.10", 53_020)
    assert both.rtcp_destination == Destination("198.51.100.7", 53_020)


@pytest.mark.parametrize("address", [b"IN IP4 0.0.0.0", b"IN IP6 ::"])
def test_an_address_that_is_nowhere_is_a_hold_to_which_nothing_is_sent(address: bytes) -> None:
    """BroadWorks holds like that without an attribute (RFC 3264 §8.4)."""
    (media,) = offered(stream(), head=NOWHERE.replace(b"IN IP4 0.0.0.0", address)).media

    assert media.is_held
    assert (media.rtp_destination, media.rtcp_destination) == (None, None)


def test_a_stream_with_its_own_address_is_not_held_by_that_of_the_session() -> None:
    """The `c=` line of a stream comes before that of the session (RFC 8866 §5.7)."""
    media = b"m=audio 6000 RTP/AVP 0\r\nc=IN IP4 192.0.2.11\r\n"

    assert not offered(media, head=NOWHERE).media[0].is_held


def test_a_removed_stream_has_no_destination() -> None:
    """Port 0 is no port (RFC 3264 §8.2)."""
    (media,) = offered(stream(port=0)).media

    assert (media.rtp_destination, media.rtcp_destination) == (None, None)


@given(DESCRIPTIONS)
def test_a_description_comes_back_from_bytes_as_it_was(body: bytes) -> None:
    """Calls are kept as bytes, so that signalling may be replaced with calls up."""
    try:
        description = parse_description(body)
    except PeerBrokeProtocol:
        return
    kept = msgspec.msgpack.encode(description)

    assert msgspec.msgpack.decode(kept, type=SessionDescription) == description
