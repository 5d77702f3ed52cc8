"""Requests in one dialog of a call that are for the other side: INFO, MESSAGE, a REFER that passes.

Steps over the exchange (docs/inline.md section Transfers). Knows nothing of what they mean to it.
"""

from typing import Final

import msgspec

from capture.errors import PeerBrokeProtocol
from capture.inline.bridge.refusal_translation import SERVER_FAULT, across
from capture.inline.connected_identity import trust_at
from capture.inline.dialogs.teardown import bye
from capture.inline.messages.header_filter import PeerTrust, crossing_headers
from capture.inline.messages.refer import Replaces, refer_to, referring
from capture.inline.state.bridged_calls import BridgedCall, ForwardedRequest
from capture.inline.state.ends import other
from capture.inline.state.exchange import Exchange
from capture.inline.transfer_requests import referred_by
from capture.links.relay_messages import Side
from capture.recording.outputs import Now, Output
from capture.recording.pause_control import HEADER
from capture.sip.build import Answer, Header
from capture.sip.call import OutgoingRequest
from capture.sip.events import (
    AnsweredAlready,
    NoSuchDialog,
    RequestPending,
    RequestReceived,
    ResponseReceived,
    SendMessage,
    SentAgain,
    TransactionTimedOut,
)
from capture.sip.identity import DialogId, TransactionKey
from capture.sip.message import Message, Request, Response
from capture.sip.parser import split_message

OK: Final = Answer(status=200)
# The dialog is there, the party is not yet, or no longer.
NOBODY_THERE: Final = Answer(status=480)
_TOO_MANY: Final = Answer(status=500, headers=((b"Retry-After", b"5"),))
_FINAL: Final = 200
_TERMINATED: Final = 487
_SILENT: Final = 504
_TIMED_OUT: Final = 408
_BODY: Final = frozenset({b"content-type", b"content-disposition", b"info-package"})
_NOTIFIES: Final = frozenset({b"content-type", b"subscription-state"})
_ANSWERED: Final = frozenset({b"accept", b"accept-encoding", b"content-type", b"refer-sub"})
_REFER: Final = b"REFER"
# What is answered as the other side answers it.
PASSING: Final = frozenset({_REFER, b"INFO", b"MESSAGE"})
_REFERS: Final = frozenset({b"refer-sub", b"target-dialog", b"require"})
# One transfer at a time is asked for; more are a peer that never hears an answer.
MAX_REFERS: Final = 8
# Keys of somebody who presses fast, for as long as they may wait; more are not heard anyway.
MAX_PENDING: Final = 32
# Who asks gives up after 32 s (RFC 3261 §17.1.2.2), and must hear it before (RFC 4320 §3).
_WAIT_US: Final = 10_000_000


def passed_on(
    exchange: Exchange,
    bridged: BridgedCall,
    side: Side,
    event: RequestReceived,
    now: Now,
    *,
    alone: Answer,
) -> tuple[BridgedCall, list[Output]]:
    """Said to the other side as it came, whose answer is awaited; `alone` where nobody is there.

    What has a wish to pause and no body is for nobody else.
    """
    if event.request.value(HEADER) is not None and not event.request.body:
        return bridged, answered(exchange, event.key, OK, now)
    pending = [each for each in bridged.forwarded if each.method != _REFER]
    if len(pending) >= MAX_PENDING:
        return bridged, answered(exchange, event.key, _TOO_MANY, now)
    request = OutgoingRequest(
        method=event.request.method,
        headers=(
            *crossing_headers(event.request, trust_at(exchange, bridged, other(side))),
            *_headers(event.request, _BODY),
        ),
        body=event.request.body,
    )
    return _crossed(exchange, (bridged, side), event, request, now) or (
        bridged,
        answered(exchange, event.key, alone, now),
    )


def referral_passed(
    exchange: Exchange, bridged: BridgedCall, side: Side, event: RequestReceived, now: Now
) -> tuple[BridgedCall, list[Output]]:
    """A REFER goes to the other side, whose answer is awaited; Replaces names its leg there."""
    try:
        to = refer_to(event.request)
    except PeerBrokeProtocol as broken:
        return bridged, answered(exchange, event.key, Answer(status=broken.answer_with), now)
    headers = (
        (b"Refer-To", referring(to.raw, to.replaces and partner_of(exchange, to.replaces))),
        (b"Referred-By", referred_by(bridged, side, event.request)),
        *_headers(event.request, _REFERS),
    )
    request = OutgoingRequest(method=_REFER, headers=headers)
    return _crossed(exchange, (bridged, side), event, request, now) or (
        bridged,
        answered(exchange, event.key, NOBODY_THERE, now),
    )


def _crossed(
    exchange: Exchange,
    asked: tuple[BridgedCall, Side],
    event: RequestReceived,
    request: OutgoingRequest,
    now: Now,
) -> tuple[BridgedCall, list[Output]] | None:
    """Sent on, and remembered until it is answered; None where it cannot be said now."""
    bridged, side = asked
    dialog = bridged.call.end(other(side)).dialog
    sent = _sent(exchange, dialog, request, now)
    if sent is None or dialog is None:
        return None
    entry = ForwardedRequest(
        key=event.key,
        number=event.request.cseq.number,
        back=event.dialog,
        dialog=dialog,
        sent=_sequence(sent),
        method=request.method,
        since_us=now.us,
    )
    return msgspec.structs.replace(bridged, forwarded=_kept((*bridged.forwarded, entry))), sent


def _kept(forwarded: tuple[ForwardedRequest, ...]) -> tuple[ForwardedRequest, ...]:
    """The last REFERs, for their NOTIFYs; of others those that are not answered."""
    refers = [each for each in forwarded if each.method == _REFER][-MAX_REFERS:]
    return tuple(each for each in forwarded if each.method != _REFER or each in refers)


def partner_of(exchange: Exchange, replaces: Replaces) -> Replaces:
    """The dialog beyond ours, as the party there names it; what is not ours stays as it is."""
    found = exchange.calls.of_dialog(replaces.here)
    if found is None:
        return replaces
    bridged, side = found
    leg = bridged.call.end(other(side)).dialog
    if leg is None:
        return replaces
    return Replaces(leg.call_id, leg.remote_tag, leg.local_tag, replaces.is_early_only)


def answered_across(
    exchange: Exchange,
    bridged: BridgedCall,
    event: ResponseReceived | TransactionTimedOut,
    now: Now,
) -> tuple[BridgedCall, list[Output]]:
    """The other side's answer to what passed is the answer to it."""
    entry = next((each for each in bridged.forwarded if _is_of(each, event)), None)
    if entry is None:
        return bridged, []
    if isinstance(event, TransactionTimedOut):
        answer = Answer(status=SERVER_FAULT if entry.method == _REFER else _SILENT)
    elif event.response.status < _FINAL:
        return bridged, []
    else:
        answer = _answer_across(exchange, bridged, entry, event.response)
    return _done(bridged, entry), answered(exchange, entry.key, answer, now)


def _answer_across(
    exchange: Exchange, bridged: BridgedCall, entry: ForwardedRequest, response: Response
) -> Answer:
    """RFC 4320 §4.2: a 408 is nothing that this may be answered with."""
    found = exchange.calls.of_dialog(entry.back)
    to = PeerTrust(trusted=False) if found is None else trust_at(exchange, bridged, found[1])
    headers = (*crossing_headers(response, to), *_headers(response, _ANSWERED))
    status = response.status
    if status == _TIMED_OUT:
        status = SERVER_FAULT if entry.method == _REFER else _SILENT
    told = across(status, headers)
    return Answer(status=told.status, headers=told.headers, body=response.body)


def _done(bridged: BridgedCall, entry: ForwardedRequest) -> BridgedCall:
    later = msgspec.structs.replace(entry, is_answered=True)
    forwarded = (later if each is entry else each for each in bridged.forwarded)
    left = tuple(each for each in forwarded if each.method == _REFER or not each.is_answered)
    return msgspec.structs.replace(bridged, forwarded=left)


def overdue(exchange: Exchange, bridged: BridgedCall, now: Now) -> list[Output]:
    """What the other side does not answer: who asked hears so while he still waits."""
    late = [e for e in bridged.forwarded if e.method != _REFER and now.us - e.since_us >= _WAIT_US]
    if not late:
        return []
    outputs: list[Output] = []
    for entry in late:
        bridged = _done(bridged, entry)
        outputs += answered(exchange, entry.key, Answer(status=_SILENT), now)
    exchange.calls.keep(bridged)
    return outputs


def left_unanswered(exchange: Exchange, bridged: BridgedCall, now: Now) -> list[Output]:
    """The call is over: who still waits for an answer gets one (RFC 3261 §15.1.2)."""
    outputs: list[Output] = []
    for entry in bridged.forwarded:
        if not entry.is_answered:
            outputs += answered(exchange, entry.key, Answer(status=_TERMINATED), now)
    return outputs


def renumbered(bridged: BridgedCall, side: Side, event: SentAgain) -> BridgedCall:
    """What went out once more has another number: a REFER's is what its NOTIFYs name."""
    forwarded = tuple(
        msgspec.structs.replace(each, sent=event.cseq)
        if (each.dialog, each.sent) == (event.dialog, event.instead_of)
        else each
        for each in bridged.forwarded
    )
    bridged = msgspec.structs.replace(bridged, forwarded=forwarded)
    refresh = bridged.refresh(side, event.instead_of)
    if refresh is None:
        return bridged
    return bridged.with_refresh(side, msgspec.structs.replace(refresh, cseq=event.cseq))


def _is_of(entry: ForwardedRequest, event: ResponseReceived | TransactionTimedOut) -> bool:
    if (event.method, event.dialog) != (entry.method, entry.dialog):
        return False
    if entry.is_answered:
        return False
    return event.cseq == entry.sent


def notified(
    exchange: Exchange, bridged: BridgedCall, event: RequestReceived, now: Now
) -> list[Output]:
    """How a REFER that passed goes, to who asked, under his own number; others are just taken."""
    outputs = answered(exchange, event.key, OK, now)
    name, *params = (piece.strip() for piece in _event_of(event.request).split(b";"))
    passed = [each for each in bridged.forwarded if each.method == _REFER]
    forwarded = [each for each in passed if each.dialog == event.dialog]
    if name.lower() != b"refer" or not forwarded:
        return outputs
    numbers = {b"id=%d" % each.sent: each for each in forwarded}
    meant = next((numbers[each] for each in params if each in numbers), forwarded[-1])
    told = b"refer;id=%d" % meant.number if params else b"refer"
    request = OutgoingRequest(
        method=b"NOTIFY",
        headers=((b"Event", told), *_headers(event.request, _NOTIFIES)),
        body=event.request.body,
    )
    return [*outputs, *(_sent(exchange, meant.back, request, now) or [])]


def _event_of(request: Request) -> bytes:
    return request.value(b"event") or b""


def answered(exchange: Exchange, key: TransactionKey, answer: Answer, now: Now) -> list[Output]:
    """Answer a request, unless it has been answered."""
    try:
        return exchange.node.refuse(key, answer, now)
    except AnsweredAlready:
        return []


def answered_late(exchange: Exchange, event: ResponseReceived, now: Now) -> list[Output]:
    """Who was given up, or whose call is over, or who has left his place, and says yes: let go."""
    is_accepted = event.response.status // 100 == 2  # noqa: PLR2004 - RFC 3261 §7.2
    if event.method != b"INVITE" or not is_accepted:
        return []
    return bye(exchange, event.dialog, (), now)


def _headers(message: Message, names: frozenset[bytes]) -> tuple[Header, ...]:
    return tuple(
        (each.raw.partition(b":")[0].strip(), each.value)
        for each in message.lines
        if each.name in names
    )


def _sent(
    exchange: Exchange, dialog: DialogId | None, request: OutgoingRequest, now: Now
) -> list[Output] | None:
    """None where it cannot be said now."""
    if dialog is None:
        return None
    try:
        outputs = exchange.node.sip.send_request(dialog, request, now.s)
    except (NoSuchDialog, RequestPending):
        return None
    return exchange.node.sent(outputs, now)


def _sequence(sent: list[Output]) -> int:
    """The CSeq that our request got."""
    (message,) = (split_message(each.data) for each in sent if isinstance(each, SendMessage))
    return message.cseq.number
