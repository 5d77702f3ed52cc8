"""What makes an INVITE a recording session."""

import pytest

from capture.metadata.message_bodies import SDP_TYPES, Bodies
from capture.peers.sources import Source
from capture.sip.message import Request
from capture.siprec.recording_request import accepts_here, is_recording_session
from tests.capture.siprec.stage import CLIENT, NETWORK, SIPREC, request
from tests.support.sip import parse_message

NOTHING = Bodies()


def parsed(data: bytes) -> Request:
    """A request in its checked form."""
    message = parse_message(data)
    assert isinstance(message, Request)
    return message


@pytest.mark.parametrize(
    ("data", "bodies", "source"),
    [
        (request(b"INVITE", SIPREC), NOTHING, CLIENT),
        (request(b"INVITE", (b"Require", b"100rel, siprec")), NOTHING, CLIENT),
        (request(b"INVITE", contact=b"<sip:a@192.0.2.1>;+sip.src"), NOTHING, CLIENT),
        (request(b"INVITE", contact=b"<sip:a@192.0.2.1>;expires=9;src"), NOTHING, CLIENT),
        (request(b"INVITE"), Bodies(metadata=b"<recording/>"), CLIENT),
        (request(b"INVITE"), NOTHING, NETWORK),
    ],
)
def test_one_sign_makes_a_recording_session(data: bytes, bodies: Bodies, source: Source) -> None:
    """RFC 7866 §6.1.1 asks for two; clients leave out now one, now the other."""
    assert is_recording_session(parsed(data), bodies, source)


@pytest.mark.parametrize(
    "data",
    [
        request(b"INVITE"),
        request(b"INVITE", (b"Supported", b"siprec")),
        request(b"INVITE", contact=b"<sip:src@192.0.2.1;src>"),
        request(b"INVITE", contact=b"*"),
    ],
    ids=["nothing", "only supported", "within the URI", "no contact"],
)
def test_without_a_sign_it_is_a_call(data: bytes) -> None:
    """Who merely could record, or is named so, does not ask for it."""
    assert not is_recording_session(parsed(data), Bodies(sdp=b"v=0"), CLIENT)


def test_what_we_accept_names_what_we_read() -> None:
    """SDP, both names of the metadata, and the two together."""
    ((name, value),) = accepts_here()

    assert name == b"Accept"
    kinds = {kind.strip() for kind in value.split(b",")}
    assert kinds >= SDP_TYPES | {b"application/rs-metadata+xml", b"multipart/mixed"}
