"""Streams that went on in another recording: what has arrived before that is still the former's.

Decides by arrival, however late it is read. Knows nothing of frames, files or sockets.
"""

from typing import Final, NamedTuple

import numpy as np

from capture.holder.landing_buffer import LandingRing, Run
from capture.media.batch_receiver import arrivals_of
from capture.media.live import LiveRecording, LiveStream, pair_of

_NOTHING: Final = 0


class Cut(NamedTuple):
    """Until when (µs UTC) a pair's packets were the former stream's."""

    former: LiveStream
    since_us: int


class Cuts:
    """The cuts of a worker that may still have something before them, by port pair."""

    def __init__(self) -> None:
        self._cuts: dict[int, Cut] = {}
        self._done: list[int] = []

    def __bool__(self) -> bool:
        return bool(self._cuts)

    def __contains__(self, pair: int) -> bool:
        return pair in self._cuts

    def add(self, pair: int, former: LiveStream, since_us: int) -> None:
        """From `since_us` on, what arrives on this pair is no longer the former stream's."""
        self._cuts[pair] = Cut(former, since_us)

    def of(self, recording: LiveRecording) -> list[int]:
        """The pairs on which something may still be this recording's."""
        return [pair for pair, cut in self._cuts.items() if cut.former.recording is recording]

    def split(
        self, ring: LandingRing, runs: list[Run], streams: dict[int, LiveStream]
    ) -> tuple[list[Run], list[LiveStream]]:
        """The runs, cut in two where they span a cut, and whose each of them is."""
        pieces: list[Run] = []
        owners: list[LiveStream] = []
        for run in runs:
            pair = pair_of(run.owner)
            cut = self._cuts.get(pair)
            before = _NOTHING if cut is None else _count_before(ring, run, cut.since_us)
            if cut is not None and before:
                pieces.append(Run(run.owner, run.first, before))
                owners.append(cut.former)
            if before < run.count:
                pieces.append(Run(run.owner, run.first + before, run.count - before))
                owners.append(streams[pair])
                self._done.append(pair)
        return pieces, owners

    def settle(self) -> None:
        """Forget the cuts behind which something has come: nothing from before can follow it."""
        for pair in self._done:
            self.drop(pair)
        self._done.clear()

    def drop(self, pair: int) -> None:
        """Forget a cut; what its former stream has counted is its recording's."""
        cut = self._cuts.pop(pair, None)
        if cut is not None:
            cut.former.recording.settle(cut.former)


def _count_before(ring: LandingRing, run: Run, since_us: int) -> int:
    """How many packets of a run, from its first on, arrived before a moment."""
    later = arrivals_of(ring, run.first, run.first + run.count) >= since_us
    return int(np.argmax(later)) if later.any() else run.count
