"""One sweep of one batch: receive, columns, frames, and what is written of them; commit.

The measured heart of capture: what is done here is done per run of packets, never per packet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from archive.format.end import GapCause
from capture.holder.landing_buffer import LandingRing, Run
from capture.holder.worker_board import CROWDED, MIXED, TYPE_SHIFT, UNKNOWN_TYPE, Board
from capture.media.batch_receiver import Columns, datagram, read_columns, receive
from capture.media.cuts import Cuts
from capture.media.digit_mask import PAYLOAD_TYPES, mask_events
from capture.media.live import UNKNOWN, LiveRecording, LiveStream, MissingPackets, is_rtcp
from capture.media.pauses import Pieces
from capture.media.rtcp import sender_report
from capture.media.rtcp_mux import RTCP_TYPES, is_report, without
from capture.media.sender_latches import LatchVerdicts, SenderLatches
from capture.media.statistics import Statistics, pieces_of
from capture.media.sweep_writer import SweepWriter


class Sweeper:
    """Takes batches of recordings from their sockets to their parts."""

    def __init__(
        self,
        ring: LandingRing,
        board: Board,
        writing: SweepWriter,
    ) -> None:
        self.ring = ring
        self.statistics = Statistics(board.lanes)
        self.latches = SenderLatches(board.lanes)
        self.streams: dict[int, LiveStream] = {}
        self.cuts = Cuts()
        self.pauses = writing.pauses
        self._writing = writing
        self.board = board
        self._masks = np.zeros((board.lanes, PAYLOAD_TYPES), bool)
        self._known = np.ones((board.lanes, PAYLOAD_TYPES), bool)
        # By an RTP header's second byte: what some stream has ever wanted masked.
        self._ever_masked = np.zeros(2 * PAYLOAD_TYPES, bool)
        self._secret: set[int] = set()
        self._unproved: list[LiveStream] = []

    def watch(self, stream: LiveStream) -> None:
        """Sweep this stream from now on."""
        pair = stream.wanted.pair
        self.streams[pair] = stream
        self._masks[pair] = False
        self._masks[pair, list(stream.wanted.masked_types)] = True
        for kind in stream.wanted.masked_types:
            self._ever_masked[[kind, kind + PAYLOAD_TYPES]] = True
        self._known[pair] = not stream.wanted.types
        self._known[pair, list(stream.wanted.types)] = True
        self._known[pair, RTCP_TYPES] = True
        if stream.secrecy is not None:
            self._secret.add(pair)
        self.latches.watch(stream)

    def unwatch(self, stream: LiveStream) -> None:
        """Sweep it no more."""
        self.streams.pop(stream.wanted.pair, None)
        self._secret.discard(stream.wanted.pair)
        self.latches.unwatch(stream)

    def sweep(self, batch: Sequence[LiveRecording], clock_offset_us: int) -> int:
        """Read every socket of the batch once and write what it held; the packets taken."""
        runs = receive(self.ring, _rtp_ears(batch))
        landed = runs[-1].first + runs[-1].count if runs else 0
        reports = receive(self.ring, _rtcp_ears(batch), landed)
        self.seal(runs, reports, batch, clock_offset_us)
        return landed

    def take_unproved(self) -> list[LiveStream]:
        """The streams whose samples were not proved since the last call."""
        found, self._unproved = self._unproved, []
        return found

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
            streams = self._take(runs, reports, clock_offset_us)
            if self.cuts:
                batch = dict.fromkeys((*batch, *(stream.recording for stream in streams)))
        for recording in batch:
            if recording.has_news:
                self._writing.write(recording, clock_offset_us)
        if total:
            self.ring.commit(total)
            self.cuts.settle()

    def _take(self, runs: list[Run], reports: list[Run], clock_offset_us: int) -> list[LiveStream]:
        """Make frames of what has landed, and give each run to its recording; whose they are."""
        runs, streams = self._owners(runs)
        reports, reporters = self._owners(reports)
        streams += reporters
        if self._secret:
            self._prove(runs, streams)
        columns = read_columns(self.ring, runs + reports)
        judged = self.latches.judge(self.ring, columns, streams[: len(runs)], clock_offset_us)
        masked = self._observe(columns, streams, judged)
        self._frame(Pieces(columns, streams, len(runs), frozenset()), masked)
        for run, stream in zip(reports, reporters, strict=True):
            self._hear(run, stream)
        return streams

    def _frame(self, batch: Pieces, masked: NDArray[np.bool_] | None) -> None:
        """Have the runs of a batch laid out by their recordings; not what came in a pause."""
        if self.pauses:
            batch = self.pauses.cut(batch.columns, batch.streams, batch.rtp_runs)
        numbers = [stream.wanted.stream for stream in batch.streams]
        self._writing.frames.take(self.ring, batch.columns, masked, numbers)
        for index, stream in enumerate(batch.streams):
            if index not in batch.silent:
                stream.recording.runs.append(index)
        # RTP alone is counted.
        for index, run in enumerate(batch.columns.runs[: batch.rtp_runs]):
            if index in batch.silent:
                self.pauses.count(batch.streams[index], run.count)
            else:
                batch.streams[index].packets += run.count
        self._writing.owners, self._writing.rtp_runs = batch.streams, batch.rtp_runs

    def _owners(self, runs: list[Run]) -> tuple[list[Run], list[LiveStream]]:
        """Whose each run is; cut in two where a stream has gone on in another recording."""
        if self.cuts:
            return self.cuts.split(self.ring, runs, self.streams)
        return runs, [self.streams[(run.owner - 1) >> 1] for run in runs]

    def _prove(self, runs: list[Run], streams: list[LiveStream]) -> None:
        """Try the last packet of runs of SRTP that are due, before anything in it is masked."""
        for run, stream in zip(runs, streams, strict=False):  # RTP alone
            secrecy = stream.secrecy
            if secrecy is None or not secrecy.take_turn():
                continue
            slot = run.first + run.count - 1
            kind = int(self.ring.small[slot, 1]) % PAYLOAD_TYPES
            if kind in stream.wanted.masked_types or is_report(np.uint8(kind)):
                continue
            length = int(self.ring.headers["len"][slot])
            if secrecy.sample(datagram(self.ring, slot, length)):
                self._unproved.append(stream)

    def _hear(self, run: Run, stream: LiveStream) -> None:
        for slot in range(run.first, run.first + run.count):
            self._hear_one(slot, stream)

    def _hear_one(self, slot: int, stream: LiveStream) -> None:
        """Remember the last sender report of a stream, for the report that we owe."""
        compound = datagram(self.ring, slot, int(self.ring.headers["len"][slot]))
        if stream.secrecy is not None:
            compound = stream.secrecy.open_report(compound)
        report = sender_report(compound)
        if report is not None and stream.reporter is not None:
            arrived_us = self.board.last_arrival_us(stream.wanted.pair)
            stream.reporter = replace(
                stream.reporter, last_report=report.middle_ntp, last_report_at_us=arrived_us
            )

    def _observe(
        self, columns: Columns, streams: list[LiveStream], judged: LatchVerdicts
    ) -> NDArray[np.bool_] | None:
        """Statistics, activity, kernel drops and masking of a batch, by column."""
        rtp_runs = len(judged.crowded)
        pairs = np.array([stream.wanted.pair for stream in streams], np.int64)
        if columns.drops is not None:
            self._note_drops(columns, pairs, columns.drops)
        self.board.activity[pairs] = columns.arrivals_us[columns.starts + columns.counts - 1]
        first = columns.runs[0].first
        kinds = self.ring.small[first : first + len(columns.lengths), 1]
        if rtp_runs:
            self._count(self._rtp_of(columns, streams[:rtp_runs], kinds, judged.aside))
            self._show(columns, pairs[:rtp_runs], judged)
        if not self._ever_masked[kinds].any():
            return None
        masks = self._masks[pairs]
        masks[rtp_runs:] = False
        return mask_events(self.ring, columns, masks)

    def _show(self, columns: Columns, pairs: NDArray[np.int64], judged: LatchVerdicts) -> None:
        """Tell signalling how the streams are: mixed where any packet names contributors.

        A payload type counts by the last packet of each, where that is heard.
        """
        self.board.packets[pairs], self.board.lost[pairs] = self.statistics.totals(pairs)
        if not len(pairs):
            return
        starts, ends = columns.starts[: len(pairs)], (columns.starts + columns.counts)[: len(pairs)]
        heads = self.ring.small[columns.runs[0].first :][: ends[-1], :2]
        contributors = (heads[:, 0] & 0x0F) * ~is_report(heads[:, 1])
        mixed = np.bitwise_or.reduceat(contributors, starts) != 0
        kinds = heads[ends - 1, 1].astype(np.int64) % PAYLOAD_TYPES
        unknown = ~self._known[pairs, kinds] * (UNKNOWN_TYPE + (kinds << TYPE_SHIFT))
        if judged.aside is not None:
            unknown[judged.aside[ends - 1]] = 0
        self.board.oddities[pairs] = mixed * MIXED + unknown + judged.crowded * CROWDED

    def _rtp_of(
        self,
        columns: Columns,
        streams: list[LiveStream],
        kinds: NDArray[np.uint8],
        aside: NDArray[np.bool_] | None,
    ) -> tuple[Columns, list[LiveStream]]:
        """The RTP of a batch that is heard, and whose it is; reports on its ports are read."""
        columns = _first_runs(columns, len(streams))
        reports = is_report(kinds[: len(columns.ssrcs)])
        if aside is None and not reports.any():
            return columns, streams
        owner = np.repeat(np.arange(len(streams)), columns.counts)
        for index in np.flatnonzero(reports).tolist():
            self._hear_one(columns.runs[0].first + index, streams[owner[index]])
        left, rows = without(columns, reports if aside is None else reports | aside[: len(reports)])
        return left, [streams[row] for row in rows.tolist()]

    def _count(self, taken: tuple[Columns, list[LiveStream]]) -> None:
        """Statistics are those of the streams that go on, not of what was cut off before them."""
        columns, streams = taken
        pairs = np.array([stream.wanted.pair for stream in streams], np.int64)
        if not len(pairs):
            return
        if not self.cuts:
            self.statistics.update(columns, pairs)
            return
        own = [self.streams[stream.wanted.pair] is stream for stream in streams]
        which = np.flatnonzero(own)
        if which.size:
            stops = columns.starts + columns.counts
            pieces = pieces_of(columns, columns.starts[which], stops[which])
            self.statistics.update(pieces, pairs[which])

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
                before = self.board.last_arrival_us(pair)
                after = int(columns.arrivals_us[start])
                stream.recording.gaps.append(
                    MissingPackets(
                        stream.wanted.stream, GapCause.KERNEL_DROPPED, missing, before, after
                    )
                )


def _rtp_ears(batch: Iterable[LiveRecording]) -> Iterable[tuple[int, int]]:
    return [
        stream.rtp
        for recording in batch
        for stream in recording.streams.values()
        if not stream.relayed
    ]


def _rtcp_ears(batch: Iterable[LiveRecording]) -> list[tuple[int, int]]:
    sockets = []
    for recording in batch:
        for stream in recording.streams.values():
            if stream.rtcp_due:
                stream.rtcp_due = False
                sockets.append(stream.rtcp)
    return sockets


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
