"""One sweep of one batch: receive, columns, frames, seal, write, commit.

The measured heart of capture: what is done here is done per run of packets, never per packet.
"""

import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from archive.end import CLOCK, GAP, GapCause
from archive.frames import RTCP_FLAG, WHOLE_RECORDING, FrameKind
from capture.media.framing import PacketFrames
from capture.media.landing import Columns, datagram, read_columns, receive
from capture.media.layout import WriteFull
from capture.media.live import UNKNOWN, LiveRecording, LiveStream, Missing, is_rtcp, pair_of
from capture.media.masking import PAYLOAD_TYPES, mask_events
from capture.media.ring import SMALL_BYTES, LandingRing, Run
from capture.media.rtcp import sender_report
from capture.media.sealing import OpenPart, SealingBench, WriteFailed
from capture.media.statistics import Statistics

CLOCK_STEP_US: Final = 5_000
# Gaps wait only while every volume fails; more of them say nothing new.
MAX_GAPS_A_WRITE: Final = 4096


class Sweeper:
    """Takes batches of recordings from their sockets to their parts."""

    def __init__(
        self,
        ring: LandingRing,
        activity: NDArray[np.uint64],
        open_part: Callable[[LiveRecording], OpenPart],
    ) -> None:
        self.ring = ring
        self.statistics = Statistics(len(activity))
        self.bench = SealingBench()
        self._activity = activity
        self._open_part = open_part
        self._frames = PacketFrames()
        self.streams: dict[int, LiveStream] = {}
        self._rtp_runs = 0
        self._masks = np.zeros((len(activity), PAYLOAD_TYPES), bool)
        # By an RTP header's second byte: what some stream has ever wanted masked.
        self._ever_masked = np.zeros(2 * PAYLOAD_TYPES, bool)

    def watch(self, stream: LiveStream) -> None:
        """Sweep this stream from now on."""
        pair = stream.wanted.pair
        self.streams[pair] = stream
        self._masks[pair] = False
        self._masks[pair, list(stream.wanted.masked_types)] = True
        for kind in stream.wanted.masked_types:
            self._ever_masked[[kind, kind + PAYLOAD_TYPES]] = True

    def unwatch(self, stream: LiveStream) -> None:
        """Sweep it no more."""
        self.streams.pop(stream.wanted.pair, None)

    def sweep(self, batch: Sequence[LiveRecording], clock_offset_us: int) -> int:
        """Read every socket of the batch once and write what it held; the packets taken."""
        runs = receive(self.ring, _rtp_ears(batch))
        landed = runs[-1].first + runs[-1].count if runs else 0
        reports = receive(self.ring, _rtcp_ears(batch), landed)
        self.seal(runs, reports, batch, clock_offset_us)
        return landed

    def seal(
        self,
        runs: list[Run],
        reports: list[Run],
        batch: Iterable[LiveRecording],
        clock_offset_us: int,
    ) -> None:
        """Write landed runs (RTP, then RTCP behind them) and whatever events wait; commit."""
        total = 0
        if runs or reports:
            last = (reports or runs)[-1]
            total = last.first + last.count
            columns = read_columns(self.ring, runs + reports)
            streams = [self.streams[(run.owner - 1) >> 1] for run in columns.runs]
            numbers = [stream.wanted.stream for stream in streams]
            masked = self._observe(columns, streams, len(runs))
            self._frames.take(self.ring, columns, masked, numbers)
            for index, stream in enumerate(streams):
                stream.recording.runs.append(index)
            for run, stream in zip(runs, streams, strict=False):  # RTP alone is counted
                stream.packets += run.count
            self._rtp_runs = len(runs)
            for run in reports:
                self._hear(run)
        for recording in batch:
            if recording.has_news:
                self._write(recording, clock_offset_us)
        if total:
            self.ring.commit(total)

    def _hear(self, run: Run) -> None:
        """Remember the last sender report of a stream, for the report that we owe."""
        stream = self.streams[pair_of(run.owner)]
        for slot in range(run.first, run.first + run.count):
            length = min(int(self.ring.headers["len"][slot]), SMALL_BYTES)
            report = sender_report(datagram(self.ring, slot, length))
            if report is not None and stream.reporter is not None:
                arrived_us = int(self._activity[stream.wanted.pair])
                stream.reporter = replace(
                    stream.reporter,
                    last_report=report.middle_ntp,
                    last_report_at_us=arrived_us,
                )

    def _observe(
        self, columns: Columns, streams: list[LiveStream], rtp_runs: int
    ) -> NDArray[np.bool_] | None:
        """Statistics, activity, kernel drops and masking of a batch, by column."""
        pairs = np.array([stream.wanted.pair for stream in streams], np.int64)
        if columns.drops is not None:
            self._note_drops(columns, pairs, columns.drops)
        self._activity[pairs] = columns.arrivals_us[columns.starts + columns.counts - 1]
        if rtp_runs:
            self.statistics.update(_first_runs(columns, rtp_runs), pairs[:rtp_runs])
        first = columns.runs[0].first
        kinds = self.ring.small[first : first + len(columns.lengths), 1]
        if not self._ever_masked[kinds].any():
            return None
        masks = self._masks[pairs]
        masks[rtp_runs:] = False
        return mask_events(self.ring, columns, masks)

    def _note_drops(
        self, columns: Columns, pairs: NDArray[np.int64], counters: NDArray[np.int64]
    ) -> None:
        """The kernel's counters are those of the sockets' whole lives: keep what grew."""
        drops = np.maximum.reduceat(counters, columns.starts)
        for index in np.flatnonzero(drops).tolist():
            pair, start = int(pairs[index]), int(columns.starts[index])
            stream = self.streams[pair]
            if is_rtcp(columns.runs[index].owner):
                continue
            if stream.kernel_drops == UNKNOWN:
                began = self.statistics.of(pair).packets > 0
                stream.kernel_drops = 0 if began else int(counters[start])
            missing = int(drops[index]) - stream.kernel_drops
            stream.kernel_drops = int(drops[index])
            if missing > 0:
                before, after = int(self._activity[pair]), int(columns.arrivals_us[start])
                stream.recording.gaps.append(
                    Missing(stream.wanted.stream, GapCause.KERNEL_DROPPED, missing, before, after)
                )

    def _write(self, recording: LiveRecording, clock_offset_us: int) -> None:
        """All of one recording's frames of this sweep, in as few writes as fit."""
        try:
            part = recording.part or self._open_part(recording)
            layout = self.bench.layout
            layout.begin(part.sync)
            if recording.unwritten or recording.gaps:
                self._lay_events(recording, part)
                self._lay_gaps(recording, part)
            if abs(clock_offset_us - recording.clock_offset_us) > CLOCK_STEP_US:
                self._lay_clock(recording, part, clock_offset_us)
            recording.clock_offset_us = clock_offset_us
            self._lay_runs(recording.runs, part, clock_offset_us)
            if layout.position:
                part.write()
            if recording.unwritten or recording.gaps:
                recording.unwritten.clear()
                recording.lost += recording.gaps
                recording.gaps.clear()
        except WriteFailed:
            self._part_failed(recording, clock_offset_us)
        finally:
            recording.runs.clear()

    def _lay_events(self, recording: LiveRecording, part: OpenPart) -> None:
        layout = self.bench.layout
        for event in recording.unwritten:
            self._make_room(part, len(event.payload))
            layout.frame(FrameKind.EVENT, event.stream, event.at_us, event.serial, event.payload)

    def _make_room(self, part: OpenPart, payload_bytes: int) -> None:
        """Write what is laid out where one more frame would not fit behind it."""
        layout = self.bench.layout
        if layout.position and not layout.fits(payload_bytes):
            part.write()
            layout.begin(part.sync)

    def _lay_clock(self, recording: LiveRecording, part: OpenPart, offset_us: int) -> None:
        """A wall clock that was set is an event, not a jump in the audio."""
        before = recording.clock_offset_us
        if before:
            monotonic_us = time.monotonic_ns() // 1000
            payload = CLOCK.pack(monotonic_us, before, offset_us)
            at_us = monotonic_us + offset_us
            self._make_room(part, len(payload))
            self.bench.layout.frame(FrameKind.CLOCK, WHOLE_RECORDING, at_us, 0, payload)

    def _lay_gaps(self, recording: LiveRecording, part: OpenPart) -> None:
        for gap in recording.gaps[:MAX_GAPS_A_WRITE]:
            payload = GAP.pack(gap.cause, gap.packets, gap.from_us, gap.until_us)
            self._make_room(part, len(payload))
            self.bench.layout.frame(FrameKind.GAP, gap.stream, gap.from_us, 0, payload)

    def _lay_runs(self, runs: list[int], part: OpenPart, clock_us: int) -> None:
        """Runs in their order: the plain ones in one go, one by one what is not plain."""
        frames, layout, laid = self._frames, self.bench.layout, 0
        rtp = bisect_left(runs, self._rtp_runs)
        while laid < len(runs):
            if laid < rtp:
                laid += frames.lay_plain(runs[laid:rtp], layout, clock_us)
            if laid < len(runs):
                flags = 0 if laid < rtp else RTCP_FLAG
                try:
                    frames.lay(runs[laid], flags, layout, clock_us)
                    laid += 1
                except WriteFull:
                    part.write()
                    layout.begin(part.sync)

    def _part_failed(self, recording: LiveRecording, clock_offset_us: int) -> None:
        """Go on in a next part; where that fails too, the loss becomes a gap."""
        part, recording.part = recording.part, None
        if part is not None:
            part.abandon()
            recording.unwritten[:] = recording.events
            self._count_again(recording)
        if recording.failed:
            self._give_up(recording)
            return
        recording.failed = True
        self._write(recording, clock_offset_us)
        recording.failed = False

    def _count_again(self, recording: LiveRecording) -> None:
        """The next part holds this sweep, and nothing of what the failed one did."""
        recording.forget_counts()
        for run in (self._frames.run(index) for index in recording.runs):
            if not is_rtcp(run.owner):
                self.streams[pair_of(run.owner)].packets += run.count

    def _give_up(self, recording: LiveRecording) -> None:
        """No volume takes this sweep: say so in the first part that one takes."""
        recording.forget_counts()
        for index in recording.runs:
            run, first, last = self._frames.span(index)
            stream = self.streams[pair_of(run.owner)].wanted.stream
            if not is_rtcp(run.owner) and len(recording.gaps) < MAX_GAPS_A_WRITE:
                recording.gaps.append(
                    Missing(stream, GapCause.WRITER_FAILED, run.count, first, last)
                )


def _rtp_ears(batch: Iterable[LiveRecording]) -> Iterable[tuple[int, int]]:
    return [stream.rtp for recording in batch for stream in recording.streams.values()]


def _rtcp_ears(batch: Iterable[LiveRecording]) -> list[tuple[int, int]]:
    ears = []
    for recording in batch:
        for stream in recording.streams.values():
            if stream.rtcp_due:
                stream.rtcp_due = False
                ears.append(stream.rtcp)
    return ears


def _first_runs(columns: Columns, count: int) -> Columns:
    """The columns of the first `count` runs alone."""
    if count == len(columns.runs):
        return columns
    stop = int(columns.starts[count])
    return replace(
        columns,
        runs=columns.runs[:count],
        starts=columns.starts[:count],
        counts=columns.counts[:count],
        arrivals_us=columns.arrivals_us[:stop],
        sequences=columns.sequences[:stop],
        timestamps=columns.timestamps[:stop],
        ssrcs=columns.ssrcs[:stop],
    )
