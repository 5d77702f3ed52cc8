"""What is wrong with the calls that are up: seen within three seconds, from the workers' board.

Looks at columns first and at sessions only where something stands out. Knows no SIP and no socket.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from archive.call.live import Trouble
from capture.holder.worker_board import CROWDED, MIXED, UNKNOWN_TYPE, Board
from capture.recording.session import RecordingSession, SessionStream
from capture.recording.session_store import Sessions

# A sweep takes 640 ms to show, and we look every half second: 2.7 s at the most.
SILENT_US: Final = 1_500_000
# Losses are judged over so long, in two windows that follow each other.
WINDOW_US: Final = 1_000_000
LOSSY_SHARE: Final = 0.05
# A handful of packets says nothing of a share.
LOSSY_PACKETS: Final = 20


@dataclass(slots=True)
class _Window:
    """Packets and losses of the pairs that were up at a moment."""

    at_us: int
    pairs: NDArray[np.int64]
    packets: NDArray[np.int64]
    lost: NDArray[np.int64]


@dataclass(slots=True)
class Troubles:
    """The troubles of each session by its key; `look` makes them those of now."""

    board: Board
    sessions: Sessions
    found: dict[bytes, frozenset[Trouble]] = field(default_factory=dict)
    _windows: list[_Window] = field(default_factory=list)

    def look(self, now_us: int) -> None:
        """See how every stream is."""
        board, pairs = self.board, np.fromiter(self.sessions.pairs, np.int64)
        lossy = self._lossy(pairs, now_us)
        silent = now_us - board.activity[pairs].astype(np.int64) > SILENT_US
        odd = board.oddities[pairs] != 0
        standing_out = {*pairs[silent | odd].tolist(), *lossy}
        keys = {self.sessions.of_pair(pair) for pair in standing_out}
        judged = {each.key: self._judge(each, lossy, now_us) for each in keys if each is not None}
        self.found = {key: troubles for key, troubles in judged.items() if troubles}

    def _lossy(self, pairs: NDArray[np.int64], now_us: int) -> frozenset[int]:
        """Those that have lost too large a share since the window before the last.

        Whoever was not up by then is counted from its beginning.
        """
        packets, lost = (
            column[pairs].astype(np.int64) for column in (self.board.packets, self.board.lost)
        )
        if not self._windows or now_us - self._windows[-1].at_us >= WINDOW_US:
            self._windows = [*self._windows[-1:], _Window(now_us, pairs, packets, lost)]
        before = self._windows[0]
        _, here, there = np.intersect1d(
            pairs, before.pairs, assume_unique=True, return_indices=True
        )
        packets, lost = packets.copy(), lost.copy()
        packets[here] -= before.packets[there]
        lost[here] -= before.lost[there]
        expected = packets + lost
        too_many = (expected >= LOSSY_PACKETS) & (lost > expected * LOSSY_SHARE)
        return frozenset(pairs[too_many].tolist())

    def _judge(
        self, session: RecordingSession, lossy: frozenset[int], now_us: int
    ) -> frozenset[Trouble]:
        if not session.has_call or now_us - session.created_us < SILENT_US:
            return frozenset()
        talking = [each for each in session.streams if not (each.is_held or each.is_played)]
        heard = [each for each in talking if not self._is_silent(session, each, now_us)]
        found = {*self._silence(talking, heard)}
        if any(each.is_relayed and each.is_crowded and each not in heard for each in talking):
            found.add(Trouble.OTHER_SENDER)
        for stream in heard:
            odd = int(self.board.oddities[stream.pair])
            found |= {Trouble.LOSSY} if stream.pair in lossy else set()
            found |= {Trouble.MIXED} if odd & MIXED else set()
            found |= {Trouble.WRONG_CODEC} if odd & UNKNOWN_TYPE else set()
            found |= {Trouble.OTHER_SENDER} if odd & CROWDED else set()
        return frozenset(found)

    def _is_silent(self, session: RecordingSession, stream: SessionStream, now_us: int) -> bool:
        last_us = self.board.last_arrival_us(stream.pair)
        return last_us < session.created_us or now_us - last_us > SILENT_US

    def _silence(
        self, talking: list[SessionStream], heard: list[SessionStream]
    ) -> Iterable[Trouble]:
        if talking and not heard:
            yield Trouble.NO_RTP
        elif len(heard) < len(talking):
            yield Trouble.ONE_WAY
