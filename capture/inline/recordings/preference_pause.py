"""Recording is paused, and goes on, as a party would like it, where its route gives it a say.

Steps over the exchange (RFC 7866 §7.1.3). Knows nothing of how a preference is said.
"""

from typing import Final

from capture.inline.bridge.recording_preference import changed, preference, spoken
from capture.inline.recordings.call_parties import parties_at
from capture.inline.state.bridged_calls import BridgedCall
from capture.inline.state.call import InlineCall
from capture.inline.state.exchange import Exchange
from capture.links.relay_messages import Side
from capture.recording.outputs import Now, Output
from capture.recording.pause_control import ControlRefused, pause, resume
from capture.recording.session import RecordingSession
from capture.sdp.record_attribute import Preference

# Why it is paused: whoever wants it to go on ends a pause of this kind, and no other.
REASON: Final = "recordpref"


def heeded(exchange: Exchange, before: InlineCall, bridged: BridgedCall, now: Now) -> list[Output]:
    """What is new of it; all of it once both talk, for then there is something to pause."""
    call, outputs = bridged.call, list[Output]()
    if not call.plan.control.honours or call.recording.unrecorded or not call.recording.gate_us:
        return []
    for side in changed(before, call) if before.recording.gate_us else spoken(call):
        session = exchange.node.sessions.get(bridged.key)
        if session is not None:
            outputs += _heeded(exchange, bridged, side, session, now)
    return outputs


def _heeded(
    exchange: Exchange, bridged: BridgedCall, side: Side, session: RecordingSession, now: Now
) -> list[Output]:
    said = preference(bridged.call.end(side))
    party = parties_at(exchange, bridged, session)[side]
    by = party.also or party.aor
    try:
        if said is Preference.PAUSE:
            return pause(exchange.node, session, by, REASON, now)
        if said is Preference.ON and _is_ours(session):
            return resume(exchange.node, session, by, now)
    except ControlRefused:
        return []  # it is as they want it
    return []


def _is_ours(session: RecordingSession) -> bool:
    return any(each.pause is not None and each.pause.reason == REASON for each in session.live)
