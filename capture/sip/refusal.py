"""Requests that are refused before anybody above is asked (RFC 3261 §8.2), without keeping state.

The answer to a repetition is the same byte for byte, its tag being derived from the request.
"""

from typing import Final
from zlib import crc32

from capture.errors import PeerBrokeProtocol
from capture.sip.agent import ALLOW, OTHER_METHODS, SERVED_METHODS, Agent
from capture.sip.build import Answer, build_response
from capture.sip.events import MalformedReceived, Output, RequestRefused, SendMessage
from capture.sip.flow import Flow, answering_flow, stamp_via
from capture.sip.message import Request, reading
from capture.sip.session_timer import REFRESHING, screen_interval

# A service URN is a call for help (RFC 5031 §4.2).
SCHEMES: Final = frozenset({b"sip", b"sips", b"tel", b"urn"})
# RFC 3261 §8.2.2.3: these two are never refused for what they require.
NEVER_REQUIRING: Final = frozenset({b"ACK", b"CANCEL"})


def screen(
    request: Request, agent: Agent, served: tuple[bytes, ...] = SERVED_METHODS
) -> Answer | None:
    """The answer that refuses a checked request, or None: method, scheme, extensions, interval."""
    if request.method not in served:
        known = request.method in OTHER_METHODS
        return Answer(status=405 if known else 501, headers=(ALLOW,))
    if request.parsed_uri.scheme not in SCHEMES:
        return Answer(status=416)
    if request.method in NEVER_REQUIRING:
        return None
    unknown = [tag for tag in request.require if tag.lower() not in agent.understood]
    if unknown:
        return Answer(status=420, headers=((b"Unsupported", b", ".join(unknown)),))
    return screen_interval(request) if request.method in REFRESHING else None


def check_measured(request: Request, flow: Flow) -> None:
    """Refuse a request that came on a stream without its length; raises `PeerBrokeProtocol`."""
    if flow.is_reliable and request.value(b"content-length") is None:
        with reading(b"content-length"):
            raise PeerBrokeProtocol("RFC 3261 §20.14", "a stream needs Content-Length")


def refuse(request: Request, flow: Flow, answer: Answer, agent: Agent) -> list[Output]:
    """Answer without a transaction (RFC 3261 §8.2.7) and say so."""
    return [
        _stateless(request, answering_flow(request, flow), answer, agent),
        RequestRefused(flow=flow, request=request, status=answer.status),
    ]


def _stateless(request: Request, flow: Flow, answer: Answer, agent: Agent) -> SendMessage:
    tag = agent.node + b"-%08x" % crc32(b"\n".join(line.raw for line in request.lines))
    return SendMessage(flow=flow, data=build_response(request, answer, tag))


def answer_broken(
    request: Request, flow: Flow, broken: PeerBrokeProtocol, agent: Agent
) -> list[Output]:
    """Answer a request that failed its check with what can be echoed of it.

    A Via that cannot be read is echoed too, to where the packet came from; without any Via the
    peer could not tell what is answered. An ACK never is.
    """
    if request.method == b"ACK" or not request.values(b"via"):
        return [malformed(flow, broken, 0)]
    answer = Answer(status=broken.answer_with)
    try:
        sent = _stateless(stamp_via(request, flow), answering_flow(request, flow), answer, agent)
    except PeerBrokeProtocol:
        sent = _stateless(request, flow, answer, agent)
    return [sent, malformed(flow, broken, broken.answer_with, request)]


def malformed(
    flow: Flow, broken: PeerBrokeProtocol, answered_with: int, request: Request | None = None
) -> MalformedReceived:
    """The event that tells of a broken message; of a request that was answered, with it."""
    return MalformedReceived(
        flow=flow,
        clause=broken.clause,
        detail=broken.detail,
        answered_with=answered_with,
        header=broken.header,
        request=request,
    )
