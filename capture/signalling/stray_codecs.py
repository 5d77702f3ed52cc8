"""Streams that are sent in a codec that nobody agreed on: each is flagged once, by its name.

Looks at the workers' board and at the sessions, of both front doors. Knows no SIP and no packet.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import msgspec
import numpy as np

from archive.call.events import Flagged
from archive.reading.sound.formats import COMFORT_NOISE, name_of
from capture.holder.worker_board import UNKNOWN_TYPE, Board
from capture.recording.node_context import NodeContext
from capture.recording.outputs import Now, Output
from capture.recording.session import RecordingSession, SessionFull, SessionStream, noted_on

# What was on its way when another codec was agreed on is no stray.
LASTING_US: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class _Stray:
    """A stream of a recording, and the payload type in which it is sent."""

    recording: bytes
    stream: int
    payload_type: int


@dataclass(frozen=True, slots=True)
class _Since:
    """When it was first seen so, and how many packets had come by then."""

    at_us: int
    packets: int


@dataclass(slots=True)
class StrayCodecs:
    """The streams that were seen at the last look; `turn` tells of those that go on."""

    board: Board
    node: NodeContext
    _seen: dict[_Stray, _Since] = field(default_factory=dict)

    def turn(self, now: Now) -> list[Output]:
        """Look again, and flag what goes on."""
        before, self._seen = self._seen, {}
        outputs: list[Output] = []
        for session, stream, stray in self._strays():
            packets = int(self.board.packets[stream.pair])
            since = self._seen[stray] = before.get(stray, _Since(now.us, packets))
            if now.us - since.at_us >= LASTING_US and packets > since.packets:
                outputs += self._flag(session, stream, name_of(stray.payload_type), now)
        return outputs

    def _strays(self) -> Iterator[tuple[RecordingSession, SessionStream, _Stray]]:
        """The streams not flagged yet whose last packet is of such a type.

        Each with its session as it is by then: another of its streams may have been flagged.
        """
        pairs = np.fromiter(self.node.sessions.pairs, np.int64)
        odd = self.board.oddities[pairs] & np.uint64(UNKNOWN_TYPE) != 0
        for pair in pairs[odd].tolist():
            session, kind = self.node.sessions.of_pair(pair), self.board.unknown_type(pair)
            stream = None if session is None else _unflagged(session, pair)
            if session is not None and stream is not None and kind is not None:
                yield session, stream, _Stray(stream.recording, stream.stream, kind)

    def _flag(
        self, session: RecordingSession, stream: SessionStream, codec: str, now: Now
    ) -> list[Output]:
        if codec == COMFORT_NOISE:  # whoever knows nothing of it loses nothing
            return []
        later = msgspec.structs.replace(stream, stray=codec)
        flag = Flagged(at_us=now.us, flag="wrong_codec", detail=codec)
        try:
            return self.node.noted(noted_on(session.with_stream(stream, later), later, flag))
        except SessionFull:
            return []


def _unflagged(session: RecordingSession, pair: int) -> SessionStream | None:
    """The stream that arrives on this pair, where it is recorded and not flagged."""
    live = {each.recording for each in session.live if not each.waits}
    for stream in session.streams:
        is_heard = stream.pair == pair and not stream.is_played
        if is_heard and not stream.stray and stream.recording in live:
            return stream
    return None
