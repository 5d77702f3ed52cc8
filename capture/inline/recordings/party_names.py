"""Who a party of a call says it is, as the messages in its dialog have it.

Rules over one event of `SipCore` (RFC 3325, RFC 4916, draft-ietf-sip-privacy-04). Knows nothing of
recordings.
"""

from typing import Final

import msgspec

from archive.call.numbers import user_part
from capture.errors import PeerBrokeProtocol
from capture.inline.messages.header_filter import PeerTrust, crossing_headers, names_in
from capture.inline.recordings.parties import asserted_in, caller_address, whos
from capture.inline.state.bridged_calls import NOBODY, BridgedCall, Who
from capture.inline.state.stages import CalleeStage
from capture.links.relay_messages import Side
from capture.raw_text import text_of
from capture.sip.address import NameAddress, parse_address
from capture.sip.events import (
    Event as SipEvent,
    PrackReceived,
    ReinviteReceived,
    ResponseReceived,
    UpdateReceived,
)
from capture.sip.message import Request, Response
from capture.sip.uri import SipUri, parse_uri

_PROGRESS: Final = range(101, 300)
_ANSWERS: Final = range(200, 300)
_NAMING: Final = frozenset({b"INVITE", b"UPDATE"})


def named(bridged: BridgedCall, side: Side, event: SipEvent, to: PeerTrust) -> BridgedCall:
    """With what a message of this side says of it; `to` is what the caller may hear of a callee."""
    match event:
        case ResponseReceived() if event.response.status in _PROGRESS and event.method in _NAMING:
            if side is Side.CALLEE and bridged.call.callee_stage is not CalleeStage.ANSWERED:
                bridged = msgspec.structs.replace(
                    bridged,
                    told=crossing_headers(event.response, to),
                    identity=msgspec.structs.replace(
                        bridged.identity, answered_as=names_in(event.response, to)
                    ),
                )
                if event.method == b"INVITE" and event.response.status in _ANSWERS:
                    return _answering(bridged, event.response)
            return _with(bridged, side, asserted_in(event.response))
        case ReinviteReceived() | UpdateReceived() | PrackReceived():
            said = asserted_in(event.request) or changed_from(bridged, side, event.request)
            return _with(bridged, side, said)
        case _:
            return bridged


def target_named(bridged: BridgedCall, event: SipEvent) -> BridgedCall:
    """With what a response of who is to take a place says of him."""
    if not isinstance(event, ResponseReceived) or event.response.status not in _PROGRESS:
        return bridged
    said = asserted_in(event.response)
    if said is None:
        return bridged
    return msgspec.structs.replace(
        bridged, arriving=msgspec.structs.replace(bridged.arriving, who=_who(said))
    )


def _answering(bridged: BridgedCall, response: Response) -> BridgedCall:
    """With who has answered: of him the call says whose id it is.

    The user of the callee's Contact tells which telephone of a group it is.
    """
    contact = response.contact if bridged.call.plan.tells_by_contact else None
    user = b"" if contact is None else user_part(text_of(contact.uri)).encode()
    agents = msgspec.structs.replace(bridged.agents, answers_as=user or bridged.agents.answers_as)
    bridged = msgspec.structs.replace(bridged, agents=agents)
    bridged = _with(bridged, Side.CALLEE, asserted_in(response))
    agents = msgspec.structs.replace(bridged.agents, of_callee=whos(bridged)[Side.CALLEE][0])
    return msgspec.structs.replace(bridged, agents=agents)


def _with(bridged: BridgedCall, side: Side, said: NameAddress | None) -> BridgedCall:
    """Who is named is known by that, no longer by a Contact.

    Another spelling of who is there already is no other party, and a display name that a PBX keeps
    beside another number is none of him.
    """
    if said is None:
        return bridged
    known, name = whos(bridged)[side]
    is_up = bridged.call.callee_stage is CalleeStage.ANSWERED
    if _is_same(said.uri, known):
        display = _own_display(bridged, side, said)
        who = (known, display or name)
        return bridged.with_who(side, who if is_up else (text_of(said.uri), display))
    former = (known, name) if name else bridged.agents.stale[side]
    agents = bridged.agents.kept(side, former)
    if side is Side.CALLEE:
        agents = msgspec.structs.replace(agents, answers_as=b"")
    bridged = msgspec.structs.replace(bridged, agents=agents)
    return bridged.with_who(side, (text_of(said.uri), _own_display(bridged, side, said)))


def _own_display(bridged: BridgedCall, side: Side, said: NameAddress) -> str:
    """The name that is said of him, "" where it is that of another who was there."""
    display, (owner, name) = text_of(said.display), bridged.agents.stale[side]
    return "" if display == name and not _is_same(said.uri, owner) else display


def is_first(bridged: BridgedCall, side: Side) -> bool:
    """Is who called, or who answered, there now, for the first time or again?

    Not where another one came by a transfer of ours.
    """
    if side in bridged.sides.moved:
        return False
    now = whos(bridged)[side][0]
    if side is Side.CALLER:
        return _is_same(caller_address(bridged.invite).uri, now)
    return not bridged.agents.of_callee or _is_same(bridged.agents.of_callee.encode(), now)


def _is_same(uri: bytes, other: str) -> bool:
    return _meant_by(uri) == _meant_by(other.encode())


def _who(said: NameAddress) -> Who:
    return text_of(said.uri), text_of(said.display)


def changed_from(bridged: BridgedCall, side: Side, request: Request) -> NameAddress | None:
    """From, where it is another than the dialog began with, or than was said last (RFC 4916 §4)."""
    said = request.from_address
    known = bridged.calls_as if side is Side.CALLER else bridged.answered_by
    if text_of(said.uri) == known[0]:
        return said if known != NOBODY and said.display else None
    return None if _meant_by(said.uri) == _meant_by(begun_with(bridged, side)) else said


def _meant_by(uri: bytes) -> tuple[bytes, bytes]:
    """Who is meant: From has no port and no way to reach him, and telephones drop them there.

    RFC 3261 §19.1.1.
    """
    try:
        parsed = parse_uri(uri)
    except PeerBrokeProtocol:
        return uri, b""
    if not isinstance(parsed, SipUri) or parsed.user is None:
        return uri, b""
    return parsed.user, parsed.host.lower()


def begun_with(bridged: BridgedCall, side: Side) -> bytes:
    """The URI by which this party was known when its dialog began."""
    if side in bridged.sides.moved:
        return bridged.sides.began_as[side]
    if side is Side.CALLER:
        return bridged.invite.from_address.uri
    return b"" if bridged.attempt is None else parse_address(bridged.attempt.to_address).uri
