"""What the relay says of a notice: that it is through, and what RTCP reported of it.

Steps over a line, and from a line into its recording. Knows nothing of how it is told.
"""

from collections.abc import Iterable

import msgspec

from archive.call.events import NoticeReported
from capture.inline.state.bridged_calls import BridgedCall
from capture.inline.state.call import InlineCall
from capture.inline.state.call_events import NoticePlayed
from capture.inline.state.ends import End
from capture.inline.state.notice_reports import NOTHING_HEARD, NoticeReports
from capture.inline.state.recording_events import flagged, reported
from capture.links.relay_messages import Played, Reported, Side
from capture.recording.session import RecordingSession, SessionFull


def with_report(bridged: BridgedCall, told: Reported) -> BridgedCall:
    """A party that is told reports; of others, and of what nothing is kept, nobody asks."""
    call = bridged.call
    if (
        told.side not in call.plan.notice.sides
        or not call.plan.notice.prompts
        or call.recording.unrecorded
    ):
        return bridged
    return _with(bridged, told.side, bridged.reports[told.side].heard(told))


def with_played(bridged: BridgedCall, told: Played) -> BridgedCall:
    """A prompt of a party's notice is over: which packet was its last.

    Who has taken a place counts from what he was sent first: his notice.
    """
    is_first = told.side not in bridged.sides.moved
    first = bridged.call.end(told.side).first_sequence if is_first else told.first_sequence
    return _with(bridged, told.side, bridged.reports[told.side].played(told, first))


def _with(bridged: BridgedCall, side: Side, reports: NoticeReports) -> BridgedCall:
    both = list(bridged.reports)
    both[side] = reports
    return msgspec.structs.replace(bridged, reports=(both[0], both[1]))


def left_by(before: InlineCall, call: InlineCall) -> tuple[Side, ...]:
    """The sides whose party is another one now, or gone: no more is heard of its notice."""
    dialogs = ((before.end(side).dialog, call.end(side).dialog) for side in Side)
    moved = (was is not None and was != now for was, now in dialogs)
    return tuple(side for side, is_so in zip(Side, moved, strict=True) if is_so)


def reports_in(
    bridged: BridgedCall, session: RecordingSession, sides: Iterable[Side], now_us: int
) -> RecordingSession:
    """What RTCP said of each notice that was played, or that nothing came."""
    for side in sides:
        if bridged.reports[side].is_played:
            try:
                session = reported(session, _event(side, bridged.reports[side], now_us))
            except SessionFull:
                return session
    return session


def untold(session: RecordingSession, ends: tuple[End, ...], now_us: int) -> RecordingSession:
    """Flagged where somebody heard a notice of which the relay has said nothing.

    What another one was told is no proof of that.
    """
    try:
        return flagged(session, "notice_missing", now_us) if ends else session
    except SessionFull:
        return session


def without_reports(bridged: BridgedCall, sides: Iterable[Side]) -> BridgedCall:
    """They are told: what comes now is of another notice."""
    for side in sides:
        bridged = _with(bridged, side, NOTHING_HEARD)
    return bridged


def _event(side: Side, reports: NoticeReports, now_us: int) -> NoticeReported:
    return NoticeReported(
        at_us=now_us,
        to="caller" if side is Side.CALLER else "callee",
        reports=reports.count,
        through=reports.is_through,
        lost=reports.lost,
        jitter=reports.jitter,
        sent=reports.sent,
        discarded=reports.discarded,
    )


def notice_played(told: Played) -> NoticePlayed:
    """What the machine of a call hears of it."""
    return NoticePlayed(
        side=told.side,
        serial=told.serial,
        outcome=told.outcome,
        until_us=told.until_us,
        gate_us=told.gate_us,
    )
