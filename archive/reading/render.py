"""Packets of a range painted onto lanes: what the listener hears, sample by sample.

Knows frames, the time line and G.711, and who decodes the rest. Knows nothing of files or WAV.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from archive.call.events import Format
from archive.format.frames import Frame, FrameKind
from archive.format.packets import decode_packets
from archive.reading.packets.alignment import Span
from archive.reading.packets.blocks import Block, Taken, join
from archive.reading.packets.rtp import (
    Bytes,
    Column,
    Mask,
    RtpColumns,
    distance,
    muxed_reports,
    parse_columns,
)
from archive.reading.packets.seconds import PlainRange
from archive.reading.packets.senders import heard_of
from archive.reading.packets.skew_steps import MICRO
from archive.reading.sound.anchored import Script, segments
from archive.reading.sound.decoders import can_decode
from archive.reading.sound.formats import Resolved, is_comfort, law_of
from archive.reading.sound.g711 import TABLES, Law
from archive.reading.sound.samples import Stretches, flatten
from archive.reading.timeline import LEAST_RATE_HZ, PlacedPart, PlacedSpan, SampleRange, Timeline

Audio = NDArray[np.int16]
CODES: Final = 256
_SILENT: Final = -1
_SEGMENTED: Final = -2
_LAWS: Final[tuple[Law, ...]] = ("PCMU", "PCMA")
_TABLE: Final = np.concatenate([TABLES[law] for law in _LAWS])


class FrameSource(Protocol):
    """What is needed of a part's reader."""

    def frames(self, start: int = 0, stop: int | None = None) -> Iterable[Frame]:
        """Frames whose heads lie in a plaintext range; raises `RecordingDamaged`."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """Packets of one stream in a window, with what their headers say."""

    block: Block
    columns: RtpColumns
    resolved: Resolved


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders ranges of a time line; `sources` are its parts, in the same order.

    Where packets overlap, the earlier span wins, in it the earlier timestamp, then the packet
    that came first; what no packet covers is silence.
    """

    timeline: Timeline
    sources: Sequence[FrameSource]

    def render(self, wanted: SampleRange, lanes: Sequence[int]) -> Audio:
        """Samples of a range, shape (samples, lanes).

        Raises `RecordingDamaged` where the range touches damage. What cannot be decoded is silence
        (`archive.reading.undecoded` tells where).
        """
        once = tuple(dict.fromkeys(lanes))
        audio = np.zeros((wanted.end - wanted.first, len(once)), np.int16)
        columns = self._columns_of(once)
        # What wins is painted last.
        parts = list(zip(self.timeline.parts, self.sources, strict=True))
        for part, source in reversed(parts):
            where = self.timeline.plain_range(part, wanted)
            heard = self._listen(part, source, where, columns)
            for placed in reversed(part.spans):
                if placed.stream in heard:
                    canvas = _Canvas(audio[:, columns[placed.stream]], wanted)
                    canvas.paint(heard[placed.stream], placed, _successors(part, placed))
        return audio if len(once) == len(lanes) else audio[:, [once.index(n) for n in lanes]]

    def _columns_of(self, lanes: Sequence[int]) -> dict[int, int]:
        chosen = ((column, self.timeline.lanes[lane]) for column, lane in enumerate(lanes))
        return {stream: column for column, lane in chosen for stream in lane.streams}

    def _listen(
        self, part: PlacedPart, source: FrameSource, where: PlainRange, streams: dict[int, int]
    ) -> dict[int, _Heard]:
        if where.start >= where.stop:
            return {}
        taken: dict[int, list[Taken]] = {}
        turns = {each.stream: each.senders for each in part.time_map.streams}
        for frame in source.frames(where.start, where.stop):
            if frame.kind is FrameKind.PACKETS and frame.stream in streams:
                packets = decode_packets(frame)
                if not packets.rtcp:
                    read = part.time_map.line.read(frame.position)
                    senders = turns.get(frame.stream, msgspec.UNSET)
                    heard = heard_of(senders, packets, frame.position)
                    if not heard.any():
                        continue
                    one = Taken(frame.position, packets, heard, read.shift_us, read.trusted)
                    taken.setdefault(frame.stream, []).append(one)
        return {stream: self._parse(stream, join(frames)) for stream, frames in taken.items()}

    def _parse(self, stream: int, block: Block) -> _Heard:
        reports = muxed_reports(block.data, block.starts, block.lengths)
        block = self.timeline.keys.open(stream, block.pick(~reports) if reports.any() else block)
        columns = parse_columns(block.data, block.starts, block.lengths)
        formats = self.timeline.formats
        resolved = formats.resolve(stream, columns.payload_type, block.arrivals_us)
        return _Heard(block, columns, resolved)


def _successors(part: PlacedPart, placed: PlacedSpan) -> Sequence[int]:
    """Keys of the later spans of the same source."""
    same = (p.span for p in part.spans if p.stream == placed.stream)
    return [s.key for s in same if s.ssrc == placed.span.ssrc and s.key > placed.span.key]


@dataclass(frozen=True, slots=True)
class _Canvas:
    """One lane's samples of a range."""

    audio: Audio
    wanted: SampleRange

    def paint(self, heard: _Heard, placed: PlacedSpan, later: Sequence[int]) -> None:
        """Paint the packets of a span; `later` are the keys where its source's next ones begin."""
        which = _order(heard, placed.span, later)
        formats = heard.resolved.formats
        ways = np.array([_way(form, placed.rate_hz) for form in formats], dtype=np.int64)
        way = ways[heard.resolved.which[which]]
        if (way == _SEGMENTED).any():
            self._decode(placed, _script(heard, placed.span, which[::-1], ways))
        heeded = np.flatnonzero(way >= 0)
        if len(heeded):
            columns, which = heard.columns, which[heeded]
            starts, lengths = columns.payload_starts[which], columns.payload_lengths[which]
            places = _places(heard, placed, which) - self.wanted.first
            stretches = Stretches(places, starts, lengths)
            self._lay(stretches, way[heeded], heard.block.data)

    def _decode(self, placed: PlacedSpan, script: Script) -> None:
        """Write what has a memory, segment by segment."""
        first, end = placed.ticks_at(self.wanted.first), placed.ticks_at(self.wanted.end)
        for segment in segments(script, first, end, placed.rate_hz):
            for tick, audio, heard in segment.pieces():
                self._write(placed.sample_at(tick), audio, heard)

    def _write(self, place: int, audio: Audio, heard: Mask) -> None:
        """Write the samples that were heard."""
        at = place - self.wanted.first
        first, end = max(at, 0), min(at + len(audio), len(self.audio))
        if first < end:
            own, where = slice(first - at, end - at), slice(first, end)
            self.audio[where] = np.where(heard[own], audio[own], self.audio[where])

    def _lay(self, stretches: Stretches, offset: Column, data: Bytes) -> None:
        """Write samples in the order given; where places repeat, the last one stays."""
        flat = flatten(stretches, data)
        values = _TABLE[flat.codes + np.repeat(offset, stretches.lengths)]
        inside = (flat.places >= 0) & (flat.places < len(self.audio))
        self.audio[flat.places[inside]] = values[inside]


def _places(heard: _Heard, placed: PlacedSpan, which: Column) -> Column:
    """First sample of each packet on the line."""
    ticks = distance(heard.columns.timestamp[which], placed.span.first_timestamp, 32)
    return placed.sample_at(ticks)


def _script(heard: _Heard, span: Span, which: Column, ways: Column) -> Script:
    """What is told to the decoders: `which` in the order of their ticks, the first of each tick."""
    form = heard.resolved.which
    which = which[(ways[form[which]] == _SEGMENTED) | (ways[form[which]] >= 0)]
    ticks = distance(heard.columns.timestamp[which], span.first_timestamp, 32)
    fresh = np.diff(ticks, prepend=ticks[0] - 1) != 0
    which = which[fresh]
    return Script(
        clock_rate_hz=span.clock_rate_hz,
        ticks=ticks[fresh],
        which=form[which],
        starts=heard.columns.payload_starts[which],
        lengths=heard.columns.payload_lengths[which],
        data=heard.block.data,
        end_tick=span.end_ticks,
        formats=heard.resolved.formats,
        played=tuple((ways == _SEGMENTED).tolist()),
    )


def _order(heard: _Heard, span: Span, later: Sequence[int]) -> Column:
    """The span's packets, the last to win first; those that the map could not place are left out.

    What was placed lies within the bounds that the span was given: so each range finds the same.
    """
    block, keys = heard.block, heard.block.keys
    own = heard.columns.valid & (heard.columns.ssrc == span.ssrc) & (keys >= span.key)
    if later:
        own &= keys < min(later)
    which = np.flatnonzero(own)
    ticks = distance(heard.columns.timestamp[which], span.first_timestamp, 32)
    place_us = span.anchor_us + ticks * MICRO // span.clock_rate_hz + span.correction_us(ticks)
    late_us = block.line_us[which] - place_us
    inside = (ticks >= span.first_ticks) & (ticks <= span.last_ticks)
    in_time = (late_us >= span.early_us) & (late_us <= span.late_us)
    inside &= in_time | ~block.trusted[which]
    which, ticks = which[inside], ticks[inside]
    return which[np.lexsort((keys[which], ticks))[::-1]]


def _way(form: Format, rate_hz: int) -> int:
    """How a format is played: where its codes begin in `_TABLE`, or one of the two others."""
    law = law_of(form)
    if law is not None and rate_hz == LEAST_RATE_HZ:
        return _LAWS.index(law) * CODES
    return _SEGMENTED if is_comfort(form) or can_decode(form) else _SILENT
