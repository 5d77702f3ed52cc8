"""Requests in one dialog of a call that are for the other side: INFO, MESSAGE, a REFER that passes.

Steps over the exchange (docs/inline.md section Transfers). Knows nothing of what they mean to it.
"""

from typing import Final

import msgspec

from capture.errors import PeerBrokeProtocol
from capture.inline.asking import referred_by
from capture.inline.call import other
from capture.inline.exchange import Exchange
from capture.inline.lines import Crossing, Line
from capture.inline.referring import Replaces, refer_to, referring
from capture.inline.refusals import SERVER_FAULT, across
from capture.inline.speaking import bye
from capture.relaying import Side
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
from capture.sip.message import Request
from capture.sip.parsing import split_message
from capture.siprec.outputs import Now, Output
from capture.siprec.pausing import HEADER

_OK: Final = Answer(status=200)
_FINAL: Final = 200
_TEMPORARILY: Final = 480
_TIMED_OUT: Final = 408
_BODY: Final = frozenset({b"content-type", b"content-disposition", b"info-package"})
_NOTIFIES: Final = frozenset({b"content-type", b"subscription-state"})
_REFERS: Final = frozenset({b"refer-sub", b"target-dialog", b"require"})
# One transfer at a time is asked for; more are a peer that never hears an answer.
MAX_CROSSINGS: Final = 8


def passed_on(
    exchange: Exchange, line: Line, side: Side, event: RequestReceived, now: Now
) -> list[Output]:
    """Said to the other side as it came; answered by us, for it changes nothing here.

    What has a wish to pause and no body is for nobody else.
    """
    outputs = answered(exchange, event.key, _OK, now)
    if event.request.value(HEADER) is not None and not event.request.body:
        return outputs
    request = OutgoingRequest(
        method=event.request.method,
        headers=_headers(event.request, _BODY),
        body=event.request.body,
    )
    to = line.call.end(other(side)).dialog
    return [*outputs, *(_sent(exchange, to, request, now) or [])]


def referral_passed(
    exchange: Exchange, line: Line, side: Side, event: RequestReceived, now: Now
) -> tuple[Line, list[Output]]:
    """A REFER goes to the other side, whose answer is awaited; Replaces names its leg there."""
    try:
        to = refer_to(event.request)
    except PeerBrokeProtocol as broken:
        return line, answered(exchange, event.key, Answer(status=broken.answer_with), now)
    headers = (
        (b"Refer-To", referring(to.raw, to.replaces and partner_of(exchange, to.replaces))),
        (b"Referred-By", referred_by(line, side, event.request)),
        *_headers(event.request, _REFERS),
    )
    dialog = line.call.end(other(side)).dialog
    request = OutgoingRequest(method=b"REFER", headers=headers)
    sent = _sent(exchange, dialog, request, now)
    if sent is None or dialog is None:
        return line, answered(exchange, event.key, Answer(status=_TEMPORARILY), now)
    crossing = Crossing(
        key=event.key,
        number=event.request.cseq.number,
        back=event.dialog,
        dialog=dialog,
        sent=_sequence(sent),
    )
    crossings = (*line.crossings, crossing)[-MAX_CROSSINGS:]
    return msgspec.structs.replace(line, crossings=crossings), sent


def partner_of(exchange: Exchange, replaces: Replaces) -> Replaces:
    """The dialog beyond ours, as the party there names it; what is not ours stays as it is."""
    found = exchange.lines.of_dialog(replaces.here)
    if found is None:
        return replaces
    line, side = found
    leg = line.call.end(other(side)).dialog
    if leg is None:
        return replaces
    return Replaces(leg.call_id, leg.remote_tag, leg.local_tag, replaces.is_early_only)


def referral_answered(
    exchange: Exchange, line: Line, event: ResponseReceived | TransactionTimedOut, now: Now
) -> tuple[Line, list[Output]]:
    """The other side's answer to a REFER that passed is the answer to it."""
    crossing = next((each for each in line.crossings if _is_of(each, event)), None)
    if crossing is None:
        return line, []
    if isinstance(event, TransactionTimedOut):
        answer = Answer(status=SERVER_FAULT)
    elif event.response.status < _FINAL:
        return line, []
    else:
        headers = tuple((b"Refer-Sub", each) for each in event.response.values(b"refer-sub"))
        # RFC 4320 §4.2: a 408 is nothing that this may be answered with.
        status = event.response.status if event.response.status != _TIMED_OUT else SERVER_FAULT
        told = across(status, headers)
        answer = Answer(status=told.status, headers=told.headers)
    later = msgspec.structs.replace(crossing, is_answered=True)
    crossings = tuple(later if each is crossing else each for each in line.crossings)
    line = msgspec.structs.replace(line, crossings=crossings)
    return line, answered(exchange, crossing.key, answer, now)


def renumbered(line: Line, event: SentAgain) -> Line:
    """A REFER that went out once more has another number; that is what its NOTIFYs name."""
    crossings = tuple(
        msgspec.structs.replace(each, sent=event.cseq)
        if (each.dialog, each.sent) == (event.dialog, event.instead_of)
        else each
        for each in line.crossings
    )
    return msgspec.structs.replace(line, crossings=crossings)


def _is_of(crossing: Crossing, event: ResponseReceived | TransactionTimedOut) -> bool:
    if event.method != b"REFER" or crossing.dialog != event.dialog or crossing.is_answered:
        return False
    return isinstance(event, TransactionTimedOut) or event.cseq == crossing.sent


def notified(exchange: Exchange, line: Line, event: RequestReceived, now: Now) -> list[Output]:
    """How a REFER that passed goes, to who asked, under his own number; others are just taken."""
    outputs = answered(exchange, event.key, _OK, now)
    name, *params = (piece.strip() for piece in _event_of(event.request).split(b";"))
    crossings = [each for each in line.crossings if each.dialog == event.dialog]
    if name.lower() != b"refer" or not crossings:
        return outputs
    numbers = {b"id=%d" % each.sent: each for each in crossings}
    meant = next((numbers[each] for each in params if each in numbers), crossings[-1])
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
        return exchange.premises.refuse(key, answer, now)
    except AnsweredAlready:
        return []


def answered_late(exchange: Exchange, event: ResponseReceived, now: Now) -> list[Output]:
    """Who was given up, or whose call is over, or who has left his place, and says yes: let go."""
    is_accepted = event.response.status // 100 == 2  # noqa: PLR2004 - RFC 3261 §7.2
    if event.method != b"INVITE" or not is_accepted:
        return []
    return bye(exchange, event.dialog, (), now)


def _headers(request: Request, names: frozenset[bytes]) -> tuple[Header, ...]:
    return tuple(
        (each.raw.partition(b":")[0].strip(), each.value)
        for each in request.lines
        if each.name in names
    )


def _sent(
    exchange: Exchange, dialog: DialogId | None, request: OutgoingRequest, now: Now
) -> list[Output] | None:
    """None where it cannot be said now."""
    if dialog is None:
        return None
    try:
        outputs = exchange.premises.sip.send_request(dialog, request, now.s)
    except (NoSuchDialog, RequestPending):
        return None
    return exchange.premises.sent(outputs, now)


def _sequence(sent: list[Output]) -> int:
    """The CSeq that our request got."""
    (message,) = (split_message(each.data) for each in sent if isinstance(each, SendMessage))
    return message.cseq.number
