"""What an inline call wants done, said in SIP.

Turns commands into requests and answers of `SipCore`. Knows nothing of why.
"""

from dataclasses import dataclass, replace
from typing import Final

import msgspec

from capture.inline.bridge.glare import PENDING, wait_us
from capture.inline.dialogs.teardown import bye, given_up, left_alone, reasons, sent, taken_back
from capture.inline.outgoing_invite import (
    ALLOW,
    aware_for,
    body_of,
    body_type,
    outgoing_call,
    place_uri,
    recording_named,
    request_uri,
)
from capture.inline.state.bridged_calls import NOBODY, BridgedCall
from capture.inline.state.call_commands import (
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
    Retract,
)
from capture.inline.state.call_events import Event, Reanswered
from capture.inline.state.exchange import Exchange
from capture.inline.transfer_target import account_at
from capture.links.relay_messages import Side
from capture.recording.outputs import Find, Now, Output
from capture.sip.build import Answer, Header
from capture.sip.call import OutgoingRequest
from capture.sip.events import AnsweredAlready, NoSuchDialog, Output as SipOutput, RequestPending

_UNAVAILABLE: Final = 480
_CHANCE_BITS: Final = 31


@dataclass(frozen=True, slots=True)
class CommandResult:
    """The call after a command, what goes out, what follows here, or in other calls (by key)."""

    bridged: BridgedCall
    outputs: list[Output]
    then: Event | None = None
    elsewhere: tuple[tuple[bytes, Event], ...] = ()


def say(exchange: Exchange, bridged: BridgedCall, command: CallCommand, now: Now) -> CommandResult:
    match command:
        case FindHops():
            target = exchange.target(command.target)
            uri = command.uri or request_uri(target, bridged)
            return CommandResult(bridged, [Find(bridged.key, uri, place_uri(target, uri))])
        case Dial():
            return _dial(exchange, bridged, command, now)
        case Progress() | Accept() | Refuse():
            return _to_caller(exchange, bridged, command, now)
        case GiveUp() | HangUp() | DropFork() | Retract():
            return _ending(exchange, bridged, command, now)
        case _:
            return _about_media(exchange, bridged, command, now)


def _dial(exchange: Exchange, bridged: BridgedCall, command: Dial, now: Now) -> CommandResult:
    outgoing = outgoing_call(exchange, bridged, command.hop, command.offer)
    # Who rang elsewhere is not who is called here.
    bridged = left_alone(bridged).with_who(Side.CALLEE, NOBODY)
    bridged = msgspec.structs.replace(bridged, attempt=outgoing)
    return CommandResult(bridged, sent(exchange, exchange.node.sip.call(outgoing, now.s), now))


def _to_caller(
    exchange: Exchange, bridged: BridgedCall, command: Progress | Accept | Refuse, now: Now
) -> CommandResult:
    key, account = bridged.call.invite, account_at(exchange, bridged, Side.CALLER)
    assert key is not None
    match command:
        case Progress():
            answer = Answer(
                status=command.status,
                headers=(*bridged.told, *body_type(command.description)),
                body=body_of(command.description),
                account=account,
            )
        case Accept():
            answer = Answer(
                status=200,
                headers=(
                    ALLOW,
                    *recording_named(bridged),
                    *aware_for(exchange, bridged, Side.CALLEE),
                    *bridged.told,
                    *body_type(command.description),
                ),
                body=body_of(command.description),
                account=account,
                session_expires_s=exchange.switch.session_expires_s,
            )
        case Refuse():
            answer = Answer(status=command.status, reason=command.reason, headers=command.headers)
    try:
        outputs = exchange.node.sip.respond(key, answer, now.s)
    except AnsweredAlready:
        return CommandResult(bridged, [])
    return CommandResult(bridged, sent(exchange, outputs, now))


def _ending(
    exchange: Exchange,
    bridged: BridgedCall,
    command: GiveUp | HangUp | DropFork | Retract,
    now: Now,
) -> CommandResult:
    match command:
        case GiveUp():
            return CommandResult(*given_up(exchange, bridged, command, now))
        case Retract():
            return CommandResult(
                bridged, taken_back(exchange, bridged.call.end(command.side).dialog, now)
            )
        case HangUp():
            dialog = bridged.call.end(command.side).dialog
            headers = (*reasons(command.reason), *command.headers)
        case DropFork():
            dialog, headers = command.dialog, ()
    return CommandResult(bridged, bye(exchange, dialog, headers, now))


def _about_media(
    exchange: Exchange, bridged: BridgedCall, command: Acknowledge | Offer | Reply, now: Now
) -> CommandResult:
    sip = exchange.node.sip
    try:
        match command:
            case Reply():
                bridged, names = _owed_in(bridged, command)
                answer = Answer(
                    status=command.status,
                    headers=(*command.headers, *names, *body_type(command.description)),
                    body=body_of(command.description),
                    session_expires_s=exchange.switch.session_expires_s,
                )
                outputs = sip.respond(command.key, answer, now.s)
            case Acknowledge():
                dialog = bridged.call.end(command.side).dialog
                assert dialog is not None
                body = body_of(command.description)
                outputs = sip.acknowledge(dialog, body_type(command.description), body, now.s)
            case Offer():
                outputs = _offer(exchange, bridged, command, now)
                bridged = bridged.paid(command.side)
    except AnsweredAlready:
        return CommandResult(bridged, [])
    except RequestPending:
        return CommandResult(bridged, [], then=_unsent(exchange, bridged, command, PENDING))
    except NoSuchDialog:
        return CommandResult(bridged, [], then=_unsent(exchange, bridged, command, _UNAVAILABLE))
    return CommandResult(bridged, sent(exchange, outputs, now))


def _unsent(
    exchange: Exchange, bridged: BridgedCall, command: Acknowledge | Offer | Reply, status: int
) -> Event | None:
    """An offer that could not go out is as good as refused."""
    if not isinstance(command, Offer):
        return None
    return met(exchange, bridged, Reanswered(command.side, status))


def met(exchange: Exchange, bridged: BridgedCall, event: Event | None) -> Event | None:
    """The event; where changes of both sides have met, with how long we wait before the next."""
    if not isinstance(event, Reanswered) or event.status != PENDING:
        return event
    chance = exchange.numbers(_CHANCE_BITS)
    made_call_id = not bridged.sides.sources[event.side]
    return replace(event, wait_us=wait_us(chance, made_call_id=made_call_id))


def _owed_in(bridged: BridgedCall, command: Reply) -> tuple[BridgedCall, tuple[Header, ...]]:
    """What who asked is to hear of the other side, where it is answered with a yes."""
    ends = (bridged.call.caller, bridged.call.callee)
    asked = (e.side for e in ends if e.dialog and e.dialog.call_id == command.key.call_id)
    side = next(asked, None)
    if side is None or command.status // 100 != 2:  # noqa: PLR2004 - RFC 3261 §7.2
        return bridged, ()
    return bridged.paid(side), bridged.identity.owed[side]


def _offer(exchange: Exchange, bridged: BridgedCall, command: Offer, now: Now) -> list[SipOutput]:
    """By the same method as it came, where the peer takes that (RFC 3311 §4)."""
    sip, dialog = exchange.node.sip, bridged.call.end(command.side).dialog
    if dialog is None:
        raise NoSuchDialog("that side has no dialog")
    method = command.method
    if method == b"UPDATE" and not sip.allows_update(dialog):
        method = b"INVITE"
    request = OutgoingRequest(
        method=method,
        headers=(
            ALLOW,
            *bridged.identity.owed[command.side],
            *command.headers,
            *body_type(command.description),
        ),
        body=body_of(command.description),
    )
    return sip.send_request(dialog, request, now.s)
