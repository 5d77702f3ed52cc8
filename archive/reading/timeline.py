"""The time line of a recording: where every span of every part lies in samples.

Pure, from time maps alone. Knows nothing of files, packets or audio.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from archive.events import Event
from archive.reading.alignment import JUMP_US, Span
from archive.reading.blocks import STEP_US as CLOCK_STEP_US
from archive.reading.formats import G711_RATE_HZ, FormatTable
from archive.reading.keyring import KeyRing
from archive.reading.lanes import Lane, arrange
from archive.reading.rtp import wrapped
from archive.reading.seconds import PlainRange
from archive.reading.skew import MIN_FIT_US
from archive.reading.steps import MICRO, STEP_US, Elapsed
from archive.reading.timemap import TimeMap

SAMPLE_RATE_HZ: Final = G711_RATE_HZ
SAMPLE_US: Final = 1_000_000 // SAMPLE_RATE_HZ
JUMP_SAMPLES: Final = JUMP_US // SAMPLE_US
STEP_SAMPLES: Final = STEP_US * SAMPLE_RATE_HZ // MICRO


@dataclass(frozen=True, slots=True)
class SampleRange:
    """Samples of the time line from `first` up to `end`."""

    first: int
    end: int


@dataclass(frozen=True, slots=True)
class PlacedSpan:
    """A span on the time line: `first_sample` is where its first timestamp lies.

    `moved_us`: how much later than by its own anchor, where it goes on from the part before.
    """

    stream: int
    span: Span
    first_sample: int
    moved_us: int

    def samples(self) -> SampleRange:
        """All that its packets may cover."""
        first = self.first_sample + in_samples(self.span.first_ticks, self.span)
        end = self.first_sample + in_samples(self.span.end_ticks, self.span)
        # A step back may lie between the packet that reaches furthest and its end, or the like.
        margin = STEP_SAMPLES if self.span.skew_ppb < 0 else 0
        return SampleRange(first - margin, end + margin)

    @property
    def uncertainty_us(self) -> int:
        """How far off its packets may lie; 0 where nothing can be said."""
        stated_us = self.span.uncertainty_us
        return stated_us + abs(self.moved_us) if stated_us else 0


@dataclass(frozen=True, slots=True)
class PlacedPart:
    """A part on the time line: add `shift_us` to its own line; `spans` as they began."""

    time_map: TimeMap
    shift_us: int
    spans: tuple[PlacedSpan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A recording as one line of `samples` at 8 kHz from `start_us` (µs UTC) on."""

    start_us: int
    samples: int
    lanes: tuple[Lane, ...]
    parts: tuple[PlacedPart, ...]
    events: tuple[Event, ...]
    formats: FormatTable
    keys: KeyRing

    def plain_range(self, part: PlacedPart, wanted: SampleRange) -> PlainRange:
        """Where the frames lie in a part that can hold packets of these samples."""
        low_us = self._us(wanted.first) - part.shift_us
        high_us = self._us(wanted.end) - part.shift_us
        if not _touches(part, low_us, high_us, wanted):
            return PlainRange(0, 0)
        for placed in part.spans:
            covered = placed.samples()
            first, end = max(wanted.first, covered.first), min(wanted.end, covered.end)
            if first < end:
                reach = placed.moved_us + part.shift_us
                first -= placed.span.longest_bytes
                low_us = min(low_us, self._us(first) - reach + placed.span.early_us)
                high_us = max(high_us, self._us(end) - reach + placed.span.late_us)
        return part.time_map.seconds.find(low_us, high_us)

    def uncertainty_us(self, lane: int) -> int:
        """How far off the packets of a lane may lie at the most; 0 where nothing can be said."""
        streams = self.lanes[lane].streams
        spans = (placed for part in self.parts for placed in part.spans)
        own = (placed.uncertainty_us for placed in spans if placed.stream in streams)
        return max(own, default=0)

    def _us(self, sample: int) -> int:
        return self.start_us + sample * SAMPLE_US


def _touches(part: PlacedPart, low_us: int, high_us: int, wanted: SampleRange) -> bool:
    line = part.time_map.line
    if low_us <= line.last_us and high_us >= line.first_us:
        return True
    covered = (placed.samples() for placed in part.spans)
    return any(wanted.first < c.end and c.first < wanted.end for c in covered)


def in_samples(ticks: Elapsed, span: Span) -> Elapsed:
    """Ticks of a span's clock as samples of the line, its skew made good in whole steps."""
    corrected = span.correction_us(ticks) * SAMPLE_RATE_HZ // MICRO
    return ticks * SAMPLE_RATE_HZ // span.clock_rate_hz + corrected


def build_timeline(maps: Sequence[TimeMap]) -> Timeline:
    """Lay the parts of a recording on one line; `maps` in the order of the parts."""
    shifts = _shifts(maps)
    start_us = min((_first_us(m) + s for m, s in zip(maps, shifts, strict=True)), default=0)
    parts: list[PlacedPart] = []
    before: dict[tuple[int, int], PlacedSpan] = {}
    for time_map, shift_us in zip(maps, shifts, strict=True):
        spans = _place(time_map, shift_us - start_us, before)
        parts.append(PlacedPart(time_map, shift_us, spans))
    events = _events(maps)
    formats, keys = FormatTable(), KeyRing()
    for event in events:
        formats.note(event)
        keys.note(event)
    return Timeline(
        start_us=start_us,
        samples=_end(parts, start_us),
        lanes=arrange(events, {s.stream for m in maps for s in m.streams}),
        parts=tuple(parts),
        events=events,
        formats=formats,
        keys=keys,
    )


def _first_us(time_map: TimeMap) -> int:
    """The part's first event, packet or sample of audio."""
    spans = (span for stream in time_map.streams for span in stream.spans)
    return min([time_map.line.first_us, *(span.us_at(span.first_ticks) for span in spans)])


def _shifts(maps: Sequence[TimeMap]) -> list[int]:
    """What to add to each part's line: a clock step of the part before stays undone."""
    shifts: list[int] = []
    for number, time_map in enumerate(maps):
        shift = 0
        if number:
            before = maps[number - 1].line
            same_clock = abs(time_map.line.first_offset_us - before.last_offset_us) <= CLOCK_STEP_US
            shift = shifts[-1] - before.stepped_us if same_clock else 0
        shifts.append(shift)
    return shifts


def _place(
    time_map: TimeMap, shift_us: int, before: dict[tuple[int, int], PlacedSpan]
) -> tuple[PlacedSpan, ...]:
    """Place a part's spans; a source that goes on from the part before keeps its place."""
    placed: list[PlacedSpan] = []
    fresh = set(before)
    for stream in time_map.streams:
        for span in stream.spans:
            source = (stream.stream, span.ssrc)
            own = _sample_at(span.anchor_us + shift_us)
            first = _going_on(before[source], span, own) if source in fresh else own
            fresh.discard(source)
            moved_us = first * SAMPLE_US - span.anchor_us - shift_us
            before[source] = PlacedSpan(stream.stream, span, first, moved_us)
            placed.append(before[source])
    return tuple(placed)


def _sample_at(us: int) -> int:
    return (us + SAMPLE_US // 2) // SAMPLE_US


def _going_on(before: PlacedSpan, span: Span, own: int) -> int:
    if span.clock_rate_hz != before.span.clock_rate_hz:
        return own
    ticks = wrapped(span.first_timestamp - before.span.first_timestamp, 32)
    predicted = before.first_sample + in_samples(ticks, before.span)
    return predicted if abs(predicted - own) <= _tolerance(before, span) else own


def _tolerance(before: PlacedSpan, span: Span) -> int:
    """How far a span's own place may be from where the span before leads, in samples.

    Two lines that were both measured may differ by what they leave open, and by a step; a span
    that is too short to have a line of its own may have come late as a whole.
    """
    length_us = (span.last_ticks - span.first_ticks) * MICRO // span.clock_rate_hz
    if length_us < MIN_FIT_US or not (before.uncertainty_us and span.uncertainty_us):
        return JUMP_SAMPLES
    unsure_us = before.uncertainty_us + span.uncertainty_us + STEP_US
    return min(JUMP_SAMPLES, unsure_us // SAMPLE_US)


def _events(maps: Sequence[TimeMap]) -> tuple[Event, ...]:
    """Events of all parts by serial; what a later part repeats counts once."""
    numbered: dict[int, Event] = {}
    for time_map in maps:
        for entry in time_map.events:
            numbered.setdefault(entry.serial, entry.event)
    return tuple(numbered[serial] for serial in sorted(numbered))


def _end(parts: Sequence[PlacedPart], start_us: int) -> int:
    ends = [placed.samples().end for part in parts for placed in part.spans]
    lasts = [_sample_at(p.time_map.line.last_us + p.shift_us - start_us) for p in parts]
    return max([0, *ends, *lasts])
