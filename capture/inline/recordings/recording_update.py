"""What an inline call's recording has to know as the call goes on.

Steps over the exchange, from the call before to the call after. Knows nothing of SIP.
"""

import msgspec

from archive.call.events import MediaUnrecorded, PartiesJoined, PartiesParted, RouteTaken
from capture.inline.bridge.recording_preference import changed, noted, spoken
from capture.inline.descriptions.beside import media_beside
from capture.inline.dialogs.srtp_check import keys_watched
from capture.inline.recordings.call_parties import parties_at
from capture.inline.recordings.lanes import lane_begun
from capture.inline.recordings.notice_evidence import interrupted
from capture.inline.recordings.notice_outcome import left_by, reports_in, without_reports
from capture.inline.recordings.relay_updates import relay_told
from capture.inline.recordings.streams import followed
from capture.inline.recordings.withdrawal import refused
from capture.inline.state.bridged_calls import BridgedCall, UnfinishedCall
from capture.inline.state.call import InlineCall
from capture.inline.state.exchange import Exchange
from capture.inline.state.recording_events import (
    began,
    begin,
    flagged,
    grouped,
    in_recording,
    stopped,
    stopped_because,
)
from capture.inline.state.stages import NoticeStage
from capture.links.relay_messages import Played, Side
from capture.raw_text import text_of
from capture.recording.outputs import Now, Output
from capture.recording.session import RecordingSession, SessionFull
from capture.sdp.description import MediaDescription


def kept(exchange: Exchange, before: InlineCall, bridged: BridgedCall, now: Now) -> list[Output]:
    """Recording and relay follow the call; nothing that is full ever stops a call."""
    session = exchange.node.sessions.get(bridged.key)
    if session is None or bridged.cut is not None:
        return []
    if bridged.call.is_over:
        return _last_attempt(exchange, before, bridged.call, session)
    try:
        session = _recorded(exchange, before, bridged, session, now)
    except SessionFull:
        session = exchange.node.sessions.get(bridged.key)
        assert session is not None
    bridged = _withdrawn_by_now(exchange, before, bridged, session, now)
    is_news = bool(bridged.call.recording.unrecorded) and not before.recording.unrecorded
    if is_news and bridged.call.is_refused:
        session = refused(exchange, bridged, session, now)
    ends = is_news and not bridged.call.is_refused and bridged.withdrawn is None
    sides = tuple(Side) if ends else left_by(before, bridged.call)
    bridged, session = _reported(exchange, bridged, session, sides, now)
    if ends:
        why = stopped_because(bridged.call.recording.unrecorded)
        session = stopped(session, why, now.us)
    outputs = exchange.node.noted(session)
    return [
        *outputs,
        *relay_told(exchange, bridged, session),
        *begun_by_now(exchange, bridged, now),
    ]


def _last_attempt(
    exchange: Exchange, before: InlineCall, call: InlineCall, session: RecordingSession
) -> list[Output]:
    """What ended the call, where that was the answer of who was called."""
    if call.attempts == before.attempts:
        return []
    try:
        return exchange.node.noted(_attempts_since(session, before, call))
    except SessionFull:
        return []


def _reported(
    exchange: Exchange,
    bridged: BridgedCall,
    session: RecordingSession,
    sides: tuple[Side, ...],
    now: Now,
) -> tuple[BridgedCall, RecordingSession]:
    """What RTCP said of a notice of which no more is to be heard, before anything else ends."""
    session = reports_in(bridged, session, sides, now.us)
    bridged = without_reports(bridged, sides)
    exchange.calls.keep(bridged)
    return bridged, session


def _withdrawn_by_now(
    exchange: Exchange,
    before: InlineCall,
    bridged: BridgedCall,
    session: RecordingSession,
    now: Now,
) -> BridgedCall:
    """Who stops a recording during its notice waits for the relay's word on how far that came.

    Nothing of either party lands from now on.
    """
    ends = interrupted(before, bridged.call)
    if before.recording.unrecorded or not ends or not any(session.live):
        return bridged
    why = stopped_because(bridged.call.recording.unrecorded)
    cut = UnfinishedCall(reason=why, ends=ends, since_us=now.us)
    bridged = msgspec.structs.replace(bridged, withdrawn=cut)
    exchange.calls.keep(bridged)
    return bridged


def gate_told(exchange: Exchange, bridged: BridgedCall, told: Played) -> BridgedCall:
    """The relay has opened the gate: since then there is what is said, whatever follows from it."""
    session = exchange.node.sessions.get(bridged.key)
    if bridged.is_begun or not told.gate_us or session is None or not any(session.live):
        return bridged
    try:
        exchange.node.sessions.keep(began(session, told.gate_us))
    except SessionFull:
        return bridged
    bridged = msgspec.structs.replace(bridged, is_begun=True)
    exchange.calls.keep(bridged)
    return bridged


def begun_by_now(exchange: Exchange, bridged: BridgedCall, now: Now) -> list[Output]:
    """The recording hears since when it has what is said; not before that moment has come.

    Until then somebody may refuse, and it never has anything.
    """
    session, gate_us = exchange.node.sessions.get(bridged.key), bridged.call.recording.gate_us
    if bridged.is_begun or not 0 < gate_us <= now.us or bridged.call.recording.unrecorded:
        return []
    if session is None or not any(session.live):
        return []
    exchange.calls.keep(msgspec.structs.replace(bridged, is_begun=True))
    try:
        return exchange.node.noted(began(session, gate_us))
    except SessionFull:
        return []


def _recorded(
    exchange: Exchange,
    before: InlineCall,
    bridged: BridgedCall,
    session: RecordingSession,
    now: Now,
) -> RecordingSession:
    call = bridged.call
    was_joined = before.is_joined and bool(session.recordings)
    session = followed(session, call, parties_at(exchange, bridged, session), now.us)
    if _should_begin(call) and not session.recordings:
        session = begin(session, bridged.key, route_taken(bridged), now.us)
        session = _with_first_word(session, before, now)
    if call.group != before.group:
        session = grouped(session, call.group, now.us)
    for end in (call.caller, call.callee):
        if end.plays is not None:
            session = lane_begun(session, end, now.us)
    session = keys_watched(exchange, bridged, session, now)
    if session.recordings and call.is_joined != was_joined:
        joined = PartiesJoined(at_us=now.us) if call.is_joined else PartiesParted(at_us=now.us)
        session = in_recording(session, joined)
    return _with_changes(session, before, call, now)


def _with_first_word(session: RecordingSession, call: InlineCall, now: Now) -> RecordingSession:
    """What a recording that begins late should know of its call."""
    if call.plan.is_emergency:
        session = flagged(session, "emergency", now.us)
    session = noted(session, call, spoken(call), now.us)
    if call.recording.missing:
        session = flagged(session, "notice_missing", now.us)
    for attempt in call.attempts:
        session = in_recording(session, attempt)
    return grouped(session, call.group, now.us) if call.group else session


def _with_changes(
    session: RecordingSession, before: InlineCall, call: InlineCall, now: Now
) -> RecordingSession:
    if call.recording.missing and not before.recording.missing:
        session = flagged(session, "notice_missing", now.us)
    session = _attempts_since(session, before, call)
    session = _beside_seen(session, before, call, now.us)
    return noted(session, call, changed(before, call), now.us)


def _attempts_since(
    session: RecordingSession, before: InlineCall, call: InlineCall
) -> RecordingSession:
    for attempt in call.attempts[len(before.attempts) :]:
        session = in_recording(session, attempt)
    return session


def _beside_seen(
    session: RecordingSession, before: InlineCall, call: InlineCall, now_us: int
) -> RecordingSession:
    """What goes past the recording, where that is another now than it was."""
    media = _beside(call)
    if media == _beside(before):
        return session
    if media is None:
        return in_recording(session, MediaUnrecorded(at_us=now_us, media=""))
    passed = MediaUnrecorded(
        at_us=now_us,
        media=text_of(media.kind),
        protocol=text_of(media.protocol),
        formats=tuple(map(text_of, media.formats)),
    )
    return in_recording(session, passed)


def _beside(call: InlineCall) -> MediaDescription | None:
    """The line that crosses beside speech, as the callee has it; None before both may talk."""
    if not call.is_joined or call.caller.pair_beside < 0:
        return None
    return media_beside(call.caller.theirs) and media_beside(call.callee.theirs)


def _should_begin(call: InlineCall) -> bool:
    """A recording begins with the first prompt that is played, when both may talk, or by hand."""
    if not call.is_recorded:
        return False
    plays = any(end.notice is NoticeStage.PLAYING for end in (call.caller, call.callee))
    return plays or call.is_joined


def route_taken(bridged: BridgedCall) -> RouteTaken:
    """Why the call goes where it goes; where nobody was called yet, who is called first."""
    plan = bridged.call.plan
    first = plan.targets[0].name if plan.targets else ""
    return RouteTaken(
        at_us=bridged.call.created_us,
        route=plan.labels.route,
        target=bridged.call.callee.peer or first,
        mode=plan.mode.value,
        direction=plan.labels.direction,
        queue=plan.labels.queue,
        purpose=plan.labels.purpose,
        controller=plan.labels.controller,
        tags=plan.labels.tags,
        more_purposes=plan.labels.more_purposes,
    )


def dialogs_kept(exchange: Exchange, bridged: BridgedCall) -> None:
    """The dialogs of the call, so that what is said in any of them joins the recording."""
    sessions = exchange.node.sessions
    session = sessions.get(bridged.key)
    if session is None:
        return
    ids = dict.fromkeys(name[0] for name, _ in bridged.names)
    others = tuple(each for each in ids if each != session.dialog.call_id)
    if session.messages.call_ids != others:
        messages = msgspec.structs.replace(session.messages, call_ids=others)
        sessions.keep(msgspec.structs.replace(session, messages=messages))
