"""What tests of sip dialog share."""

from capture.sip.dialog import Dialog, accept_dialog
from capture.sip.message import Request
from tests.capture.sip.scenes import UDP, peer_request
from tests.support.sip import parse_message


def parsed(data: bytes) -> Request:
    request = parse_message(data)
    assert isinstance(request, Request)
    return request


def dialog(*routes: bytes) -> Dialog:
    headers = tuple((b"Record-Route", route) for route in routes)
    invite = parsed(peer_request(b"INVITE", cseq=5, headers=headers))
    return accept_dialog(invite, UDP, b"us", b"<sip:n1@192.0.2.9:5060>;+sip.srs")
