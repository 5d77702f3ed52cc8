"""Questions about live calls, and wishes of an operator, over a socket: one line of JSON each way.

Knows the sessions and their troubles. Knows nothing of who asks: the socket is its owner's.
"""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import msgspec
import structlog

from archive.call.events import RouteTaken, StreamPartyKnown
from archive.call.live import LiveCall, LiveCalls, LiveParty, Question, Trouble
from archive.call.marks import CallMarks
from capture.inline.view import NO_INLINE, InlineView
from capture.metadata.participant_changes import Description
from capture.metadata.snapshot import NameId
from capture.recording.session import RecordingSession, SessionRecording

MAX_QUESTION_BYTES: Final = 4_096
# Whoever sees more than that looks for one call.
MAX_SHOWN: Final = 10_000
log = structlog.get_logger("capture.signalling")

Ask = Callable[[Question], LiveCalls]


def live_calls(
    sessions: Iterator[RecordingSession] | list[RecordingSession],
    troubles: Callable[[bytes], frozenset[Trouble]],
    question: Question,
    inline: InlineView = NO_INLINE,
) -> LiveCalls:
    """The recordings that grow and those that may be begun, or the one that is asked for."""
    asked = [each for each in sessions if question.tenant in {"", each.tenant.hex()}]
    rows = [
        _row(session, recording, troubles(session.key), inline)
        for session in asked
        for recording in session.live
        if not recording.waits and question.recording in {"", recording.recording.hex()}
    ]
    rows += [
        _startable(session, inline)
        for session in asked
        if question.recording in {"", session.key.hex()} and inline.is_startable(session.key)
    ]
    rows.sort(key=lambda row: row.started_us)
    return LiveCalls(total=len(rows), calls=tuple(rows[:MAX_SHOWN]))


def _row(
    session: RecordingSession,
    recording: SessionRecording,
    troubles: frozenset[Trouble],
    inline: InlineView,
) -> LiveCall:
    pause, taken = recording.pause, inline.route(session.key)
    own = [each for each in session.streams if each.recording == recording.recording]
    return LiveCall(
        recording=recording.recording.hex(),
        source=session.source,
        started_us=recording.created_us,
        caller=session.call.from_uri,
        called=session.call.to_uri,
        streams=len(own),
        on_hold=_is_on_hold(session),
        troubles=tuple(sorted(troubles)),
        tenant=session.tenant.hex(),
        mode=session.call.mode,
        phase=inline.phase(session.key),
        paused="" if pause is None else "refused" if pause.is_final else "asked",
        paused_us=0 if pause is None else pause.began_us,
        parties=live_parties(session, recording),
        ids=tuple(live_ids(session, recording)),
        codecs=tuple(dict.fromkeys(each.stray for each in own if each.stray)),
        route="" if taken is None else taken.route,
        marks=_marks(session, taken),
    )


def _startable(session: RecordingSession, inline: InlineView) -> LiveCall:
    """A call that is not recorded: the key of an inline call is the id of its recording."""
    taken = inline.route(session.key)
    return LiveCall(
        recording=session.key.hex(),
        source=session.source,
        started_us=session.created_us,
        caller=session.call.from_uri,
        called=session.call.to_uri,
        streams=0,
        on_hold=_is_on_hold(session),
        troubles=(),
        tenant=session.tenant.hex(),
        mode=session.call.mode,
        phase=inline.phase(session.key),
        is_recorded=False,
        ids=(session.call.call_id,),
        route="" if taken is None else taken.route,
        marks=_marks(session, taken),
    )


def _marks(session: RecordingSession, taken: RouteTaken | None) -> CallMarks:
    marks = session.call.marks
    return marks if taken is None else taken.marks.over(marks)


def _is_on_hold(session: RecordingSession) -> bool:
    """Has somebody put the call, or the other party, on hold?"""
    return bool(session.liveness.held_since_us) or session.is_half_held


class StatusSocket:
    """Answers on a socket that only its owner and group can reach."""

    def __init__(self, path: Path, ask: Ask) -> None:
        self._path, self._ask = path, ask
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen; raises `OSError`."""
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(
            self._serve, self._path, limit=MAX_QUESTION_BYTES
        )
        self._path.chmod(0o660)

    def close(self) -> None:
        """Answer no more."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            question = msgspec.json.decode(await reader.readline(), type=Question)
            writer.write(msgspec.json.encode(self._ask(question)) + b"\n")
            await writer.drain()
        except (msgspec.MsgspecError, ValueError, OSError) as error:
            log.info("a question was not understood", reason=type(error).__name__)
        finally:
            writer.close()


def live_parties(session: RecordingSession, recording: SessionRecording) -> tuple[LiveParty, ...]:
    """Those who are in the call now, who rests included; each once, whatever he speaks on."""
    speaking = [
        stream.party
        for stream in session.streams
        if stream.recording == recording.recording and not stream.is_played and stream.party
    ]
    found = {party.participant or party.aor: _of_stream(party) for party in speaking}
    name_ids = _name_ids(session)
    for present in recording.described.present:
        before = found.pop(present.participant, LiveParty(addresses=(present.aor,)))
        known = _on_side(before, present.described)
        found[present.participant] = _with(known, name_ids.get(present.participant, ()))
    return tuple(each for each in found.values() if any(each.addresses) or each.names)


def _name_ids(session: RecordingSession) -> dict[str, tuple[NameId, ...]]:
    document = session.metadata.snapshot
    participants = () if document is None else document.participants
    return {each.participant_id: each.name_ids for each in participants}


def _of_stream(party: StreamPartyKnown) -> LiveParty:
    names = tuple(name.text for name in party.names)
    return LiveParty(
        side=party.side,
        because=party.because,
        addresses=(party.aor,) if party.aor else (),
        names=names,
    )


def _on_side(party: LiveParty, described: Description) -> LiveParty:
    """On the side that he alone is on, whatever stream he shares; one told by hand goes before."""
    if not described.because or party.because == "client_said":
        return party
    return msgspec.structs.replace(party, side=described.side, because=described.because)


def _with(party: LiveParty, described: tuple[NameId, ...]) -> LiveParty:
    """With every address and name that metadata has of him, each once."""
    names = (name.text for each in described for name in each.names)
    return msgspec.structs.replace(
        party,
        addresses=_each_once(*party.addresses, *(each.aor for each in described)),
        names=_each_once(*party.names, *names),
    )


def _each_once(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def live_ids(session: RecordingSession, recording: SessionRecording) -> Iterator[str]:
    """The ids by which anybody knows the call: its Call-ID, then those that it was told with."""
    yield session.call.call_id
    yield from (each.value for each in recording.ids)
