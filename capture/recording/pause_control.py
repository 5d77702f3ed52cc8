"""Recording is paused and goes on again: asked for, carried out by the worker, ended by its limit.

Steps over the node. Knows nothing of who may ask, nor of how a worker cuts.
"""

from typing import Final

from archive.call.events import Flagged, ResumedBecause
from archive.call.live import Why
from capture.errors import CaptureError
from capture.links.recorder_messages import PauseBegan, PauseEnded
from capture.recording.node_context import NodeContext
from capture.recording.outputs import Now, Output
from capture.recording.pause import Pause
from capture.recording.session import RecordingSession, SessionRecording
from capture.sip.events import ReinviteReceived, RequestReceived, UpdateReceived
from capture.sip.message import Request

# Each is told to the worker at every change; a call in which so many cards are read out is none.
MAX_PAUSES: Final = 100
HEADER: Final = b"x-rokuon-pause"
BY_HEADER: Final = "header"


class ControlRefused(CaptureError):
    """What was asked of a live call is not done; `why` names the reason."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


def pause(
    node: NodeContext, session: RecordingSession, by: str, reason: str, now: Now
) -> list[Output]:
    """From now on nothing of the session is kept; raises `ControlRefused`.

    There is always room for it: a session that is full of events is paused all the same.
    """
    live = [each for each in session.live if each.pause is None]
    if not live:
        raise ControlRefused(Why.ALREADY_PAUSED if any(session.live) else Why.NOT_RECORDED)
    if any(len(each.pauses) >= MAX_PAUSES for each in live):
        raise ControlRefused(Why.TOO_MANY_PAUSES)
    for recording in live:
        fresh = Pause(
            serial=len(recording.pauses),
            by=by,
            reason=reason,
            asked_us=now.us,
        )
        session = session.with_recording(recording.with_pause(fresh))
    return node.noted(session)


def resume(
    node: NodeContext,
    session: RecordingSession,
    by: str,
    now: Now,
    because: ResumedBecause = "asked",
) -> list[Output]:
    """What arrives from the moment on that the worker chooses is kept again.

    Raises `ControlRefused`.
    """
    paused = [each for each in session.live if each.pause is not None]
    if not paused:
        raise ControlRefused(Why.NOT_PAUSED)
    if any(each.is_silenced for each in paused):
        raise ControlRefused(Why.UNWANTED)
    for recording in paused:
        session = session.with_recording(_over(recording, by, because, now))
    return node.noted(session)


def silenced(session: RecordingSession, by: str, reason: str, now: Now) -> RecordingSession:
    """Nothing that arrives from this moment on is kept, to the end of the call.

    There is always room for it; a pause that lasts goes over into it.
    """
    for each in session.live:
        recording = each.unpaused("refused", now.us)
        fresh = Pause(
            serial=len(recording.pauses),
            by=by,
            reason=reason,
            asked_us=now.us,
            is_final=True,
            began_us=now.us,
        )
        session = session.with_recording(recording.with_event(fresh.paused()).with_pause(fresh))
    return session


def asked_by_header(
    node: NodeContext, event: RequestReceived | ReinviteReceived | UpdateReceived, now: Now
) -> list[Output]:
    """A recording client pauses or resumes in its own way, where its source may.

    A wish that is fulfilled already changes nothing.
    """
    session = node.sessions.of_dialog(event.dialog)
    if session is None or not node.source_of(session).pause_by_header:
        return []
    return header_obeyed(node, session, event.request, f"source {session.source}", now)


def header_obeyed(
    node: NodeContext, session: RecordingSession, request: Request, by: str, now: Now
) -> list[Output]:
    wish = (request.value(HEADER) or b"").strip().lower()
    try:
        if wish == b"on":
            return pause(node, session, by, BY_HEADER, now)
        return resume(node, session, by, now) if wish == b"off" else []
    except ControlRefused:
        return []


def _over(
    recording: SessionRecording, by: str, because: ResumedBecause, now: Now
) -> SessionRecording:
    last = recording.pause
    assert last is not None
    if because == "limit":
        recording = recording.with_event(Flagged(at_us=now.us, flag="pause_overran"))
    return recording.with_pause(last.asked_over(because, by))


def overran(node: NodeContext, now: Now) -> list[RecordingSession]:
    """The sessions whose pause has lasted as long as it may."""
    return [session for session in node.sessions.paused if _is_late(session, now)]


def _is_late(session: RecordingSession, now: Now) -> bool:
    pauses = (each.pause for each in session.live)
    limit_s = session.pause_max_s
    return any(each is not None and each.is_late(now.us, limit_s) for each in pauses)


def told(node: NodeContext, answer: PauseBegan | PauseEnded) -> list[Output]:
    """The worker has chosen a moment: it is an event of the recording. Told again, it is none."""
    session = node.sessions.of_recording(answer.recording)
    recording = None if session is None else session.recording(answer.recording)
    if session is None or recording is None or recording.ended is not None:
        return []
    if answer.serial >= len(recording.pauses):
        return []
    known = recording.pauses[answer.serial]
    if isinstance(answer, PauseBegan):
        after = _began(recording, known, answer.at_us)
    else:
        after = _ended(recording, known, answer.at_us)
    return [] if after is recording else node.noted(session.with_recording(after))


def _began(recording: SessionRecording, known: Pause, at_us: int) -> SessionRecording:
    if known.began_us:
        return recording
    later = known.begun(at_us)
    return recording.with_event(later.paused()).with_pause(later)


def _ended(recording: SessionRecording, known: Pause, at_us: int) -> SessionRecording:
    if known.ended_us or not known.over:
        return recording
    later = known.ended(known.over, at_us)
    return recording.with_event(later.resumed()).with_pause(later)
