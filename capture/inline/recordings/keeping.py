"""What an inline call's recording, its relay and its ledger row are told as the call goes on.

Steps over the exchange, from the call before to the call after. Knows nothing of SIP.
"""

from typing import Final, Literal

import msgspec

from archive.events import (
    CallRefused,
    EndReason,
    MediaUnrecorded,
    NoticeReported,
    RecordingRefused,
    RouteTaken,
)
from capture.inline.between.parties import parties_of, whos
from capture.inline.call import End, InlineCall, NoticeStage
from capture.inline.descriptions.beside import media_beside
from capture.inline.descriptions.relayed import beside_key, call_beside, relay_call
from capture.inline.exchange import Exchange, NoticeReports
from capture.inline.lines import CutShort, Line
from capture.inline.notices.objecting import REFUSED
from capture.inline.notices.proving import EVIDENCE_WITHIN_US, as_it_ended, interrupted
from capture.inline.recordings.preferring import changed, noted, spoken
from capture.inline.recordings.recording import (
    Party,
    began,
    begin,
    flagged,
    followed,
    grouped,
    in_recording,
    lane_begun,
    reported,
    stopped,
)
from capture.relaying import RelayCall, RelayGone, Side
from capture.sdp.description import MediaDescription
from capture.siprec.clauses import text_of
from capture.siprec.ending import end as end_session
from capture.siprec.outputs import Now, Output, ToRelay
from capture.siprec.session import RecordingSession, SessionFull


def kept(exchange: Exchange, before: InlineCall, line: Line, now: Now) -> list[Output]:
    """Recording and relay follow the call; nothing that is full ever stops a call."""
    session = exchange.premises.sessions.get(line.key)
    if session is None or line.call.is_over:
        return []
    try:
        session = _recorded(exchange, before, line, session, now)
    except SessionFull:
        session = exchange.premises.sessions.get(line.key)
        assert session is not None
    line = _refused_by_now(exchange, before, line, session, now)
    if line.call.unrecorded and not before.unrecorded and line.withdrawn is None:
        session = stopped(session, now.us)
    outputs = exchange.premises.noted(session)
    return [*outputs, *relay_told(exchange, line, session), *begun_by_now(exchange, line, now)]


def _refused_by_now(
    exchange: Exchange, before: InlineCall, line: Line, session: RecordingSession, now: Now
) -> Line:
    """A recording that is refused during its notice ends when the relay has said how far that came.

    Nothing of either party lands from now on.
    """
    ends = interrupted(before, line.call)
    if line.call.unrecorded != REFUSED or before.unrecorded or not ends or not any(session.live):
        return line
    cut = CutShort(reason="stopped", ends=ends, since_us=now.us)
    line = msgspec.structs.replace(line, withdrawn=cut)
    exchange.lines.keep(line)
    return line


def begun_by_now(exchange: Exchange, line: Line, now: Now) -> list[Output]:
    """The recording hears since when it has what is said; not before that moment has come.

    Until then somebody may refuse, and it never has anything.
    """
    session, gate_us = exchange.premises.sessions.get(line.key), line.call.gate_us
    if line.is_begun or not 0 < gate_us <= now.us or line.call.unrecorded:
        return []
    if session is None or not any(session.live):
        return []
    exchange.lines.keep(msgspec.structs.replace(line, is_begun=True))
    try:
        return exchange.premises.noted(began(session, gate_us))
    except SessionFull:
        return []


def _recorded(
    exchange: Exchange, before: InlineCall, line: Line, session: RecordingSession, now: Now
) -> RecordingSession:
    call = line.call
    session = followed(session, call, parties_at(exchange, line, session), now.us)
    if _should_begin(call) and not session.recordings:
        session = begin(session, line.key, route_taken(line), now.us)
        session = _with_first_word(session, before, now)
    if call.group != before.group:
        session = grouped(session, call.group, now.us)
    for end in (call.caller, call.callee):
        if end.plays is not None:
            session = lane_begun(session, end, now.us)
    return _with_changes(session, before, call, now)


def _with_first_word(session: RecordingSession, call: InlineCall, now: Now) -> RecordingSession:
    """What a recording that begins late should know of its call."""
    if call.plan.is_emergency:
        session = flagged(session, "emergency", now.us)
    session = noted(session, call, spoken(call), now.us)
    if call.missing:
        session = flagged(session, "notice_missing", now.us)
    return grouped(session, call.group, now.us) if call.group else session


def _with_changes(
    session: RecordingSession, before: InlineCall, call: InlineCall, now: Now
) -> RecordingSession:
    if call.missing and not before.missing:
        session = flagged(session, "notice_missing", now.us)
    session = _beside_seen(session, before, call, now.us)
    session = noted(session, call, changed(before, call), now.us)
    if call.unrecorded and not before.unrecorded:
        session = _refused(session, call, now)
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


def _refused(session: RecordingSession, call: InlineCall, now: Now) -> RecordingSession:
    if call.unrecorded != REFUSED:
        return session
    session = flagged(session, "refused", now.us)
    if call.refused_by is None:
        return session
    side, digit = call.refused_by
    by: Literal["caller", "callee"] = "caller" if side is Side.CALLER else "callee"
    return in_recording(session, RecordingRefused(at_us=now.us, by=by, digit=digit))


def _should_begin(call: InlineCall) -> bool:
    """A recording begins with the first prompt that is played, when both may talk, or by hand."""
    if not call.is_recorded:
        return False
    plays = any(end.notice is NoticeStage.PLAYING for end in (call.caller, call.callee))
    return plays or call.is_joined


def parties_at(exchange: Exchange, line: Line, session: RecordingSession) -> tuple[Party, Party]:
    """Who is at the two ends, as far as it is known by now."""
    source = exchange.premises.source_of(session)
    direction = line.call.plan.direction
    found = parties_of(whos(line), source, direction)
    agents = (text_of(line.agent), text_of(line.agent or line.answers_as))
    named = parties_of(whos(line), source, direction, agents)
    # What a header or a Contact said of the agent was said of the first one.
    caller, callee = (found if side in line.moved else named for side in Side)
    return caller[Side.CALLER], callee[Side.CALLEE]


def route_taken(line: Line) -> RouteTaken:
    """Why the call goes where it goes."""
    plan = line.call.plan
    return RouteTaken(
        at_us=line.call.created_us,
        route=plan.route,
        target=line.call.callee.peer,
        mode=plan.mode.value,
        direction=plan.direction,
        queue=plan.queue,
        purpose=plan.purpose,
        controller=plan.controller,
        tags=plan.tags,
    )


def dialogs_kept(exchange: Exchange, line: Line) -> None:
    """The dialogs of the call, so that what is said in any of them joins the recording."""
    sessions = exchange.premises.sessions
    session = sessions.get(line.key)
    if session is None:
        return
    ids = dict.fromkeys(name[0] for name, _ in line.names)
    others = tuple(each for each in ids if each != session.dialog.call_id)
    if session.call_ids != others:
        sessions.keep(msgspec.structs.replace(session, call_ids=others))


def relay_told(exchange: Exchange, line: Line, session: RecordingSession) -> list[Output]:
    """What the relay is told, where it is news."""
    wanted = relay_calls(line, session)
    news = [each for each in wanted if each != exchange.relayed.get(each.call)]
    exchange.relayed.update((each.call, each) for each in news)
    return [ToRelay(session.worker, each) for each in news]


def relay_calls(line: Line, session: RecordingSession) -> list[RelayCall]:
    """What a relay must know of a call: its speech, and what may go beside that."""
    is_landed = any(session.live) and line.withdrawn is None
    speech = relay_call(line.call, is_landed=is_landed)
    beside = call_beside(line.call)
    return [speech] if beside is None else [speech, beside]


def all_relay_calls(exchange: Exchange, worker: int) -> list[RelayCall]:
    """Everything that a relay worker must know."""
    calls: list[RelayCall] = []
    for line in exchange.lines:
        session = exchange.premises.sessions.get(line.key)
        if session is not None and session.worker == worker and line.cut is None:
            calls += relay_calls(line, session)
    return calls


def ended(
    exchange: Exchange, line: Line, ends: tuple[End, ...], reason: EndReason, now: Now
) -> list[Output]:
    """Both sides are gone. The recording ends once the relay has let go: all of it has landed then.

    Of a notice that `ends` still heard it says before that how far it came. Not where the node
    stops: nobody waits then.
    """
    outputs = begun_by_now(exchange, line, now)
    session = exchange.premises.sessions.get(line.key)
    if session is None or not session.recordings or reason == "node_stopped":
        return [*outputs, *over(exchange, line, reason, now)]
    cut = line.withdrawn or CutShort(reason=reason, ends=ends, since_us=now.us)
    exchange.lines.keep(msgspec.structs.replace(line, cut=cut, withdrawn=None))
    return [*outputs, *_gone(exchange, line, session)]


def _gone(exchange: Exchange, line: Line, session: RecordingSession) -> list[Output]:
    beside = (beside_key(line.key),) if line.call.caller.pair_beside >= 0 else ()
    told: list[Output] = []
    for key in (*beside, line.key):
        exchange.relayed.pop(key, None)
        told.append(ToRelay(session.worker, RelayGone(call=key)))
    return told


def let_go(exchange: Exchange, line: Line, now: Now) -> list[Output]:
    """The relay has nothing of this call any more: its recording ends, as of when the call did."""
    if line.cut is None:
        return []
    return over(exchange, line, line.cut.reason, as_it_ended(line.cut, now))


def cut_overdue(exchange: Exchange, line: Line, now: Now) -> list[Output]:
    """A relay that says nothing for so long is gone, with what it had: the recording ends."""
    if line.cut is None or now.us - line.cut.since_us < EVIDENCE_WITHIN_US:
        return []
    return over(exchange, line, line.cut.reason, as_it_ended(line.cut, now))


def over(exchange: Exchange, line: Line, reason: EndReason, now: Now) -> list[Output]:
    """Both sides are gone: the recording ends, or the ledger says why there is none."""
    exchange.lines.drop(line.key)
    reports = {side: exchange.reports.pop((line.key, side), None) for side in Side}
    session = exchange.premises.sessions.get(line.key)
    if session is None:
        return []
    if not session.recordings:
        _in_ledger(exchange, line, session, now)
    else:
        session = _reports_in(line, session, reports, now)
        exchange.premises.sessions.keep(session)
    gone = _gone(exchange, line, session) if line.cut is None else []
    return [*gone, *end_session(exchange.premises, session.dialog, reason, now)]


def _reports_in(
    line: Line,
    session: RecordingSession,
    reports: dict[Side, NoticeReports | None],
    now: Now,
) -> RecordingSession:
    """What RTCP said of each notice, or that nothing came."""
    for side in line.call.plan.notice_to if line.call.plan.notice else ():
        report = reports[side]
        event = NoticeReported(
            at_us=now.us,
            to="caller" if side is Side.CALLER else "callee",
            reports=0 if report is None else report.count,
            through=report is not None and report.is_through,
            lost=0 if report is None else report.lost,
            jitter=0 if report is None else report.jitter,
        )
        try:
            session = reported(session, event)
        except SessionFull:
            return session
    return session


def _in_ledger(exchange: Exchange, line: Line, session: RecordingSession, now: Now) -> None:
    """A row for a call of which nothing is kept: why, and what became of it."""
    status = line.fate or 200
    reason = line.call.unrecorded or ("not recorded" if status == _OK else "not connected")
    opened = session.call
    refused = CallRefused(
        at_us=now.us,
        source=session.source,
        transport=opened.transport,
        peer=opened.peer,
        call_id=opened.call_id,
        from_value=opened.from_uri,
        to_value=opened.to_uri,
        status=status,
        reason=reason,
        detail=line.call.plan.route,
    )
    exchange.premises.ledger.note(session.tenant, refused)


_OK: Final = 200
