"""Recording of one call is ended by hand while its recording session goes on.

Steps over the node. Knows nothing of who may ask.
"""

import msgspec

from archive.call.events import RecordingStopped
from archive.call.live import Why
from capture.recording.node_context import NodeContext
from capture.recording.outputs import Deafen, Now, Output
from capture.recording.pause_control import ControlRefused
from capture.recording.session import RecordingSession
from capture.recording.session_end import is_close


def stop(
    node: NodeContext, session: RecordingSession, recording: bytes, said: RecordingStopped
) -> list[Output]:
    """The recording is over; media that still comes for its call is heard by nobody.

    Raises `ControlRefused`.
    """
    known = next((each for each in session.live if each.recording == recording), None)
    if known is None:
        raise ControlRefused(Why.NOT_LIVE)
    over = known.with_event(said).over("stopped", said.at_us)
    streams = tuple(
        msgspec.structs.replace(each, recording=b"") if each.recording == recording else each
        for each in session.streams
    )
    deaf = tuple(each.pair for each in session.streams if each.recording == recording)
    session = msgspec.structs.replace(
        session.with_recording(over),
        streams=streams,
        stopped=(*session.stopped, known.described.communication_session),
    )
    news = node.noted(session)
    told = [each for each in news if not is_close(each)]
    return [*told, Deafen(deaf), *filter(is_close, news)]


def stopped(by: str, reason: str, now: Now) -> RecordingStopped:
    return RecordingStopped(at_us=now.us, by=by, reason=reason)
