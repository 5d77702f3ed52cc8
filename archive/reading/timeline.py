"""The time line of a recording: where every span of every part lies in samples.

Pure, from time maps alone. Knows nothing of files, packets or audio.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from archive.call.codecs import NARROW_HZ, codec_of
from archive.call.ends import end_of, is_unseen, last_told_us, played_in
from archive.call.events import CallOpened, Event
from archive.call.legs import Decided
from archive.reading.lanes import NO_SIDES, Lane, arrange, channels_of
from archive.reading.packets.alignment import JUMP_US, Span
from archive.reading.packets.blocks import STEP_US as CLOCK_STEP_US
from archive.reading.packets.rtp import wrapped
from archive.reading.packets.seconds import PlainRange
from archive.reading.packets.skew import MIN_FIT_US
from archive.reading.packets.skew_steps import MICRO, STEP_US, Elapsed
from archive.reading.packets.srtp_keys import KeyRing
from archive.reading.sound.anchored import AFTER_MS, BEFORE_MS
from archive.reading.sound.formats import FormatTable
from archive.reading.timemap import StreamMap, TimeMap

# Telephone speech, unless a codec of the recording carries more.
LEAST_RATE_HZ: Final = NARROW_HZ


@dataclass(frozen=True, slots=True)
class SampleRange:
    """Samples of the time line from `first` up to `end`."""

    first: int
    end: int


@dataclass(frozen=True, slots=True)
class PlacedSpan:
    """A span on the time line: `first_sample` is where its first timestamp lies.

    `moved_us`: how much later than by its own anchor, where it goes on from the part before.
    An `anchored` one is decoded in segments: what lies around a range decides how it sounds.
    """

    stream: int
    span: Span
    first_sample: int
    moved_us: int
    rate_hz: int = LEAST_RATE_HZ
    anchored: bool = False

    def samples(self) -> SampleRange:
        """All that its packets may cover."""
        first, end = self.sample_at(self.span.first_ticks), self.sample_at(self.span.end_ticks)
        # A step back may lie between the packet that reaches furthest and its end, or the like.
        margin = STEP_US * self.rate_hz // MICRO if self.span.skew_ppb < 0 else 0
        return SampleRange(first - margin, end + margin)

    def sample_at(self, ticks: Elapsed) -> Elapsed:
        """Where timestamps lie that are `ticks` after the first, skew made good in whole steps."""
        corrected = self.span.correction_us(ticks) * self.rate_hz // MICRO
        return self.first_sample + ticks * self.rate_hz // self.span.clock_rate_hz + corrected

    def ticks_at(self, sample: int) -> int:
        """Which timestamp lies at a sample, to a few ms."""
        clock_hz = self.span.clock_rate_hz
        near = (sample - self.first_sample) * clock_hz // self.rate_hz
        return near - self.span.correction_us(near) * clock_hz // MICRO

    def asked(self, wanted: SampleRange) -> SampleRange:
        """The samples whose packets tell how a range sounds, those that reach into it too."""
        longest = self.span.longest_bytes * self.rate_hz // self.span.clock_rate_hz
        first, end = wanted.first - longest, wanted.end
        if self.anchored:
            first -= BEFORE_MS * self.rate_hz // 1000
            end += AFTER_MS * self.rate_hz // 1000
        return SampleRange(first, end)

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
    """A recording as one line of `samples` at one rate from `start_us` (µs UTC) on."""

    sample_rate_hz: int
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
                asked = placed.asked(SampleRange(first, end))
                low_us = min(low_us, self._us(asked.first) - reach + placed.span.early_us)
                high_us = max(high_us, self._us(asked.end) - reach + placed.span.late_us)
        return part.time_map.seconds.find(low_us, high_us)

    @property
    def channels(self) -> tuple[int, ...]:
        """The lanes that are heard where nobody chooses, left to right."""
        return channels_of(self.lanes)

    def _us(self, sample: int) -> int:
        return self.start_us + sample * MICRO // self.sample_rate_hz


def _touches(part: PlacedPart, low_us: int, high_us: int, wanted: SampleRange) -> bool:
    line = part.time_map.line
    if low_us <= line.last_us and high_us >= line.first_us:
        return True
    covered = (placed.samples() for placed in part.spans)
    return any(wanted.first < c.end and c.first < wanted.end for c in covered)


def line_rate_hz(maps: Sequence[TimeMap]) -> int:
    """The rate that loses nothing which these parts hold: 8 or 16 kHz."""
    uses = [use for m in maps for stream in m.streams for use in stream.codecs]
    found = (codec_of(use.encoding, use.clock_rate_hz) for use in uses)
    return max([LEAST_RATE_HZ, *(codec.line_rate_hz for codec in found if codec)])


def build_timeline(
    maps: Sequence[TimeMap],
    rate_hz: int = LEAST_RATE_HZ,
    sides: Mapping[int, Decided] = NO_SIDES,
) -> Timeline:
    """Lay the parts of a recording on one line; `maps` in the order of the parts.

    The line has `rate_hz` at least, more where a codec carries more; `sides` of streams are known
    better than by the events.
    """
    rate_hz = max(rate_hz, line_rate_hz(maps))
    shifts = _shifts(maps)
    start_us = min((_first_us(m) + s for m, s in zip(maps, shifts, strict=True)), default=0)
    parts: list[PlacedPart] = []
    before: dict[tuple[int, int], PlacedSpan] = {}
    for time_map, shift_us in zip(maps, shifts, strict=True):
        spans = _place(time_map, _Line(rate_hz, shift_us - start_us), before)
        parts.append(PlacedPart(time_map, shift_us, spans))
    events = _events(maps)
    formats, keys = FormatTable(), KeyRing()
    for event in events:
        formats.note(event)
        keys.note(event)
    return Timeline(
        sample_rate_hz=rate_hz,
        start_us=start_us,
        samples=_end(parts, events, start_us, rate_hz),
        lanes=arrange(events, {s.stream for m in maps for s in m.streams}, sides),
        parts=tuple(parts),
        events=events,
        formats=formats,
        keys=keys,
    )


def _first_us(time_map: TimeMap) -> int:
    """The part's first event, packet or sample of audio; no document from before the call."""
    spans = (span for stream in time_map.streams for span in stream.spans)
    opened = (each.event.at_us for each in time_map.events if isinstance(each.event, CallOpened))
    first_us = max(time_map.line.first_us, next(opened, time_map.line.first_us))
    return min([first_us, *(span.us_at(span.first_ticks) for span in spans)])


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


@dataclass(frozen=True, slots=True)
class _Line:
    """The line as a part sees it: its times and `shift_us` make times from the line's begin."""

    rate_hz: int
    shift_us: int

    def placed(self, stream: StreamMap, span: Span, first: int) -> PlacedSpan:
        moved_us = first * MICRO // self.rate_hz - span.anchor_us - self.shift_us
        anchored = self.rate_hz != LEAST_RATE_HZ or any(
            use.encoding.upper() not in _TABLED for use in stream.codecs
        )
        return PlacedSpan(stream.stream, span, first, moved_us, self.rate_hz, anchored)


# Heard byte by byte, or not at all.
_TABLED: Final = frozenset({"PCMU", "PCMA", "TELEPHONE-EVENT"})


def _place(
    time_map: TimeMap, line: _Line, before: dict[tuple[int, int], PlacedSpan]
) -> tuple[PlacedSpan, ...]:
    """Place a part's spans; a source that goes on from the part before keeps its place."""
    placed: list[PlacedSpan] = []
    fresh = set(before)
    for stream in time_map.streams:
        for span in stream.spans:
            source = (stream.stream, span.ssrc)
            own = _sample_at(span.anchor_us + line.shift_us, line.rate_hz)
            first = _going_on(before[source], span, own) if source in fresh else own
            fresh.discard(source)
            before[source] = line.placed(stream, span, first)
            placed.append(before[source])
    return tuple(placed)


def _sample_at(us: int, rate_hz: int) -> int:
    return (us * rate_hz + MICRO // 2) // MICRO


def _going_on(before: PlacedSpan, span: Span, own: int) -> int:
    if span.clock_rate_hz != before.span.clock_rate_hz:
        return own
    ticks = wrapped(span.first_timestamp - before.span.first_timestamp, 32)
    predicted = before.sample_at(ticks)
    off_us = abs(predicted - own) * MICRO // before.rate_hz
    return predicted if off_us <= _tolerance_us(before, span) else own


def _tolerance_us(before: PlacedSpan, span: Span) -> int:
    """How far a span's own place may be from where the span before leads.

    Two lines that were both measured may differ by what they leave open, and by a step; a span
    that is too short to have a line of its own may have come late as a whole.
    """
    length_us = (span.last_ticks - span.first_ticks) * MICRO // span.clock_rate_hz
    if length_us < MIN_FIT_US or not (before.uncertainty_us and span.uncertainty_us):
        return JUMP_US
    return min(JUMP_US, before.uncertainty_us + span.uncertainty_us + STEP_US)


def _events(maps: Sequence[TimeMap]) -> tuple[Event, ...]:
    """Events of all parts by serial; what a later part repeats counts once."""
    numbered: dict[int, Event] = {}
    for time_map in maps:
        for entry in time_map.events:
            numbered.setdefault(entry.serial, entry.event)
    return tuple(numbered[serial] for serial in sorted(numbered))


def _end(parts: Sequence[PlacedPart], events: Sequence[Event], start_us: int, rate_hz: int) -> int:
    """The last sample of a party, and what ended the call: who hung up, or its last sign.

    What the node plays, notes or answers behind that is no part of it.
    """
    end, played = end_of(events), played_in(events)
    placed = [each for part in parts for each in part.spans]
    ends = [e.samples().end for e in placed if end is None or e.stream not in played]
    last = _last_us if end is None else _last_sign_us if is_unseen(end) else _ended_us
    lasts = [_sample_at(last(p.time_map) + p.shift_us - start_us, rate_hz) for p in parts]
    return max([0, *ends, *lasts])


def _last_us(time_map: TimeMap) -> int:
    """The part's last event or packet."""
    return time_map.line.last_us


def _ended_us(time_map: TimeMap) -> int:
    """When the part says that the call ended; its begin where it does not."""
    end = end_of(each.event for each in time_map.events)
    ended_us = 0 if end is None else end.at_us - time_map.line.stepped_us
    return min(max(ended_us, time_map.line.first_us), time_map.line.last_us)


def _last_sign_us(time_map: TimeMap) -> int:
    """The part's last event that tells of the call; its packets have their spans."""
    told_us = last_told_us(each.event for each in time_map.events) - time_map.line.stepped_us
    return min(max(told_us, time_map.line.first_us), time_map.line.last_us)
