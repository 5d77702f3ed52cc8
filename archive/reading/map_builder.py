"""Builds the time map of a part in one pass over its frames.

Knows frames and their payloads. Knows nothing of files, keys or who will listen.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final, NamedTuple, Protocol

import msgspec
import numpy as np

from archive.call.adoption import StreamSound
from archive.call.events import Event, MetadataReceived, SipMessage, decode_event
from archive.certificates.merkle import root
from archive.errors import FrameDamaged, RecordingCut, RecordingDamaged
from archive.format.end import Gap
from archive.format.frames import Frame, FrameKind
from archive.format.packets import MAX_AT_US
from archive.format.runs import FrameRun
from archive.reading.late_copies import LateCopies
from archive.reading.packets.alignment import (
    UNPLACED,
    Placed,
    Rows,
    Span,
    StreamAligner,
    TimedReport,
)
from archive.reading.packets.anchor_clock import AnchorSource, Fit, agreed_source
from archive.reading.packets.blocks import Block
from archive.reading.packets.edge_reports import EdgeReports
from archive.reading.packets.gap_causes import GapCauses
from archive.reading.packets.lacks import lacks_of
from archive.reading.packets.leaves import LeafSeries
from archive.reading.packets.origins import Origins
from archive.reading.packets.packet_columns import Gathered, SweepIntake, gather
from archive.reading.packets.rtp import (
    Column,
    RtpColumns,
    muxed_reports,
    parse_columns,
    sender_reports,
    source_names,
)
from archive.reading.packets.seconds import PlainRange, SecondIndex
from archive.reading.packets.senders import HeardSenders, SenderTable
from archive.reading.packets.sounds import Sounds
from archive.reading.packets.srtp_keys import KeyRing
from archive.reading.sound.formats import FormatTable, Resolved, is_digits, is_silent, law_of
from archive.reading.sound.payloads import payloads_at, ticks_of
from archive.reading.sound.peak_meter import DecodedMeter, Meter, Unmetered
from archive.reading.sound.peaks import PeakMeter
from archive.reading.sound.samples import Stretches
from archive.reading.timemap import (
    MAP_VERSION,
    CodecUse,
    NumberedEvent,
    PartLine,
    StreamMap,
    TimeMap,
)

# A frame during which the clock stepped holds one sweep: 640 ms, or a little more under load.
STALLED_SWEEP_US: Final = 2_000_000
Metering = Callable[[PeakMeter], Meter]


class FrameReader(Protocol):
    @property
    def plain_bytes(self) -> int:
        """Length of the plaintext."""

    def runs_with_damage(self) -> Iterable[FrameRun | RecordingDamaged]:
        """Frames, many at once, and each damage in its place."""


def read_event(frame: Frame) -> Event:
    """The event of an EVENT frame; `FrameDamaged` where it is not one that we know."""
    try:
        return decode_event(bytes(frame.payload))
    except (msgspec.DecodeError, msgspec.ValidationError) as broken:
        raise FrameDamaged(frame.position, "an event that is not known here") from broken


class _Told(NamedTuple):
    """What events have said so far of all streams."""

    formats: FormatTable
    keys: KeyRing
    senders: SenderTable


class _StreamBuilder:
    def __init__(self, stream: int, salt: bytes, told: _Told, metering: Metering) -> None:
        self._stream = stream
        self._formats, self._keys, self._senders = told
        self._aligner = StreamAligner()
        self._copies = LateCopies(stream)
        self._sounds, self._edges = Sounds(), EdgeReports()
        self._meter = PeakMeter()
        self._decoded = metering(self._meter)
        self._uses: Counter[tuple[int, str, int]] = Counter()
        self._leaves = (LeafSeries(salt, 2 * stream), LeafSeries(salt, 2 * stream + 1))

    def hear(self, block: Block) -> None:
        """Take the RTCP that follows the last."""
        self._leaves[1].feed(block)
        self._report(block)

    def _report(self, block: Block) -> None:
        rows = zip(
            block.line_us.tolist(), block.starts.tolist(), block.lengths.tolist(), strict=True
        )
        for arrival_us, start, length in rows:
            datagram = block.data[start : start + length].tobytes()
            opened = self._keys.open_report(self._stream, datagram)
            self._edges.hear(arrival_us, opened)
            for report in sender_reports(opened):
                self._aligner.hear(TimedReport(arrival_us, report))
            for source in source_names(opened):
                self._aligner.name(source)

    def take(self, block: Block, origins: Callable[[Block], Origins]) -> None:
        """Take the RTP that follows the last; `origins` tells where packets of it came from."""
        self._leaves[0].feed(block)
        reports = muxed_reports(block.data, block.starts, block.lengths)
        if reports.any():
            self._report(block.pick(reports))
            block = block.pick(~reports)
        if not len(block.keys):
            return
        senders = self._senders.of(self._stream)
        if senders is None or self._keys.is_keyed(self._stream):
            self._hear(block)
            return
        for heard in senders.take(block, origins(block)):
            self._hear(heard)

    def _hear(self, block: Block) -> None:
        block = self._copies.open(self._keys, block)
        columns = parse_columns(block.data, block.starts, block.lengths)
        resolved = self._formats.resolve(self._stream, columns.payload_type, block.arrivals_us)
        self._count(columns, resolved)
        lengths = ticks_of(block.data, columns, resolved)
        placed = self._align(block, columns, resolved, lengths)
        self._measure(block, columns, resolved, placed)
        self._listen(resolved, placed, lengths)

    def _count(self, columns: RtpColumns, resolved: Resolved) -> None:
        counts = np.bincount(resolved.which[columns.valid], minlength=len(resolved.formats))
        for form, count in zip(resolved.formats, counts.tolist(), strict=True):
            self._uses[form.payload_type, form.encoding, form.clock_rate_hz] += count

    def _align(
        self, block: Block, columns: RtpColumns, resolved: Resolved, lengths: Column
    ) -> Placed:
        at = np.flatnonzero(columns.valid)
        rows = Rows(
            keys=block.keys,
            arrivals_us=block.line_us,
            trusted=block.trusted,
            sequence=columns.sequence,
            timestamp=columns.timestamp,
            clock_rates=resolved.clock_rates(),
            payload_lengths=lengths,
            silent=np.array([is_silent(f) for f in resolved.formats], np.bool_)[resolved.which],
        ).pick(at)
        found = self._aligner.feed(columns.ssrc[at], rows)
        self._edges.feed(columns.ssrc[at], rows.arrivals_us, rows.sequence)
        placed = Placed(np.full(len(block.keys), UNPLACED), np.zeros(len(block.keys), np.int64))
        placed.span[at], placed.ticks[at] = found.span, found.ticks
        return placed

    def _measure(
        self, block: Block, columns: RtpColumns, resolved: Resolved, placed: Placed
    ) -> None:
        for number, form in enumerate(resolved.formats):
            law = law_of(form)
            which = np.flatnonzero((resolved.which == number) & (placed.span != UNPLACED))
            if law is not None and len(which):
                where = Stretches(placed.ticks, columns.payload_starts, columns.payload_lengths)
                self._meter.feed(law, placed.span[which], where.pick(which), block.data)
            elif len(which):
                self._decoded.feed(form, payloads_at(block.data, columns, placed, which))

    def _listen(self, resolved: Resolved, placed: Placed, lengths: Column) -> None:
        for number, form in enumerate(resolved.formats):
            which = np.flatnonzero((resolved.which == number) & (placed.span != UNPLACED))
            if len(which) and not is_digits(form):
                ticks = placed.ticks[which]
                where = placed.span[which], ticks, ticks + lengths[which]
                self._sounds.feed(form.encoding.upper(), form.clock_rate_hz, *where)

    def fit(self) -> tuple[Fit, ...]:
        return self._aligner.fit()

    def finish(
        self, fits: tuple[Fit, ...], source: AnchorSource, causes: GapCauses
    ) -> tuple[StreamMap, tuple[StreamSound, ...]]:
        spans = self._aligner.anchor(fits, source)
        number, is_open = self._stream, self._senders.of(self._stream) is not None
        edges = self._edges.told(number, spans, self._formats.added_us(number), is_open=is_open)
        return self._map(spans, causes), (*edges, *self._sounds.finish(number, spans))

    def _map(self, spans: tuple[Span, ...], causes: GapCauses) -> StreamMap:
        uses = sorted((key, count) for key, count in self._uses.items() if count)
        return StreamMap(
            stream=self._stream,
            spans=tuple(sorted(spans, key=lambda span: span.key)),
            codecs=tuple(
                CodecUse(payload_type=kind, encoding=name, clock_rate_hz=rate, packets=count)
                for (kind, name, rate), count in uses
            ),
            counts=self._copies.add_to(self._aligner.counts()),
            unproved=self._keys.unproved.get(self._stream, 0),
            peaks=self._meter.finish(self._stream, spans),
            gaps=causes.tell(self._stream, lacks_of(self._aligner.tracks, spans)),
            senders=self._told(),
            replay=self._copies.told or msgspec.UNSET,
        )

    def _told(self) -> HeardSenders | msgspec.UnsetType:
        senders = self._senders.of(self._stream)
        is_keyed = self._keys.is_keyed(self._stream)
        return msgspec.UNSET if senders is None or is_keyed else senders.told()

    def leaves(self) -> list[bytes]:
        return self._leaves[0].finish() + self._leaves[1].finish()


class MapBuilder:
    """Takes a part's frames in file order; `finish` gives its map. `salt`: 32 secret bytes.

    `keys` are those known beforehand, and then also those of the events. `metering` makes the
    waveforms of what has to be decoded.
    """

    def __init__(
        self, salt: bytes, keys: KeyRing | None = None, metering: Metering = DecodedMeter
    ) -> None:
        self._salt, self._metering = salt, metering
        self.keys: Final = keys or KeyRing()
        self._intake = SweepIntake()
        self._told = _Told(FormatTable(), self.keys, SenderTable())
        self._seconds = SecondIndex()
        self._streams: dict[int, _StreamBuilder] = {}
        self._events: dict[int, Event] = {}
        self._causes = GapCauses()
        self._bounds: tuple[int, int] | None = None
        self._position = 0
        self._damaged = False

    def add(self, run: FrameRun) -> None:
        """Take the next frames, some or many; `FrameDamaged` where a payload is none of its kind.

        Nothing that comes between packets is overtaken by them: what an event says of a stream
        counts from its place on.
        """
        if self._damaged:
            damage = PlainRange(self._position, int(run.positions[0]))
            self._seconds.add_damage(damage)
            self._causes.damaged(damage)
            self._damaged = False
        begin = 0
        for place in [*np.flatnonzero(run.kinds == FrameKind.EVENT).tolist(), len(run)]:
            between = run.pick(slice(begin, place))
            packets = between.kinds == FrameKind.PACKETS
            if packets.any():
                self._add_packets(between if packets.all() else between.pick(packets))
            for at in np.flatnonzero(between.kinds == FrameKind.GAP).tolist():
                self._add_gap(between.frame(at))
            if place < len(run):
                frame = run.frame(place)
                self._add_event(frame.serial, read_event(frame))
            begin = place + 1
        self._position = run.stop

    def add_damage(self) -> None:
        """Note that between the last frame and the next one something cannot be read."""
        self._damaged = True

    def _add_packets(self, run: FrameRun) -> None:
        gathered = gather(self._intake.take(run))
        self._place(gathered)
        for series, block in gathered.blocks():
            stream, is_rtcp = divmod(series, 2)
            builder = self._streams.get(stream)
            if builder is None:
                builder = _StreamBuilder(stream, self._salt, self._told, self._metering)
                self._streams[stream] = builder
            if is_rtcp:
                builder.hear(block)
            else:
                builder.take(block, gathered.origins)

    def _place(self, gathered: Gathered) -> None:
        """Note when frames' packets arrived; right behind the one before where nobody can say."""
        trusted, (lows, highs) = gathered.sweeps.trusted, gathered.bounds_us()
        for number in np.flatnonzero(~trusted).tolist():
            before = highs[:number][trusted[:number]]
            reached = [int(before.max())] if before.size else []
            reached += [self._bounds[1]] if self._bounds is not None else []
            if reached:
                # An event may tell any time, these columns only what 64 bits hold.
                low = min(max(*reached, -MAX_AT_US), MAX_AT_US)
                lows[number], highs[number] = low, low + STALLED_SWEEP_US
        self._seconds.add_many(gathered.sweeps.run.positions, gathered.ends(), lows, highs)
        if trusted.any():
            self._widen(int(lows[trusted].min()), int(highs[trusted].max()))

    def _add_event(self, serial: int, event: Event) -> None:
        if serial in self._events:
            return
        self._events[serial] = event
        for told in self._told:
            told.note(event)
        at_us = event.at_us - self._intake.clock.stepped_us
        self._widen(at_us, at_us)

    def _add_gap(self, frame: Frame) -> None:
        gap, stepped_us = Gap.decode(frame.payload, frame.position), self._intake.clock.stepped_us
        self._causes.note(
            frame.stream,
            replace(gap, from_us=gap.from_us - stepped_us, until_us=gap.until_us - stepped_us),
        )

    def _widen(self, first_us: int, last_us: int) -> None:
        low, high = self._bounds or (first_us, last_us)
        self._bounds = min(low, first_us), max(high, last_us)

    def finish(self, plain_bytes: int) -> TimeMap:
        if self._damaged:
            self._seconds.add_damage(PlainRange(self._position, plain_bytes))
        builders = [self._streams[stream] for stream in sorted(self._streams)]
        fits = [builder.fit() for builder in builders]
        source = agreed_source([fit for own in fits for fit in own])
        pairs = zip(builders, fits, strict=True)
        found = [builder.finish(own, source, self._causes) for builder, own in pairs]
        leaves = [leaf for builder in builders for leaf in builder.leaves()]
        clock, (first_us, last_us) = self._intake.clock, self._bounds or (0, 0)
        kept = ((n, e) for n, e in sorted(self._events.items(), key=lambda pair: pair[0]))
        return TimeMap(
            version=MAP_VERSION,
            plain_bytes=plain_bytes,
            line=PartLine(
                first_us=first_us,
                last_us=last_us,
                first_offset_us=clock.first_offset_us,
                last_offset_us=clock.last_offset_us,
                steps=tuple(clock.steps),
            ),
            seconds=self._seconds.finish(),
            streams=tuple(stream for stream, _ in found),
            events=tuple(
                NumberedEvent(serial=serial, event=event)
                for serial, event in kept
                if not isinstance(event, MetadataReceived | SipMessage)
            ),
            root=root(leaves),
            sounds=tuple(sound for _, own in found for sound in own),
        )


def map_at_once(reader: FrameReader, salt: bytes) -> TimeMap:
    """Map a part that somebody waits for; what would have to be decoded has a flat waveform."""
    return build_map_of_what_is_left(reader, salt, Unmetered)


def build_map_of_what_is_left(
    reader: FrameReader, salt: bytes, metering: Metering = DecodedMeter
) -> TimeMap:
    """Map a part that is not whole: one still being written, or a damaged one.

    Ranges that touch damage still raise when they are read; an open end is no damage.
    """
    plain_bytes = reader.plain_bytes
    builder = _fed(reader, MapBuilder(salt, metering=metering))
    if builder.keys.came_late:
        # A client may use a new key before its offer is written down: read again, knowing all.
        keys = builder.keys.with_all_keys()
        builder = _fed(reader, MapBuilder(salt, keys, metering))
    return builder.finish(plain_bytes)


def _fed(reader: FrameReader, builder: MapBuilder) -> MapBuilder:
    for step in reader.runs_with_damage():
        if isinstance(step, FrameRun):
            builder.add(step)
        elif not isinstance(step, RecordingCut):
            builder.add_damage()
    return builder
