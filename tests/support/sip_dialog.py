"""What tests of sip dialog share."""

from capture.sip.dialog import Dialog, accept_dialog
from capture.sip.identity import DialogId
from capture.sip.message import Request
from capture.sip.user_agent import SipCore
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


def dialogs_of(core: SipCore) -> list[DialogId]:
    """Every dialog there is."""
    return [each.id for call in core._calls.values() for each in call.dialogs]
