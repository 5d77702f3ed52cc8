"""Nothing more of a call is to be kept: of who refuses, and of a notice that ends with that.

Who refuses has the recording go on as a pause, to the end of its call; else it ends, once the relay
has said how far the notice came. Steps over the exchange. Knows nothing of how somebody refuses.
"""

from collections.abc import Iterator
from typing import Final, Literal

import msgspec

from archive.call.events import Event, Flagged, RecordingRefused
from capture.inline.bridge.recording_preference import preference
from capture.inline.recordings.call_parties import parties_at
from capture.inline.recordings.notice_evidence import EVIDENCE_WITHIN_US, left_after
from capture.inline.recordings.notice_outcome import reports_in, untold, without_reports
from capture.inline.recordings.relay_updates import relay_told
from capture.inline.state.bridged_calls import BridgedCall
from capture.inline.state.call import InlineCall
from capture.inline.state.exchange import Exchange
from capture.inline.state.recording_events import stopped
from capture.links.relay_messages import Played, Side
from capture.recording.outputs import Now, Output
from capture.recording.pause_control import silenced
from capture.recording.session import RecordingSession
from capture.sdp.record_attribute import Preference

# Why it is paused.
REASON: Final = "refused"


def refused(
    exchange: Exchange, bridged: BridgedCall, session: RecordingSession, now: Now
) -> RecordingSession:
    """A party does not want it: from now on it is silent. There is always room for that."""
    for recording in session.live:
        for event in _refusal(bridged.call, now):
            recording = recording.with_event(event)
        session = session.with_recording(recording)
    party = parties_at(exchange, bridged, session)[_refusing(bridged.call)]
    return silenced(session, party.also or party.aor, REASON, now)


def _refusing(call: InlineCall) -> Side:
    """Who has said no: by the key, else as what it would like."""
    if call.recording.refused_by is not None:
        return call.recording.refused_by[0]
    return next(side for side in Side if preference(call.end(side)) is Preference.OFF)


def _refusal(call: InlineCall, now: Now) -> Iterator[Event]:
    yield Flagged(at_us=now.us, flag="refused")
    if call.recording.refused_by is not None:
        side, digit = call.recording.refused_by
        by: Literal["caller", "callee"] = "caller" if side is Side.CALLER else "callee"
        yield RecordingRefused(at_us=now.us, by=by, digit=digit)


def withdrawal_told(
    exchange: Exchange, bridged: BridgedCall, told: Played, now: Now
) -> list[Output]:
    """How far the notice came until then; with the last word it is done."""
    cut = bridged.withdrawn
    if cut is None:
        return []
    left = left_after(exchange, bridged, cut, told, now)
    bridged = msgspec.structs.replace(bridged, withdrawn=msgspec.structs.replace(cut, ends=left))
    if not left:
        return _done(exchange, bridged)
    exchange.calls.keep(bridged)
    return []


def withdrawal_overdue(exchange: Exchange, bridged: BridgedCall, now: Now) -> list[Output]:
    """A relay that says nothing for so long is gone, with what it had."""
    cut = bridged.withdrawn
    if cut is None or now.us - cut.since_us < EVIDENCE_WITHIN_US:
        return []
    return _done(exchange, bridged)


def _done(exchange: Exchange, bridged: BridgedCall) -> list[Output]:
    """The recording is over, as of when its notice was, unless a party refused."""
    session, cut = exchange.node.sessions.get(bridged.key), bridged.withdrawn
    told = msgspec.structs.replace(without_reports(bridged, Side), withdrawn=None)
    exchange.calls.keep(told)
    if session is None or cut is None:
        return []
    session = untold(session, cut.ends, cut.since_us)
    session = reports_in(bridged, session, Side, cut.since_us)
    if not bridged.call.is_refused:
        session = stopped(session, cut.reason, cut.since_us)
    bridged = told
    return [*exchange.node.noted(session), *relay_told(exchange, bridged, session)]
