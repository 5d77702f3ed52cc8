"""What one sweep brought of a recording, laid out as frames and written to its part.

Where a part fails, the recording goes on in a next one; where no volume takes it, the loss becomes
a gap. Knows nothing of sockets.
"""

import time
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from archive.format.end import CLOCK, GAP, GapCause
from archive.format.frames import RTCP_FLAG, WHOLE_RECORDING, FrameKind
from capture.media.layout import WriteFull
from capture.media.live import LiveRecording, LiveStream, MissingPackets, is_rtcp
from capture.media.open_part import OpenPart, SealingBench, WriteFailed
from capture.media.packet_frames import PacketFrames
from capture.media.pauses import Pauses

CLOCK_STEP_US: Final = 5_000
# Gaps wait only while every volume fails, and then there is one a stream of that cause.
MAX_GAPS_A_WRITE: Final = 4096


class SweepWriter:
    """Writes recordings, one after another, from the frames of the batch that was taken last."""

    def __init__(self, open_part: Callable[[LiveRecording], OpenPart]) -> None:
        self.bench = SealingBench()
        self.frames = PacketFrames()
        self.pauses = Pauses()
        # Whose each run of the batch is; those of RTP come first.
        self.owners: list[LiveStream] = []
        self.rtp_runs = 0
        self._open_part = open_part
        self._unkept: list[LiveRecording] = []

    def take_unkept(self) -> list[LiveRecording]:
        """Recordings that no volume takes any more, each once until one does."""
        found, self._unkept = self._unkept, []
        return found

    def write(self, recording: LiveRecording, clock_offset_us: int) -> None:
        """All of one recording's frames of this sweep, in as few writes as fit."""
        recording.is_silent = recording.is_silent and not (recording.runs or recording.gaps)
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
            recording.is_unkept = False
            if recording.unwritten or recording.gaps:
                recording.unwritten.clear()
                recording.lost += [g for g in recording.gaps if g.cause != GapCause.PAUSED]
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
        frames, layout, laid = self.frames, self.bench.layout, 0
        rtp = bisect_left(runs, self.rtp_runs)
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
        self.write(recording, clock_offset_us)
        recording.failed = False

    def _count_again(self, recording: LiveRecording) -> None:
        """The next part holds this sweep, and nothing of what the failed one did."""
        recording.forget_counts()
        for index in recording.runs:
            run = self.frames.run(index)
            if not is_rtcp(run.owner):
                self.owners[index].packets += run.count

    def _give_up(self, recording: LiveRecording) -> None:
        """No volume takes this sweep: say so, also in the first part that one takes."""
        if not recording.is_unkept:
            recording.is_unkept = True
            self._unkept.append(recording)
        recording.forget_counts()
        for index in recording.runs:
            run, first, last = self.frames.span(index)
            stream = self.owners[index].wanted.stream
            if not is_rtcp(run.owner):
                lost = MissingPackets(stream, GapCause.WRITER_FAILED, run.count, first, last)
                _add_to(recording.gaps, lost)


def _add_to(gaps: list[MissingPackets], lost: MissingPackets) -> None:
    """One gap a stream for as long as nothing is written, however long that lasts."""
    for at, gap in enumerate(gaps):
        if (gap.stream, gap.cause) == (lost.stream, lost.cause):
            packets = gap.packets + lost.packets
            gaps[at] = replace(gap, packets=packets, until_us=max(gap.until_us, lost.until_us))
            return
    gaps.append(lost)
