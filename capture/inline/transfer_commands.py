"""What a transfer wants done, said in SIP: NOTIFY, INVITE of the target, who is moved or let go.

Turns commands into requests and answers of `SipCore`. Knows nothing of why.
"""

from typing import Final

import msgspec

from capture.inline.dialogs.teardown import bye
from capture.inline.messages.header_filter import (
    ANONYMOUS,
    PeerTrust,
    identity_headers,
    wants_privacy,
    without_tag,
)
from capture.inline.outgoing_invite import (
    ALLOW,
    described,
    place_uri,
    recording_named,
    supporting,
    timed,
    uri_at,
)
from capture.inline.recordings.parties import whos
from capture.inline.recordings.party_names import begun_with
from capture.inline.sip_commands import CommandResult
from capture.inline.state.bridged_calls import ArrivingParty, BridgedCall
from capture.inline.state.call_commands import (
    AcceptTransferTarget,
    AnswerReferral,
    Borrow,
    BringOver,
    DialTransferTarget,
    FindTransferTarget,
    GiveBack,
    GiveUpTransferTarget,
    KeepBorrowed,
    LetGo,
    Notify,
    RefuseTransferTarget,
    TransferCommand,
)
from capture.inline.state.call_dialogs import name_of
from capture.inline.state.call_events import (
    Grouped,
    Lent,
    Lost,
    OfTransferTarget,
    Refused,
    Returned,
)
from capture.inline.state.ends import other
from capture.inline.state.exchange import Exchange, trust_of
from capture.inline.state.transfer import Transfer
from capture.links.relay_messages import Side
from capture.raw_text import text_of
from capture.recording.outputs import Find, Now, Output
from capture.sip.address import NameAddress
from capture.sip.build import REASONS, Answer, Header
from capture.sip.call import OutgoingRequest
from capture.sip.events import AnsweredAlready, NoSuchDialog, RequestPending
from capture.sip.outgoing_call import OutgoingCall

_FRAGMENT: Final[Header] = (b"Content-Type", b"message/sipfrag;version=2.0")
_OVER: Final = b"terminated;reason=noresource"
# How long a place is rung at, and until a word on it can have come.
_BEYOND_RINGING_S: Final = 60
_PENDING: Final = 491
_UNAVAILABLE: Final = 480


def tell(
    exchange: Exchange, bridged: BridgedCall, command: TransferCommand, now: Now
) -> CommandResult:
    match command:
        case Borrow() | GiveBack() | KeepBorrowed():
            return _between(exchange, bridged, command, now)
        case FindTransferTarget() | DialTransferTarget() | GiveUpTransferTarget():
            return _to_transfer_target(exchange, bridged, command, now)
        case BringOver():
            return _bring(exchange, bridged, command, now)
        case Notify():
            return CommandResult(bridged, _notify(exchange, bridged, command, now))
        case LetGo():
            return CommandResult(bridged, bye(exchange, command.dialog, (), now))
        case _:
            return CommandResult(bridged, _answer(exchange, bridged, command, now))


def _notify(exchange: Exchange, bridged: BridgedCall, command: Notify, now: Now) -> list[Output]:
    """RFC 3515 §2.4.5: how far the new call is, as the status line that we have of it."""
    reason = command.reason or REASONS.get(command.status, b"")
    left_s = 0 if command.is_over else bridged.call.plan.ring_s + _BEYOND_RINGING_S
    state = _OVER if command.is_over else b"active;expires=%d" % left_s
    request = OutgoingRequest(
        method=b"NOTIFY",
        headers=((b"Event", command.event), (b"Subscription-State", state), _FRAGMENT),
        body=b"SIP/2.0 %d %s\r\n" % (command.status, reason),
    )
    try:
        outputs = exchange.node.sip.notify(command.dialog, request, now.s + left_s, now.s)
    except (NoSuchDialog, RequestPending):
        return []
    return exchange.node.sent(outputs, now)


def _answer(
    exchange: Exchange,
    bridged: BridgedCall,
    command: AnswerReferral | AcceptTransferTarget | RefuseTransferTarget,
    now: Now,
) -> list[Output]:
    match command:
        case AnswerReferral():
            quiet: tuple[Header, ...] = ((b"Refer-Sub", b"false"),) if command.is_quiet else ()
            answer = Answer(status=command.status, headers=quiet)
        case AcceptTransferTarget():
            headers, body = described(command.description)
            told = (ALLOW, *recording_named(bridged), *headers)
            wanted_s = exchange.switch.session_expires_s
            answer = Answer(status=200, headers=told, body=body, session_expires_s=wanted_s)
        case RefuseTransferTarget():
            answer = Answer(status=command.status, headers=command.headers)
    try:
        outputs = exchange.node.sip.respond(command.key, answer, now.s)
    except AnsweredAlready:
        return []
    return exchange.node.sent(outputs, now)


def _to_transfer_target(
    exchange: Exchange,
    bridged: BridgedCall,
    command: FindTransferTarget | DialTransferTarget | GiveUpTransferTarget,
    now: Now,
) -> CommandResult:
    sip, node = exchange.node.sip, exchange.node
    match command:
        case FindTransferTarget():
            target = exchange.target(command.target)
            uri = uri_at(target, command.number)
            return CommandResult(bridged, [Find(bridged.key, uri, place_uri(target, uri))])
        case DialTransferTarget():
            outgoing = _outgoing(exchange, bridged, command)
            bridged = _called(bridged, outgoing)
            return CommandResult(bridged, node.sent(sip.call(outgoing, now.s), now))
        case GiveUpTransferTarget():
            if bridged.successor is None:
                return CommandResult(bridged, [])
            return CommandResult(
                bridged, node.sent(sip.cancel(bridged.successor.attempt, now.s), now)
            )


def _called(bridged: BridgedCall, outgoing: OutgoingCall) -> BridgedCall:
    """With the transfer target's name; an attempt before this one may still be answered."""
    transfer = bridged.call.transfer
    assert transfer is not None
    former, dialogs = bridged.successor, bridged.dialogs
    if former is not None and not bridged.is_seated(former.attempt):
        dialogs = dialogs.over((former.call_id, former.local_tag))
    name, uri = (outgoing.call_id, outgoing.local_tag), outgoing.to_address.strip(b"<>")
    return msgspec.structs.replace(
        bridged,
        successor=outgoing,
        dialogs=dialogs.seated(name, transfer.by),
        arriving=ArrivingParty(who=(text_of(uri), ""), uri=uri),
    )


def _outgoing(
    exchange: Exchange, bridged: BridgedCall, command: DialTransferTarget
) -> OutgoingCall:
    transfer, hop = bridged.call.transfer, command.hop
    assert transfer is not None
    assert transfer.aim is not None
    target = exchange.target(transfer.aim.name)
    host = hop.uri.rpartition(b"@")[2].partition(b";")[0]
    headers, body = described(command.offer)
    return OutgoingCall(
        call_id=exchange.tokens() + b"@" + exchange.node.place.node.encode(),
        local_tag=exchange.node.sip.new_tag(),
        flow=exchange.flow_to(target, hop.transport, hop.remote, hop.uri),
        uri=hop.uri,
        from_address=_from_for(bridged, transfer, trust_of(target)),
        to_address=b"<sip:" + transfer.number + b"@" + host + b">",
        headers=(
            ALLOW,
            *timed(exchange),
            *_vouched(bridged, transfer, trust_of(target)),
            *_of_referral(transfer),
            *recording_named(bridged),
            *supporting(exchange, bridged, other(transfer.by), command.offer),
            *headers,
        ),
        body=body,
        account=target.name,
        owner=exchange.owner_at(bridged, target, hop.remote.host),
    )


def _from_for(bridged: BridgedCall, transfer: Transfer, to: PeerTrust) -> bytes:
    """Who stays is who calls; anonymous where he must not be told."""
    stays = other(transfer.by)
    if stays is Side.CALLER and not to.trusted and wants_privacy(bridged.invite):
        return ANONYMOUS
    uri, name = (text.encode() for text in whos(bridged)[stays])
    return without_tag(NameAddress(raw=b"", display=name, uri=uri, params=()))


def _vouched(bridged: BridgedCall, transfer: Transfer, to: PeerTrust) -> tuple[Header, ...]:
    """What a network says of the first caller, while he is who stays."""
    if transfer.by is Side.CALLER or Side.CALLER in bridged.sides.moved:
        return ()
    return identity_headers(bridged.invite, to)


def _of_referral(transfer: Transfer) -> tuple[Header, ...]:
    said = ((b"Referred-By", transfer.referred_by), (b"Replaces", transfer.replaces))
    return tuple(each for each in said if each[1])


def _bring(exchange: Exchange, bridged: BridgedCall, command: BringOver, now: Now) -> CommandResult:
    """The party of another call is asked to send to this place."""
    headers, body = described(command.offer)
    request = OutgoingRequest(method=b"INVITE", headers=(ALLOW, *headers), body=body)
    try:
        outputs = exchange.node.sip.send_request(command.dialog, request, now.s)
    except NoSuchDialog:
        return CommandResult(bridged, [], then=OfTransferTarget(Refused(_UNAVAILABLE)))
    except RequestPending:
        return CommandResult(bridged, [], then=OfTransferTarget(Refused(_PENDING)))
    return CommandResult(bridged, exchange.node.sent(outputs, now))


def _between(
    exchange: Exchange, bridged: BridgedCall, command: Borrow | GiveBack | KeepBorrowed, now: Now
) -> CommandResult:
    """A dialog changes from one call to another, or back: it is of one call at a time."""
    lender = exchange.calls.get(command.call)
    match command:
        case Borrow():
            return _borrowed(exchange, bridged, lender, command)
        case GiveBack():
            return _given_back(exchange, bridged, lender, command, now)
        case KeepBorrowed():
            return CommandResult(
                bridged,
                [],
                elsewhere=(
                    (command.call, Grouped(command.group)),
                    (command.call, Lost(command.side)),
                ),
            )


def _borrowed(
    exchange: Exchange, bridged: BridgedCall, lender: BridgedCall | None, command: Borrow
) -> CommandResult:
    transfer = bridged.call.transfer
    if lender is None or transfer is None:
        return CommandResult(bridged, [])
    name = name_of(command.dialog)
    exchange.calls.keep(lender.with_dialogs(lender.dialogs.lending(name)))
    bridged = msgspec.structs.replace(
        bridged,
        dialogs=bridged.dialogs.seated(name, transfer.by, lender.hosts),
        arriving=ArrivingParty(
            who=whos(lender)[command.side],
            source=lender.sides.sources[command.side],
            uri=begun_with(lender, command.side),
        ),
    )
    return CommandResult(bridged, [], elsewhere=((command.call, Lent(command.side)),))


def _given_back(
    exchange: Exchange,
    bridged: BridgedCall,
    lender: BridgedCall | None,
    command: GiveBack,
    now: Now,
) -> CommandResult:
    """Where its own call is over meanwhile, or it is gone itself, it is let go."""
    name = name_of(command.dialog)
    bridged = bridged.with_dialogs(bridged.dialogs.unseated(name))
    exchange.calls.keep(bridged)
    if lender is None or lender.call.is_over:
        return CommandResult(bridged, bye(exchange, command.dialog, (), now))
    exchange.calls.keep(lender.with_dialogs(lender.dialogs.given_back(name)))
    is_there = exchange.node.sip.has_dialog(command.dialog)
    back = Returned(command.side, command.dialog) if is_there else Lost(command.side)
    return CommandResult(bridged, [], elsewhere=((command.call, back),))
