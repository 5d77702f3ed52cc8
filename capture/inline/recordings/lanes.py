"""What an inline call's recording has of us: a lane for each party that hears us, and its proof.

Steps from one recording session's value to the next. Knows nothing of how anything is played.
"""

from typing import Final

import msgspec

from archive.call.events import Format, NoticePlayed as NoticeEvent, StreamChanged, StreamPartyKnown
from capture.inline.recordings.streams import formats_of
from capture.inline.state.ends import End
from capture.inline.state.recording_events import SIDE_NAMES, added, live_of
from capture.links.relay_messages import Played, Side
from capture.recording.session import (
    WHOLE_RECORDING,
    RecordingSession,
    SessionStream,
    noted,
    noted_on,
)

# What is played lies behind the parties' own streams.
PLAYED_BEHIND: Final = 2


NODE: Final = "rokuon"
_TELEPHONE_EVENT: Final = "telephone-event"


def played(session: RecordingSession, end: End, told: Played, now_us: int) -> RecordingSession:
    """With the evidence of a prompt, on the lane of what this end heard; raises `SessionFull`."""
    session = lane_begun(session, end, now_us)
    lane = _lane_of(session, end.side)
    if not session.recordings:  # one that is begun by hand has it from its begin
        return noted(session, _evidence(end, told, WHOLE_RECORDING, now_us))
    if lane is None or not lane.recording:
        return session
    return noted_on(session, lane, _evidence(end, told, lane.stream, now_us))


def _evidence(end: End, told: Played, stream: int, now_us: int) -> NoticeEvent:
    wording = end.wording
    return NoticeEvent(
        at_us=now_us,
        to="caller" if end.side is Side.CALLER else "callee",
        prompt=wording.prompt,
        language=wording.language,
        wording_sha256=wording.sha256,
        wording=wording.text,
        outcome=told.outcome.value,
        stream=stream,
        from_us=told.from_us,
        until_us=told.until_us,
        packets=told.packets,
        sent_ms=told.sent_ms,
        whole_ms=told.whole_ms,
    )


def lane_begun(session: RecordingSession, end: End, now_us: int) -> RecordingSession:
    """With a lane for what this end hears from us; raises `SessionFull`."""
    recording, media = live_of(session), end.media
    if not recording or media is None:
        return session
    speech = (each for each in media.payloads if each.encoding.lower() != _TELEPHONE_EVENT)
    formats, known = formats_of(speech), _lane_of(session, end.side)
    if known is not None:
        return _in_formats(session, known, formats, now_us)
    lane = SessionStream(
        position=PLAYED_BEHIND + end.side,
        recording=recording,
        stream=session.recording(recording).next_stream,
        pair=end.pair,
        port=end.seat.port,
        label=f"to {SIDE_NAMES[end.side]}",
        formats=formats,
        is_held=False,
        is_relayed=True,
        is_played=True,
        party=StreamPartyKnown(
            at_us=now_us,
            stream=0,
            participant=NODE,
            aor="",
            names=(),
            side="node",
            because="played",
        ),
    )
    streams = (*session.streams, lane)
    return added(msgspec.structs.replace(session, streams=streams), lane, now_us)


def _in_formats(
    session: RecordingSession, lane: SessionStream, formats: tuple[Format, ...], now_us: int
) -> RecordingSession:
    """The lane as it is read from now on: another party's numbers mean other codecs, maybe."""
    if formats == lane.formats:
        return session
    later = msgspec.structs.replace(lane, formats=formats)
    changed = StreamChanged(at_us=now_us, stream=lane.stream, formats=formats, direction="sendonly")
    return noted_on(session.with_stream(lane, later), later, changed)


def _lane_of(session: RecordingSession, side: Side) -> SessionStream | None:
    wanted = PLAYED_BEHIND + side
    return next((each for each in session.streams if each.position == wanted), None)
