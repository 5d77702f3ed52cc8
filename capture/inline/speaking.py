"""What an inline call wants done, said in SIP.

Turns commands into requests and answers of `SipCore`. Knows nothing of why.
"""

import contextlib
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from capture.errors import PeerBrokeProtocol
from capture.inline.between.enclosing import enclosing, for_peer, pointing
from capture.inline.between.passing import caller_for, crossing_headers, forwards_left
from capture.inline.call import Hop
from capture.inline.commands import (
    Accept,
    Acknowledge,
    CallCommand,
    Dial,
    DropFork,
    FindHops,
    GiveUp,
    HangUp,
    Offer,
    Progress,
    Refuse,
    Reply,
)
from capture.inline.events import Event, Reanswered
from capture.inline.exchange import Exchange, peering_of
from capture.inline.glare import PENDING, wait_us
from capture.inline.lines import Line
from capture.inline.recordings.indicating import OPTION
from capture.inline.routing.route import Target
from capture.inline.taking import RECORDING_HEADER
from capture.inline.transfers.leading import account_at
from capture.inline.transfers.referring import replaces_of
from capture.relaying import Side
from capture.sdp.description import SessionDescription
from capture.sdp.rendering import render_description
from capture.sip.agent import PASSED_METHODS, SERVED_METHODS, allowing
from capture.sip.build import Answer, Header
from capture.sip.call import OutgoingRequest
from capture.sip.events import (
    AnsweredAlready,
    NoSuchDialog,
    RequestPending,
)
from capture.sip.events import (
    Output as SipOutput,
)
from capture.sip.identity import DialogId
from capture.sip.message import Request
from capture.sip.outgoing import OutgoingCall
from capture.sip.uri import SipUri, parse_uri
from capture.siprec.outputs import Find, Now, Output
from capture.siprec.premises import SDP_TYPE

ALLOW: Final = allowing(*(each for each in PASSED_METHODS if each not in SERVED_METHODS))
_UNAVAILABLE: Final = 480
_CHANCE_BITS: Final = 31


@dataclass(frozen=True, slots=True)
class Said:
    """The line after a command, what goes out, what follows here, or in other calls (by key)."""

    line: Line
    outputs: list[Output]
    then: Event | None = None
    elsewhere: tuple[tuple[bytes, Event], ...] = ()


def say(exchange: Exchange, line: Line, command: CallCommand, now: Now) -> Said:
    """Carry out one command."""
    match command:
        case FindHops():
            target = exchange.target(command.target)
            uri = command.uri or request_uri(target, line)
            return Said(line, [Find(line.key, uri, place_uri(target, uri))])
        case Dial():
            return _dial(exchange, line, command, now)
        case Progress() | Accept() | Refuse():
            return _to_caller(exchange, line, command, now)
        case GiveUp() | HangUp() | DropFork():
            return _ending(exchange, line, command, now)
        case _:
            return _about_media(exchange, line, command, now)


def request_uri(target: Target, line: Line) -> bytes:
    """The Request-URI at a target: the number that is dialled, at its place (RFC 3261 §8.1.1.1).

    A service URN stays as it is; it is sent to the target all the same.
    """
    return uri_at(target, line.call.plan.number)


def uri_at(target: Target, number: bytes) -> bytes:
    """A number at a target's place."""
    if number.startswith(b"urn:"):
        return number
    raw = target.uri.encode()
    scheme, _, rest = raw.partition(b":")
    place = rest.rpartition(b"@")[2]
    return scheme + b":" + number + b"@" + place


def place_uri(target: Target, uri: bytes) -> bytes:
    """The URI whose host is looked for: the target's own where the Request-URI has none."""
    try:
        return uri if isinstance(parse_uri(uri), SipUri) else target.uri.encode()
    except PeerBrokeProtocol:
        return target.uri.encode()


def _dial(exchange: Exchange, line: Line, command: Dial, now: Now) -> Said:
    outgoing = _outgoing(exchange, line, command.hop, command.offer)
    line = msgspec.structs.replace(_left_alone(line), attempt=outgoing)
    return Said(line, _sent(exchange, exchange.premises.sip.call(outgoing, now.s), now))


# Attempts that were given up and may still be answered; each is over within 32 s of its CANCEL.
MAX_LEFT: Final = 16


def _outgoing(
    exchange: Exchange, line: Line, hop: Hop, offer: SessionDescription | None
) -> OutgoingCall:
    target = exchange.target(line.call.callee.peer)
    peering, invite = peering_of(target), line.invite
    host = hop.uri.rpartition(b"@")[2].partition(b";")[0]
    enclosures = for_peer(line.enclosures, peering)
    typed, body = enclosing(_body(offer), enclosures, exchange.tokens())
    return OutgoingCall(
        call_id=exchange.tokens() + b"@" + exchange.premises.place.node.encode(),
        local_tag=exchange.premises.sip.new_tag(),
        flow=exchange.flow_to(target, hop.transport, hop.remote, hop.uri),
        uri=hop.uri,
        from_address=caller_for(invite, peering),
        to_address=b"<sip:" + line.call.plan.number + b"@" + host + b">"
        if not hop.uri.startswith(b"urn:")
        else b"<" + hop.uri + b">",
        headers=(
            ALLOW,
            *timed(exchange),
            *pointing(crossing_headers(invite, peering), enclosures),
            *_replacing(exchange, invite),
            *recording_named(line),
            *supporting(exchange, line, Side.CALLER, offer),
            *typed,
        ),
        body=body,
        max_forwards=forwards_left(invite),
        account=target.name,
    )


def _to_caller(
    exchange: Exchange, line: Line, command: Progress | Accept | Refuse, now: Now
) -> Said:
    key, account = line.call.invite, account_at(exchange, line, Side.CALLER)
    assert key is not None
    match command:
        case Progress():
            answer = Answer(
                status=command.status,
                headers=(*line.told, *_typed(command.description)),
                body=_body(command.description),
                account=account,
            )
        case Accept():
            answer = Answer(
                status=200,
                headers=(
                    ALLOW,
                    *recording_named(line),
                    *aware_for(exchange, line, Side.CALLEE),
                    *line.told,
                    *_typed(command.description),
                ),
                body=_body(command.description),
                account=account,
                session_expires_s=exchange.switch.session_expires_s,
            )
        case Refuse():
            answer = Answer(status=command.status, reason=command.reason, headers=command.headers)
    try:
        outputs = exchange.premises.sip.respond(key, answer, now.s)
    except AnsweredAlready:
        return Said(line, [])
    return Said(line, _sent(exchange, outputs, now))


def _ending(exchange: Exchange, line: Line, command: GiveUp | HangUp | DropFork, now: Now) -> Said:
    match command:
        case GiveUp():
            return _given_up(exchange, line, command, now)
        case HangUp():
            dialog = line.call.end(command.side).dialog
            headers = (*_why(command.reason), *command.headers)
        case DropFork():
            dialog, headers = command.dialog, ()
    return Said(line, bye(exchange, dialog, headers, now))


def _given_up(exchange: Exchange, line: Line, command: GiveUp, now: Now) -> Said:
    """A CANCEL, with why (RFC 3326); what its answer says is no word of a successor's."""
    if line.attempt is None:
        return Said(line, [])
    outputs = exchange.premises.sip.cancel(line.attempt.attempt, now.s, _why(command.reason))
    line = _left_alone(line) if command.moves_on else line
    return Said(line, _sent(exchange, outputs, now))


def _left_alone(line: Line) -> Line:
    """Without an attempt that counts; the last one may still be answered."""
    if line.attempt is None:
        return line
    left = (*line.left, (line.attempt.call_id, line.attempt.local_tag))
    return msgspec.structs.replace(
        line,
        attempt=None,
        left=left[-MAX_LEFT:],
        seat_hosts=tuple(dict.fromkeys((*line.seat_hosts, *line.hosts)))[-MAX_LEFT:],
    )


def _why(reason: bytes) -> tuple[Header, ...]:
    return ((b"Reason", reason),) if reason else ()


def bye(
    exchange: Exchange, dialog: DialogId | None, headers: tuple[Header, ...], now: Now
) -> list[Output]:
    """BYE in a dialog that is still there; an ACK that waits for its answer goes before it."""
    sip, outputs = exchange.premises.sip, []
    if dialog is None:
        return []
    with contextlib.suppress(NoSuchDialog):
        outputs += sip.acknowledge(dialog, (), b"", now.s)
    try:
        outputs += sip.send_request(dialog, OutgoingRequest(method=b"BYE", headers=headers), now.s)
    except (NoSuchDialog, RequestPending):
        sip.forget_dialog(dialog)
    return _sent(exchange, outputs, now)


def _about_media(
    exchange: Exchange, line: Line, command: Acknowledge | Offer | Reply, now: Now
) -> Said:
    sip = exchange.premises.sip
    try:
        match command:
            case Reply():
                line, names = _owed_in(line, command)
                answer = Answer(
                    status=command.status,
                    headers=(*command.headers, *names, *_typed(command.description)),
                    body=_body(command.description),
                    session_expires_s=exchange.switch.session_expires_s,
                )
                outputs = sip.respond(command.key, answer, now.s)
            case Acknowledge():
                dialog = line.call.end(command.side).dialog
                assert dialog is not None
                body = _body(command.description)
                outputs = sip.acknowledge(dialog, _typed(command.description), body, now.s)
            case Offer():
                outputs = _offer(exchange, line, command, now)
                line = line.paid(command.side)
    except AnsweredAlready:
        return Said(line, [])
    except RequestPending:
        return Said(line, [], then=_unsent(exchange, line, command, PENDING))
    except NoSuchDialog:
        return Said(line, [], then=_unsent(exchange, line, command, _UNAVAILABLE))
    return Said(line, _sent(exchange, outputs, now))


def _unsent(
    exchange: Exchange, line: Line, command: Acknowledge | Offer | Reply, status: int
) -> Event | None:
    """An offer that could not go out is as good as refused."""
    if not isinstance(command, Offer):
        return None
    return met(exchange, line, Reanswered(command.side, status))


def met(exchange: Exchange, line: Line, event: Event | None) -> Event | None:
    """The event; where changes of both sides have met, with how long we wait before the next."""
    if not isinstance(event, Reanswered) or event.status != PENDING:
        return event
    chance = exchange.numbers(_CHANCE_BITS)
    made_call_id = not line.sources[event.side]
    return replace(event, wait_us=wait_us(chance, made_call_id=made_call_id))


def _owed_in(line: Line, command: Reply) -> tuple[Line, tuple[Header, ...]]:
    """What who asked is to hear of the other side, where it is answered with a yes."""
    ends = (line.call.caller, line.call.callee)
    asked = (e.side for e in ends if e.dialog and e.dialog.call_id == command.key.call_id)
    side = next(asked, None)
    if side is None or command.status // 100 != 2:  # noqa: PLR2004 - RFC 3261 §7.2
        return line, ()
    return line.paid(side), line.owed[side]


def _offer(exchange: Exchange, line: Line, command: Offer, now: Now) -> list[SipOutput]:
    """By the same method as it came, where the peer takes that (RFC 3311 §4)."""
    sip, dialog = exchange.premises.sip, line.call.end(command.side).dialog
    if dialog is None:
        raise NoSuchDialog("that side has no dialog")
    method = command.method
    if method == b"UPDATE" and not sip.allows_update(dialog):
        method = b"INVITE"
    request = OutgoingRequest(
        method=method,
        headers=(ALLOW, *line.owed[command.side], *_typed(command.description)),
        body=_body(command.description),
    )
    return sip.send_request(dialog, request, now.s)


def timed(exchange: Exchange) -> tuple[Header, ...]:
    """Session-Expires of an INVITE of ours."""
    seconds = exchange.switch.session_expires_s
    return ((b"Session-Expires", b"%d" % seconds),) if seconds else ()


def recording_named(line: Line) -> tuple[Header, ...]:
    """The name of the call's recording, where there is to be one, or may be."""
    named = line.call.plan.records or line.call.plan.may_start
    return ((RECORDING_HEADER, line.key.hex().encode()),) if named else ()


def supporting(
    exchange: Exchange, line: Line, side: Side, offer: SessionDescription | None
) -> tuple[Header, ...]:
    """Supported of an INVITE of ours; where this side of the call is aware, so are we.

    Without an offer of ours a reliable 1xx would be one, which a PRACK has to answer (RFC 3262 §5)
    before the caller has: such a call asks for none.
    """
    if offer is not None:
        return aware_for(exchange, line, side)
    aware = (OPTION,) if line.call.end(side).is_aware else ()
    return ((b"Supported", b", ".join((*aware, b"timer"))),)


def aware_for(exchange: Exchange, line: Line, side: Side) -> tuple[Header, ...]:
    """We can be told of a recording where this side would be told in turn (RFC 7866 §6.3)."""
    aware = line.call.end(side).is_aware
    return (exchange.premises.sip.supporting(OPTION),) if aware else ()


def _replacing(exchange: Exchange, invite: Request) -> tuple[Header, ...]:
    """A Replaces that names a dialog between us and who is called: he knows what it is about."""
    try:
        replaces = replaces_of(invite)
    except PeerBrokeProtocol:
        return ()
    if replaces is None or exchange.lines.of_dialog(replaces.beyond) is None:
        return ()
    return ((b"Replaces", bytes(replaces)),)


def described(description: SessionDescription) -> tuple[tuple[Header, ...], bytes]:
    """Headers and body of a description."""
    return _typed(description), _body(description)


def _typed(description: SessionDescription | None) -> tuple[Header, ...]:
    return () if description is None else (SDP_TYPE,)


def _body(description: SessionDescription | None) -> bytes:
    return b"" if description is None else render_description(description)


def _sent(exchange: Exchange, outputs: list[SipOutput], now: Now) -> list[Output]:
    return exchange.premises.sent(outputs, now)
