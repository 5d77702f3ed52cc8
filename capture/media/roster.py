"""The recordings that a worker has, as signalling's commands make them.

Carries out `Record` and `Close`, each of which may come again. Knows nothing of the loop.
"""

import select
import time
from dataclasses import dataclass
from typing import Final

import msgspec
import structlog

from archive.ids import RecordingId, TenantId
from capture.holder.kernel import close_filter, open_filter
from capture.links.recorder_messages import Close, Closed, Record, StreamWanted
from capture.media.live import (
    LiveRecording,
    LiveStream,
    SocketEntry,
    is_rtcp,
    pair_of,
    rtcp_owner,
    rtp_owner,
)
from capture.media.parts import Parts
from capture.media.pauses import Say
from capture.media.relay_intake import RelayIntake
from capture.media.reports import Reports
from capture.media.schedule import Schedule
from capture.media.sweep import Sweeper

# Signalling may ask again for what was ended before it was replaced; not for more than these.
MAX_REMEMBERED: Final = 20_000
# A relayed stream's sockets are the relay's.
NO_SOCKET: Final = -1
log = structlog.get_logger("capture.ingest")


@dataclass(frozen=True, slots=True)
class Share:
    """The port pairs of one worker: pair n is entry n // workers of worker n % workers."""

    worker: int
    workers: int
    rtp: list[int]
    rtcp: list[int]

    def sockets(self, pair: int) -> tuple[SocketEntry, SocketEntry]:
        """The two sockets of a pair with their owner values."""
        assert pair % self.workers == self.worker
        at = pair // self.workers
        return (self.rtp[at], rtp_owner(pair)), (self.rtcp[at], rtcp_owner(pair))


class Roster:
    """Recordings by id, with their streams on the worker's sockets."""

    def __init__(
        self,
        share: Share,
        sweeper: Sweeper,
        parts: Parts,
        reports: Reports,
        schedule: Schedule,
        gatherer: RelayIntake,
    ) -> None:
        self._share, self._gatherer = share, gatherer
        self._sweeper, self._parts, self._reports = sweeper, parts, reports
        self.schedule = schedule
        self.epoll = select.epoll()
        self._by_rtcp: dict[int, LiveStream] = {}
        self.recordings: dict[bytes, LiveRecording] = {}
        # Recordings that were ended here; None while their last part is not yet synced.
        self._ended: dict[bytes, Closed | None] = {}
        self.clock_offset_us = 0
        self.pauses = sweeper.pauses
        self.waits_for_landed = False
        # Tells signalling when a pause has begun or ended.
        self.say: Say = lambda _told: None

    def record(self, wanted: Record) -> None:
        """Make the recording what `wanted` says."""
        live = self.recordings.get(wanted.recording)
        if live is None and self._is_ended(wanted):
            return
        if live is None:
            live = LiveRecording(RecordingId(wanted.recording), TenantId(wanted.tenant))
            self.recordings[wanted.recording] = live
            # Later it tells of numbers that were said here: of one that no volume took as well.
            live.next_part = wanted.next_part
            self.schedule.add(live, time.monotonic())
        self.pauses.learn(live, wanted.pauses, self._parts.wall_us(), self.say)
        if wanted.stopped_us:
            self.pauses.stop(live, wanted.stopped_us)
        live.learn(wanted)
        keep = {stream.stream for stream in wanted.streams}
        for gone in [each for number, each in live.streams.items() if number not in keep]:
            self._release(gone)
        for stream in wanted.streams:
            if stream.relayed:
                self._have_relayed(live, stream)
            else:
                self._have(live, stream)
        self._see_pauses(live)

    def _is_ended(self, wanted: Record) -> bool:
        """Whether its last part has its END, here or by a predecessor that died before it said so.

        A part behind the last one would be out of place, and a person would have to see to it.
        """
        pairs = [stream.pair for stream in wanted.streams]
        if wanted.recording not in self._ended and self._sweeper.board.is_ended(
            pairs, wanted.recording
        ):
            self._ended[wanted.recording] = Closed(recording=wanted.recording)
        return wanted.recording in self._ended

    def _see_pauses(self, live: LiveRecording) -> None:
        """Carry out what pauses have been told of; what was landed by a predecessor comes first.

        Everything that has arrived is read now, so that no clock has to be believed for it.
        """
        if self.waits_for_landed or not self.pauses.due(live):
            return
        self.clock_offset_us = self._parts.wall_us() - time.monotonic_ns() // 1000
        self._sweeper.sweep([live], self.clock_offset_us)
        self._gatherer.gather([live], self.clock_offset_us)
        self.pauses.drained(live)
        self.pauses.end(live, self._parts.wall_us(), time.monotonic(), self.say)

    def _have(self, live: LiveRecording, wanted: StreamWanted) -> None:
        known = live.streams.get(wanted.stream)
        if known is not None and known.wanted.pair == wanted.pair:
            known.obey(wanted)
            self._sweeper.statistics.set_clock(wanted.pair, wanted.clock_hz)
            self._sweeper.watch(known)
            return
        if known is not None:
            self._release(known)
        former = self._former_of(wanted)
        stream = LiveStream(wanted, *self._share.sockets(wanted.pair), live)
        stream.obey(wanted)
        if former is not None:
            self._sweeper.cuts.add(wanted.pair, former, wanted.since_us)
        live.streams[wanted.stream] = stream
        for descriptor in (stream.rtp[0], stream.rtcp[0]):
            open_filter(descriptor)  # a stream that was taken away may come back on the same pair
        self._sweeper.statistics.forget(wanted.pair, wanted.clock_hz)
        self._sweeper.watch(stream)
        self._reports.begin(stream, time.monotonic())
        self._by_rtcp[stream.rtcp[0]] = stream
        self.epoll.register(stream.rtcp[0], select.EPOLLIN | select.EPOLLET)

    def _have_relayed(self, live: LiveRecording, wanted: StreamWanted) -> None:
        """What is played to a pair has a lane of its own, behind the pairs."""
        if wanted.played:
            lane = wanted.pair + self._gatherer.table.pairs
            wanted = msgspec.structs.replace(wanted, pair=lane)
        statistics = self._gatherer.sweeper.statistics
        known = live.streams.get(wanted.stream)
        if known is not None and known.wanted.pair == wanted.pair:
            known.obey(wanted)
            statistics.set_clock(wanted.pair, wanted.clock_hz)
            self._gatherer.watch(known)
            return
        if known is not None:
            self._release(known)
        former = self._gatherer.sweeper.streams.get(wanted.pair)
        if former is not None:
            self._release(former)
        sockets = (NO_SOCKET, rtp_owner(wanted.pair)), (NO_SOCKET, rtcp_owner(wanted.pair))
        stream = LiveStream(wanted, *sockets, live)
        stream.obey(wanted)
        live.streams[wanted.stream] = stream
        statistics.forget(wanted.pair, wanted.clock_hz)
        self._gatherer.watch(stream)

    def _former_of(self, wanted: StreamWanted) -> LiveStream | None:
        """The stream that had this pair until now, here or at a predecessor of ours."""
        former = self._sweeper.streams.get(wanted.pair)
        if former is not None:
            if wanted.pair in self._sweeper.cuts:  # the sockets may hold packets of three by now
                self._sweeper.sweep([former.recording], self.clock_offset_us)
            self._let_go(former)
            return former
        live = self.recordings.get(wanted.former)
        if live is None:
            return None
        former_wanted = msgspec.structs.replace(wanted, stream=wanted.former_stream)
        return LiveStream(former_wanted, *self._share.sockets(wanted.pair), live)

    def _release(self, stream: LiveStream) -> None:
        """Take what the stream's sockets still hold, then let go of them; they hear no more."""
        if stream.relayed:
            self._gatherer.gather([stream.recording], self.clock_offset_us)
            stream.recording.settle(stream)
            self._gatherer.unwatch(stream)
            del stream.recording.streams[stream.wanted.stream]
            return
        close_filter(stream.rtp[0])
        close_filter(stream.rtcp[0])
        stream.rtcp_due = True
        self._sweeper.sweep([stream.recording], self.clock_offset_us)
        self._sweeper.cuts.drop(stream.wanted.pair)
        self._let_go(stream)

    def _let_go(self, stream: LiveStream) -> None:
        """The stream is no longer its recording's."""
        stream.recording.settle(stream)
        self._sweeper.unwatch(stream)
        self._reports.end(stream)
        self._by_rtcp.pop(stream.rtcp[0])
        self.epoll.unregister(stream.rtcp[0])
        del stream.recording.streams[stream.wanted.stream]

    def close(self, close: Close) -> Closed | None:
        """Read everything that is left and end the recording; an answer where it is unknown."""
        live = self.recordings.get(close.recording)
        if live is None:
            return self._ended.get(close.recording, Closed(recording=close.recording))
        for pair in self._sweeper.cuts.of(live):
            self._sweeper.sweep([self._sweeper.streams[pair].recording], self.clock_offset_us)
            self._sweeper.cuts.drop(pair)
        streams = list(live.streams.values())
        for stream in streams:
            self._release(stream)
        self.pauses.close(live, self._parts.wall_us())
        self._sweeper.sweep([live], self.clock_offset_us)
        self.pauses.forget(live)
        self.schedule.remove(live)
        del self.recordings[close.recording]
        self._ended[close.recording] = told = self._closed(live, close)
        if told is None:
            self._sweeper.board.end_parts(
                [stream.wanted.pair for stream in streams], close.recording
            )
        while len(self._ended) > MAX_REMEMBERED:
            self._ended.pop(next(iter(self._ended)))
        return told

    def _closed(self, live: LiveRecording, close: Close) -> Closed | None:
        """What is said at once: where something is left to sync, that comes later."""
        if self._parts.discard(live):
            return Closed(recording=close.recording, is_silent=True)
        is_later = self._parts.end(live, close.reason, last=True)
        return None if is_later else Closed(recording=close.recording)

    def published(self, recording: bytes) -> Closed:
        """The last part of a recording is synced and has its name."""
        told = self._ended[recording] = Closed(recording=recording)
        return told

    def heard_rtcp(self, descriptor: int) -> None:
        """An RTCP socket has something: its recording's next sweep reads it."""
        stream = self._by_rtcp.get(descriptor)
        if stream is not None:
            stream.rtcp_due = True

    def adopt_landed(self) -> None:
        """Seal what a killed predecessor had received and not committed."""
        streams = self._sweeper.streams
        landed = self._sweeper.ring.landed()
        runs = [run for run in landed if pair_of(run.owner) in streams]
        if len(runs) < len(landed):
            log.error("landed packets without a recording", runs=len(landed) - len(runs))
        if runs:
            batch = {id(live): live for live in (streams[pair_of(r.owner)].recording for r in runs)}
            rtp = [run for run in runs if not is_rtcp(run.owner)]
            rtcp = [run for run in runs if is_rtcp(run.owner)]
            self._sweeper.seal(rtp, rtcp, list(batch.values()), self.clock_offset_us)
        # Those of no recording must not land in another one's after the next kill.
        if left := self._sweeper.ring.landed():
            self._sweeper.ring.commit(left[-1].first + left[-1].count)
        self._gatherer.resume(self.clock_offset_us)
        self.waits_for_landed = False
        for live in self.recordings.values():
            self._see_pauses(live)

    def descriptors(self) -> list[int]:
        """The files that are being written now."""
        # Asked by the syncing thread: a part that was there a moment ago may be gone.
        parts = [live.part for live in list(self.recordings.values())]
        return [part.descriptor for part in parts if part is not None]
