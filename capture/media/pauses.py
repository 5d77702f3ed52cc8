"""Pauses of recordings, and stops by hand: what arrived within one is laid in no frame.

Decides by arrival, and where a clock cannot be trusted, against keeping. Knows nothing of frames,
files or sockets.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from archive.format.end import UNKNOWN_PACKETS, GapCause
from capture.holder.landing_buffer import Run
from capture.links.recorder_messages import PauseBegan, PauseEnded, PauseWanted
from capture.media.batch_receiver import Columns
from capture.media.live import LiveRecording, LiveStream, MissingPackets

# How long what arrived before the end of a pause may still turn up: longer than any sweep is late.
SETTLES_S: Final = 10.0
_NEVER_US: Final = 1 << 62

Say = Callable[[PauseBegan | PauseEnded], None]


@dataclass(slots=True)
class PauseSpan:
    """A pause as a worker has it; `until_us` 0: it is not over.

    Once `is_drained` all that had arrived before it is sealed: what is read while it is not over
    arrived within it, whatever its stamp says. `dropped` counts RTP by stream; unknown where a
    predecessor of ours dropped some. `settles_s` is when nothing of it can turn up any more.
    """

    serial: int
    from_us: int
    until_us: int = 0
    is_over: bool = False
    is_drained: bool = False
    is_inherited: bool = False
    dropped: dict[int, int] = field(default_factory=dict)
    settles_s: float = 0.0


class Pieces(NamedTuple):
    """A batch whose runs end at the edges of pauses: whose each is, how many of them are RTP.

    Those at the places in `silent` are not to be kept.
    """

    columns: Columns
    streams: list[LiveStream]
    rtp_runs: int
    silent: frozenset[int]


class Pauses:
    """The pauses of a worker's recordings that something may still have arrived in."""

    def __init__(self) -> None:
        self._spans: dict[LiveRecording, list[PauseSpan]] = {}
        # The next serial that is news, by recording: settled pauses are told again and again.
        self._settled: dict[LiveRecording, int] = {}
        # When somebody ended a recording by hand (µs UTC), until it is forgotten.
        self._stops: dict[LiveRecording, int] = {}

    def __bool__(self) -> bool:
        return bool(self._spans or self._stops)

    def learn(
        self, live: LiveRecording, wanted: tuple[PauseWanted, ...], now_us: int, say: Say
    ) -> None:
        """Begin those that are new; whoever asks without knowing the time is told it (again)."""
        spans = {span.serial: span for span in self._spans.get(live, ())}
        for pause in wanted[self._settled.get(live, 0) :]:
            span = spans.get(pause.serial)
            if span is None:
                span = PauseSpan(
                    pause.serial, pause.from_us or now_us, is_inherited=pause.from_us != 0
                )
                self._spans.setdefault(live, []).append(span)
            span.is_over = span.is_over or pause.is_over
            if pause.until_us and not span.until_us:
                span.until_us = pause.until_us
                span.is_inherited = True
            if not pause.from_us:
                say(_began(live, span))
            if pause.is_over and not pause.until_us and span.until_us:
                say(_ended(live, span))

    def stop(self, live: LiveRecording, at_us: int) -> None:
        """Somebody ended the recording then: what arrived later is not kept, and missed by nobody.

        What was sealed before this is heard of stays.
        """
        self._stops[live] = at_us

    def due(self, live: LiveRecording) -> bool:
        """Has the recording a pause whose beginning or end is still to be carried out?"""
        return any(
            not span.settles_s and (span.is_over or not span.is_drained)
            for span in self._spans.get(live, ())
        )

    def drained(self, live: LiveRecording) -> None:
        """All that had arrived by now was read: what comes while a pause lasts is within it."""
        for span in self._spans.get(live, ()):
            span.is_drained = True

    def end(self, live: LiveRecording, now_us: int, now_s: float, say: Say) -> None:
        """End the pauses that are to be over, from this moment on; each stream has its gap."""
        for span in self._spans.get(live, ()):
            if not span.is_over or span.settles_s:
                continue
            if not span.until_us:
                # Never before its begin, whatever was done to the clock meanwhile.
                span.until_us = max(now_us, span.from_us)
                say(_ended(live, span))
            span.settles_s = now_s + SETTLES_S
            live.gaps += _gaps(live, span)

    def close(self, live: LiveRecording, now_us: int) -> None:
        """The recording ends, and with it every pause: nothing that is left in it is kept."""
        for span in self._spans.get(live, ()):
            if not span.settles_s:
                span.until_us = span.until_us or max(now_us, span.from_us)
                live.gaps += _gaps(live, span)

    def forget(self, live: LiveRecording) -> None:
        """The recording is no longer here."""
        self._spans.pop(live, None)
        self._settled.pop(live, None)
        self._stops.pop(live, None)

    def settle(self, now_s: float) -> None:
        """Let go of pauses of which nothing can turn up any more."""
        for live, spans in list(self._spans.items()):
            left = [span for span in spans if not span.settles_s or now_s < span.settles_s]
            if len(left) == len(spans):
                continue
            self._settled[live] = max(span.serial for span in spans if span not in left) + 1
            if left:
                self._spans[live] = left
            else:
                del self._spans[live]

    def repeat(self, say: Say) -> None:
        """Say every time again: who is told may be another one by now."""
        for live, spans in self._spans.items():
            for span in spans:
                say(_began(live, span))
                if span.until_us:
                    say(_ended(live, span))

    def cut(self, columns: Columns, streams: list[LiveStream], rtp_runs: int) -> Pieces:
        """The runs of a batch, cut at the edges of pauses of the recordings whose they are."""
        runs, owners, silent, rtp = list[Run](), list[LiveStream](), set[int](), 0
        for index, (run, stream) in enumerate(zip(columns.runs, streams, strict=True)):
            begin = int(columns.starts[index])
            arrivals_us = columns.arrivals_us[begin : begin + run.count]
            within = _within(self._spans.get(stream.recording, ()), arrivals_us)
            within |= arrivals_us >= self._stops.get(stream.recording, _NEVER_US)
            for first, stop in _stretches(within):
                if within[first]:
                    silent.add(len(runs))
                runs.append(Run(run.owner, run.first + first, stop - first))
                owners.append(stream)
            if index < rtp_runs:
                rtp = len(runs)
        starts = np.array([run.first for run in runs], np.int64) - runs[0].first
        counts = np.array([run.count for run in runs], np.int64)
        pieces = replace(columns, runs=runs, starts=starts, counts=counts)
        return Pieces(pieces, owners, rtp, frozenset(silent))

    def count(self, stream: LiveStream, packets: int) -> None:
        """So many RTP packets of a stream were not kept; without a pause nobody asks how many."""
        spans = self._spans.get(stream.recording)
        if not spans:
            return
        span, number = spans[-1], stream.wanted.stream
        span.dropped[number] = span.dropped.get(number, 0) + packets


def _began(live: LiveRecording, span: PauseSpan) -> PauseBegan:
    return PauseBegan(recording=live.recording.raw, serial=span.serial, at_us=span.from_us)


def _ended(live: LiveRecording, span: PauseSpan) -> PauseEnded:
    return PauseEnded(recording=live.recording.raw, serial=span.serial, at_us=span.until_us)


def _within(spans: Sequence[PauseSpan], arrivals_us: NDArray[np.int64]) -> NDArray[np.bool_]:
    within = np.zeros(len(arrivals_us), bool)
    for span in spans:
        if span.until_us:
            within |= (arrivals_us >= span.from_us) & (arrivals_us < span.until_us)
        elif span.is_drained:
            within[:] = True
        else:
            within |= arrivals_us >= span.from_us
    return within


def _stretches(within: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """From where to where it is one or the other."""
    edges = np.flatnonzero(np.diff(within)) + 1
    bounds = [0, *edges.tolist(), len(within)]
    return list(pairwise(bounds))


def _gaps(live: LiveRecording, span: PauseSpan) -> list[MissingPackets]:
    """A gap for each stream that there is, or that something came on."""
    numbers = sorted({*live.streams, *span.dropped})
    return [
        MissingPackets(
            number,
            GapCause.PAUSED,
            UNKNOWN_PACKETS if span.is_inherited else span.dropped.get(number, 0),
            span.from_us,
            span.until_us,
        )
        for number in numbers
    ]
