"""What those in an inline call, and who operates it, want of its recording: whether it is done.

Steps over the exchange. Knows nothing of how a wish travels.
"""

from typing import Final

from archive.call.events import RecordingStarted
from archive.call.live import Why
from capture.admission.capacity import Full
from capture.inline.bridge.recording_preference import is_unwanted
from capture.inline.recordings.call_parties import parties_at
from capture.inline.recordings.key_codes import Code
from capture.inline.state.bridged_calls import BridgedCall
from capture.inline.state.call import InlineCall
from capture.inline.state.call_events import Event, Started
from capture.inline.state.exchange import Exchange
from capture.links.relay_messages import Side
from capture.recording.outputs import Now, Output
from capture.recording.pause_control import ControlRefused, header_obeyed, pause, resume
from capture.recording.session import SessionFull, noted
from capture.sip.events import Event as SipEvent, ReinviteReceived, RequestReceived, UpdateReceived

KEYS: Final = "keys"
# What a recording needs and a call does not.
_LACKING: Final = frozenset({Full.SPOOL_BYTES, Full.SPOOL_INODES})


def asked_to_start(exchange: Exchange, bridged: BridgedCall, said: RecordingStarted) -> Started:
    """The call's event, once the recording will tell who began it; raises `ControlRefused`."""
    session = exchange.node.sessions.get(bridged.key)
    if session is None or bridged.cut is not None:
        raise ControlRefused(Why.NOT_LIVE)
    if any(session.live):
        raise ControlRefused(Why.ALREADY_RECORDED)
    hindrance = _hindrance(bridged.call)
    if hindrance is not None:
        raise ControlRefused(hindrance)
    if exchange.node.capacity.vacancy.full in _LACKING:
        raise ControlRefused(Why.NO_ROOM)
    try:
        exchange.node.sessions.keep(noted(session, said))
    except SessionFull:
        raise ControlRefused(Why.FULL) from None
    return Started()


def _hindrance(call: InlineCall) -> Why | None:
    """What in the call itself keeps recording from being begun by hand."""
    if not call.plan.control.may_start:
        return Why.FORBIDDEN
    if is_unwanted(call):
        return Why.UNWANTED
    if not call.is_startable:
        return Why.NOT_LIVE
    return None if call.transfer is None else Why.NOT_NOW


def asked_by_header(
    exchange: Exchange, bridged: BridgedCall, side: Side, event: SipEvent, now: Now
) -> list[Output]:
    """A party whose source or target may pauses and resumes by the header of a request."""
    session = exchange.node.sessions.get(bridged.key)
    if session is None or not isinstance(
        event, RequestReceived | ReinviteReceived | UpdateReceived
    ):
        return []
    by = _who_may(exchange, bridged, side)
    if not by or not bridged.is_seated(event.dialog):
        return []
    return header_obeyed(exchange.node, session, event.request, by, now)


def _who_may(exchange: Exchange, bridged: BridgedCall, side: Side) -> str:
    """The source that brought this side, or the target it was called at; "" where it may not."""
    name = bridged.sides.sources[side]
    if name:
        may = exchange.node.peers.sources.named(name).pause_by_header
        return f"source {name}" if may else ""
    peer = bridged.call.end(side).peer
    return f"target {peer}" if exchange.target(peer).pause_by_header else ""


def keyed_in(
    exchange: Exchange, bridged: BridgedCall, side: Side, code: Code, now: Now
) -> tuple[list[Output], Event | None]:
    """The agent's code is carried out; one that is keyed twice changes nothing."""
    session = exchange.node.sessions.get(bridged.key)
    assert session is not None
    party = parties_at(exchange, bridged, session)[side]
    return obeyed(exchange, bridged, code, (party.also or party.aor, KEYS), now)


def obeyed(
    exchange: Exchange, bridged: BridgedCall, code: Code, who: tuple[str, str], now: Now
) -> tuple[list[Output], Event | None]:
    """What `who` wants (and why) is done, or has been, or cannot be: nobody is told which."""
    session = exchange.node.sessions.get(bridged.key)
    if session is None:
        return [], None
    by, reason = who
    try:
        match code:
            case Code.PAUSE:
                return pause(exchange.node, session, by, reason, now), None
            case Code.RESUME:
                return resume(exchange.node, session, by, now), None
            case Code.START:
                said = RecordingStarted(at_us=now.us, by=by, reason=reason)
                return [], asked_to_start(exchange, bridged, said)
    except ControlRefused:
        return [], None
