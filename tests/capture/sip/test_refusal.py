"""What is refused before anybody above is asked."""

import pytest

from capture.errors import PeerBrokeProtocol
from capture.sip.agent import Agent
from capture.sip.message import Request
from capture.sip.refusal import check_measured, screen
from tests.capture.sip.scenes import TCP, UDP, Scene, peer_request
from tests.support.sip import parse_message

AGENT = Agent(node=b"n1", tokens=lambda: b"t", options=frozenset({b"siprec"}))
STRANGE = ((b"Require", b"siprec, nonsense"), (b"Require", b"more"))


def screened(data: bytes) -> int:
    """The status that refuses, or 0."""
    request = parse_message(data)
    assert isinstance(request, Request)
    answer = screen(request, AGENT)
    return answer.status if answer else 0


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (peer_request(b"INVITE"), 0),
        (peer_request(b"INVITE", headers=((b"Require", b"SipRec"),)), 0),
        (peer_request(b"REGISTER"), 405),
        (peer_request(b"NEWMETHOD"), 501),
        (peer_request(b"INVITE").replace(b"INVITE sip:", b"INVITE urn:"), 0),
        (peer_request(b"INVITE").replace(b"INVITE sip:", b"INVITE http:"), 416),
        (peer_request(b"INVITE").replace(b"INVITE sip:srs@192.0.2.9", b"INVITE tel:+81"), 0),
        (peer_request(b"INVITE", headers=STRANGE), 420),
        (peer_request(b"CANCEL", headers=STRANGE), 0),
        # Method comes before scheme, scheme before extensions (RFC 3261 §8.2).
        (peer_request(b"REGISTER", headers=STRANGE).replace(b"REGISTER sip:", b"REGISTER x:"), 405),
        (peer_request(b"INVITE", headers=STRANGE).replace(b"INVITE sip:", b"INVITE x:"), 416),
    ],
)
def test_each_refusal_has_its_status_and_its_turn(data: bytes, status: int) -> None:
    """RFC 3261 §8.2.1 to §8.2.2.3."""
    assert screened(data) == status


def test_a_420_names_every_unknown_option_and_no_other(scene: Scene) -> None:
    """RFC 3261 §8.2.2.3."""
    scene.peer(peer_request(b"INVITE", headers=STRANGE)).then("420 INVITE", "RequestRefused")
    assert b"\r\nUnsupported: nonsense, more\r\n" in scene.sent()


@pytest.mark.parametrize("method", [b"REGISTER", b"NEWMETHOD"])
def test_a_refused_method_is_told_what_is_allowed(scene: Scene, method: bytes) -> None:
    """RFC 3261 §8.2.1."""
    scene.peer(peer_request(method))
    assert b"\r\nAllow: INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, PRACK, INFO\r\n" in scene.sent()


def test_a_stream_needs_lengths_and_a_datagram_none() -> None:
    """RFC 3261 §18.3: where a body ends on a stream, nothing else says."""
    request = parse_message(peer_request(b"INVITE").replace(b"Content-Length: 0\r\n", b""))
    assert isinstance(request, Request)

    check_measured(request, UDP)
    with pytest.raises(PeerBrokeProtocol) as broken:
        check_measured(request, TCP)
    assert (broken.value.answer_with, broken.value.header) == (400, "Content-Length")


def test_a_refusal_keeps_no_state_and_repeats_itself(scene: Scene) -> None:
    """A flood of nonsense must cost no memory (RFC 3261 §8.2.7)."""
    first = scene.peer(peer_request(b"REGISTER")).sent()

    assert scene.peer(peer_request(b"REGISTER")).sent() == first
    assert not scene.kept
    assert scene.core.next_deadline_s() is None
