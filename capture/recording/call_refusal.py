"""Calls that are turned away: answered, and noted in the ledger with the reason.

Steps over the node. Knows nothing of which calls are taken.
"""

from typing import Final, NamedTuple

from archive.call.events import CallRefused
from archive.call.mentions import Mention
from archive.call.refusal_reasons import Reason
from capture.errors import PeerBrokeProtocol
from capture.peers.sources import Source
from capture.recording.message_faults import NO_FAULT, Fault, excerpt, fault_of, fault_of_status
from capture.recording.node_context import NodeContext
from capture.recording.outputs import Now, Output
from capture.recording.refused_mentions import in_all, in_headers
from capture.sip.build import Answer
from capture.sip.events import InviteReceived, MalformedReceived, RequestRefused
from capture.sip.flow import Flow, transport_of
from capture.sip.message import Request

# As much of a value of the message as a row keeps.
MAX_TEXT_CHARS: Final = 256


class Refusal(NamedTuple):
    """What a call is answered, why, and where in its INVITE that stands."""

    answer: Answer
    reason: Reason
    detail: str = ""
    fault: Fault = NO_FAULT


def unreadable(broken: PeerBrokeProtocol) -> Refusal:
    """The refusal of an INVITE that says something which cannot be read."""
    answer = Answer(status=broken.answer_with)
    return Refusal(answer, Reason.UNREADABLE, broken.detail, fault_of(broken))


def turned_away(
    node: NodeContext, event: InviteReceived, source: Source, refusal: Refusal, now: Now
) -> list[Output]:
    """Refuse a call, and remember that it was one; who is asked for a password comes again."""
    if refusal.reason is not Reason.CHALLENGED:
        _note(node, source, (event.request, event.flow), refusal, now)
    return node.refuse(event.key, refusal.answer, now)


def refused_by_sip(node: NodeContext, event: RequestRefused, now: Now) -> None:
    """An INVITE that begins a call and did not even reach us: 420, 421, 422, 482 and such."""
    fault = NO_FAULT if event.is_crowded else fault_of_status(event.status)
    reason = Reason.UNACKNOWLEDGED if event.is_crowded else Reason.SIP
    refusal = Refusal(Answer(status=event.status), reason, fault=fault)
    _note_of_sip(node, (event.request, event.flow), refusal, now)


def broken_by_peer(node: NodeContext, event: MalformedReceived, now: Now) -> None:
    if event.request is None:
        return
    fault = Fault(event.clause, event.header)
    refusal = Refusal(Answer(status=event.answered_with), Reason.SIP, event.detail, fault)
    _note_of_sip(node, (event.request, event.flow), refusal, now)


def _note_of_sip(
    node: NodeContext, asked: tuple[Request, Flow], refusal: Refusal, now: Now
) -> None:
    request, flow = asked
    source = node.peers.source_at(flow)
    if source is not None and request.method == b"INVITE" and not _has_to_tag(request):
        _note(node, source, asked, refusal, now)


def _note(
    node: NodeContext,
    source: Source,
    asked: tuple[Request, Flow],
    refusal: Refusal,
    now: Now,
) -> None:
    request, flow = asked
    refused = CallRefused(
        at_us=now.us,
        source=source.name,
        transport=transport_of(flow),
        peer=flow.remote.host,
        call_id=_shown(request.value(b"call-id")),
        from_value=_shown(request.value(b"from")),
        to_value=_shown(request.value(b"to")),
        status=refusal.answer.status,
        reason=refusal.reason,
        detail=refusal.detail,
        clause=refusal.fault.clause,
        header=refusal.fault.header,
        excerpt=excerpt(request, refusal.fault.header),
        mentions=_mentions(node, source, request, refusal, now),
    )
    node.ledger.note(source.tenant, refused)


def _mentions(
    node: NodeContext, source: Source, request: Request, refusal: Refusal, now: Now
) -> tuple[Mention, ...]:
    """Who is in it; of a flood and of who never acknowledges no document is read."""
    is_read = refusal.reason is not Reason.UNACKNOWLEDGED and node.ledger.may_read(now.us)
    return in_all(request, source) if is_read else in_headers(request, source)


def _has_to_tag(request: Request) -> bool:
    try:
        return request.has_to_tag
    except PeerBrokeProtocol:
        return False


def _shown(raw: bytes | None) -> str:
    return (raw or b"").decode("utf-8", "backslashreplace")[:MAX_TEXT_CHARS]
