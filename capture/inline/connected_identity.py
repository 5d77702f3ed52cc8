"""Who a party says it is by now, told to the other side where that may hear it.

Steps over the exchange (RFC 3325 §7, RFC 4916 §4, draft-ietf-sip-privacy-04). Knows nothing of what
the recording makes of a name.
"""

from typing import Final

import msgspec

from capture.inline.dialogs.refresh_requests import said_aside
from capture.inline.messages.header_filter import Peering, names_in, without_tag
from capture.inline.outgoing_invite import ALLOW
from capture.inline.recordings.party_names import changed_from
from capture.inline.state.bridged_calls import Headers, Line
from capture.inline.state.ends import other
from capture.inline.state.exchange import Exchange, peering_of
from capture.inline.state.stages import CalleeStage, CallerStage
from capture.links.relay_messages import Side
from capture.recording.outputs import Now, Output
from capture.sip.call import OutgoingRequest
from capture.sip.events import (
    Event as SipEvent,
    ReinviteReceived,
    ResponseReceived,
    UpdateReceived,
)
from capture.sip.message import Request

_NAMING: Final = frozenset({b"INVITE", b"UPDATE"})
_ACCEPTED: Final = range(200, 300)


def peering_at(exchange: Exchange, line: Line, side: Side) -> Peering:
    """What may be told to who is on this side."""
    source = line.sources[side]
    if source:
        return peering_of(exchange.node.sources.named(source))
    return peering_of(exchange.target(line.call.end(side).peer))


def introduced(exchange: Exchange, line: Line, side: Side, event: SipEvent) -> Line:
    """With what the other side is to hear of this one, where it is another name than before."""
    if line.call.callee_stage is not CalleeStage.ANSWERED:
        return line
    to = peering_at(exchange, line, other(side))
    names = _names(line, side, event, to)
    if not names or names == _known(line, side, to):
        return line
    said, owed = list(line.said), list(line.owed)
    said[side], owed[other(side)] = names, names
    return msgspec.structs.replace(line, said=(said[0], said[1]), owed=(owed[0], owed[1]))


def _names(line: Line, side: Side, event: SipEvent, to: Peering) -> Headers:
    match event:
        case ReinviteReceived() | UpdateReceived():
            return names_in(event.request, to) or _of_from(line, side, event.request, to)
        case ResponseReceived() if event.response.status in _ACCEPTED and event.method in _NAMING:
            return names_in(event.response, to)
        case _:
            return ()


def _of_from(line: Line, side: Side, request: Request, to: Peering) -> Headers:
    """Another From than before; nobody has vouched for it, and our own stays as it began."""
    said = changed_from(line, side, request) if to.trusted else None
    if said is None:
        return ()
    return ((b"Remote-Party-ID", without_tag(said) + b";party=calling;screen=no"),)


def _known(line: Line, side: Side, to: Peering) -> Headers:
    """What was told of it last; at first, what its INVITE said, or its answer."""
    if line.said[side] or side in line.moved:
        return line.said[side]
    return names_in(line.invite, to) if side is Side.CALLER else line.answered_as


def made_known(exchange: Exchange, line: Line, now: Now) -> list[Output]:
    """What a side is still owed, by an UPDATE without a body (RFC 3311 §5.1), where it takes that.

    Not while an offer is under way, or before both talk: the next request to it says it.
    """
    call, outputs = line.call, list[Output]()
    is_up = call.has_answered and call.caller_stage is CallerStage.TALKING
    if not is_up or call.change is not None or call.transfer is not None:
        return []
    for side in (each for each in Side if line.owed[each]):
        outputs += _updated(exchange, line, side, now)
        line = exchange.lines.get(line.key) or line
    return outputs


def _updated(exchange: Exchange, line: Line, side: Side, now: Now) -> list[Output]:
    sip, dialog = exchange.node.sip, line.call.end(side).dialog
    if dialog is None or not sip.allows_update(dialog):
        return []
    request = OutgoingRequest(method=b"UPDATE", headers=(ALLOW, *line.owed[side]))
    line, outputs = said_aside(exchange, line, side, (dialog, request), now)
    if outputs:
        exchange.lines.keep(line.paid(side))
    return outputs
