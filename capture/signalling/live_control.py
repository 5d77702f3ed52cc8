"""What an operator or an agent's program wishes of a live recording: start, pause, resume, stop...

Finds the call and has it done by its door. Knows nothing of who may ask, or through what.
"""

from typing import Final

import structlog

from archive.call.events import RecordingStarted
from archive.call.live import Question, Why, Wish
from capture.recording.node_context import NodeContext
from capture.recording.outputs import Now, Output
from capture.recording.party_control import tell
from capture.recording.pause_control import ControlRefused, overran, pause, resume
from capture.recording.session import RecordingSession
from capture.recording.stop_control import stopped
from capture.signalling.event_dispatch import EventDispatch

# What is kept of a reason: a sentence.
MAX_REASON_CHARS: Final = 200
log = structlog.get_logger("capture.signalling")


class Control:
    """Fulfils wishes about live recordings, and ends the pauses that nobody ends."""

    def __init__(self, node: NodeContext, dispatch: EventDispatch) -> None:
        self._node, self._dispatch = node, dispatch

    def obey(self, question: Question, now: Now) -> list[Output]:
        """Do what is wished; raises `ControlRefused`."""
        recording, session = self._find(question)
        by, reason = question.by[:MAX_REASON_CHARS], question.reason[:MAX_REASON_CHARS]
        log.info("a live call is controlled", wish=question.wish.value, recording=recording.hex())
        match question.wish:
            case Wish.START:
                said = RecordingStarted(at_us=now.us, by=by, reason=reason)
                return self._dispatch.start(session, said, now)
            case Wish.PAUSE:
                return pause(self._node, session, by, reason, now)
            case Wish.RESUME:
                return resume(self._node, session, by, now)
            case Wish.STOP:
                return self._dispatch.stop(session, recording, stopped(by, reason, now), now)
            case Wish.TELL if question.who is not None:
                return tell(self._node, session, recording, question.who, now)
            case _:
                return []

    def _find(self, question: Question) -> tuple[bytes, RecordingSession]:
        """The recording that grows, or may be begun, and its session; another tenant's is none."""
        try:
            recording = bytes.fromhex(question.recording)
        except ValueError:
            raise ControlRefused(Why.NOT_LIVE) from None
        session = self._node.sessions.of_recording(recording)
        if session is None and question.wish is Wish.START:
            session = self._node.sessions.get(recording)
        if session is None or question.tenant not in {"", session.tenant.hex()}:
            raise ControlRefused(Why.NOT_LIVE)
        if any(e.recording == recording and e.ended is not None for e in session.recordings):
            raise ControlRefused(Why.NOT_LIVE)
        return recording, session

    def end_late(self, now: Now) -> list[Output]:
        """Pauses that have lasted as long as they may are over; somebody forgot to end them."""
        outputs: list[Output] = []
        for session in overran(self._node, now):
            recordings = [each.recording.hex() for each in session.live]
            log.error("a pause was not ended: recording goes on", recordings=recordings)
            outputs += resume(self._node, session, "", now, "limit")
        return outputs
