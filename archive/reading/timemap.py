"""The time map of a part: what a seek, a waveform and a player need before any audio is read.

Pure values and their JSON (docs/format.md section 7). Knows nothing of files, keys or sealing.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from archive.call.adoption import PartStreams, SequenceRange, StreamGap, StreamReplay, StreamSound
from archive.call.events import Event
from archive.errors import MapDamaged
from archive.reading.packets.alignment import Span, StreamCounts
from archive.reading.packets.blocks import ClockStep
from archive.reading.packets.seconds import SecondMap
from archive.reading.packets.senders import HeardSenders
from archive.reading.packets.sounds import few, joined
from archive.reading.sound.peaks import StreamPeaks

MAP_VERSION: Final = 1
# An hour of ten streams is about 6 MiB; whoever reads must hold it whole.
MAX_MAP_BYTES: Final = 1 << 26
# A stream changes its source a few times in its life; a flood of sources is no evidence.
MAX_SOURCES: Final = 32


class CodecUse(msgspec.Struct, frozen=True, kw_only=True):
    """How many packets of a stream came with a payload type, and what it meant."""

    payload_type: int
    encoding: str
    clock_rate_hz: int
    packets: int


class StreamMap(msgspec.Struct, frozen=True, kw_only=True):
    """One stream in this part: its spans in the order in which they began.

    `unproved` counts the packets of a keyed stream that none of its keys fits. `gaps` are where
    packets are missing, or no sound was sent. `senders` are there where an event says whose packets
    are heard; all else is of those packets alone. `replay` is there where packets came a second
    time, late: counted, and not placed.
    """

    stream: int
    spans: tuple[Span, ...]
    codecs: tuple[CodecUse, ...]
    counts: StreamCounts
    peaks: StreamPeaks
    unproved: int = 0
    gaps: tuple[StreamGap, ...] = ()
    senders: HeardSenders | msgspec.UnsetType = msgspec.UNSET
    replay: StreamReplay | msgspec.UnsetType = msgspec.UNSET


class NumberedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event and its serial; metadata documents and SIP messages stay in the part."""

    serial: int
    event: Event


@dataclass(frozen=True, slots=True)
class LineReading:
    """What to add to arrivals; not `trusted` where the clock stepped during the frame."""

    shift_us: int
    trusted: bool


class PartLine(msgspec.Struct, frozen=True, kw_only=True):
    """The part's own line of time: µs UTC as the node's clock had it when the part began.

    `first_us` and `last_us` bound events and packets on it. Where the clock stepped, wall time by
    the clock = line + the step's sum. The offsets are REALTIME - MONOTONIC in the first and the
    last PACKETS frame.
    """

    first_us: int
    last_us: int
    first_offset_us: int
    last_offset_us: int
    steps: tuple[ClockStep, ...] = ()

    @property
    def stepped_us(self) -> int:
        """Sum of all steps of the part."""
        return self.steps[-1].stepped_us if self.steps else 0

    def read(self, position: int) -> LineReading:
        """How arrivals in the PACKETS frame at a plaintext offset lie on the line."""
        number = bisect_right(self.steps, position, key=lambda step: step.position)
        if not number:
            return LineReading(0, trusted=True)
        step = self.steps[number - 1]
        return LineReading(-step.stepped_us, trusted=step.position != position)


class TimeMap(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is known of a part without its audio. `root` is the Merkle root, 32 bytes.

    `sounds` are where streams sound, also of one of which only RTCP came; older maps have none.
    """

    version: int
    plain_bytes: int
    line: PartLine
    seconds: SecondMap
    streams: tuple[StreamMap, ...]
    events: tuple[NumberedEvent, ...]
    root: bytes
    sounds: tuple[StreamSound, ...] | msgspec.UnsetType = msgspec.UNSET


_DECODER: Final = msgspec.json.Decoder(TimeMap)


def encode_map(time_map: TimeMap) -> bytes:
    """Write a map as JSON; the same map gives the same bytes."""
    return msgspec.json.encode(time_map)


def decode_map(plain: bytes) -> TimeMap:
    """Read a map; raises `MapDamaged` for what is none or of another version."""
    if len(plain) > MAX_MAP_BYTES:
        raise MapDamaged("the map is larger than any that is written")
    try:
        time_map = _DECODER.decode(plain)
    except (msgspec.DecodeError, msgspec.ValidationError) as broken:
        raise MapDamaged("the map is not the JSON of one") from broken
    if time_map.version != MAP_VERSION:
        raise MapDamaged(f"map version {time_map.version} is not known here")
    if len(time_map.seconds.first) != len(time_map.seconds.until):
        raise MapDamaged("the map's columns differ in length")
    return time_map


def sequences_of(time_map: TimeMap) -> tuple[SequenceRange, ...]:
    """With which numbers each source begins and ends; of a flood of sources only some."""
    return tuple(told for stream in time_map.streams for told in _sources_of(stream))


def _sources_of(stream: StreamMap) -> Iterator[SequenceRange]:
    spans: dict[int, list[Span]] = {}
    for span in stream.spans:
        spans.setdefault(span.ssrc, []).append(span)
    for ssrc, own in list(spans.items())[-MAX_SOURCES:]:
        yield SequenceRange(
            stream=stream.stream,
            ssrc=ssrc,
            first=own[0].first_sequence,
            last=own[-1].last_sequence,
        )


def gaps_of(time_map: TimeMap) -> tuple[StreamGap, ...]:
    return tuple(gap for stream in time_map.streams for gap in stream.gaps)


def replays_of(time_map: TimeMap) -> tuple[StreamReplay, ...]:
    found = (stream.replay for stream in time_map.streams)
    return tuple(each for each in found if isinstance(each, StreamReplay))


def sounds_of(time_map: TimeMap) -> tuple[StreamSound, ...]:
    """Where each of its streams sounds; a map from before that was told has spans alone."""
    if not isinstance(time_map.sounds, msgspec.UnsetType):
        return time_map.sounds
    return tuple(_sound_of(stream) for stream in time_map.streams if stream.spans)


def _sound_of(stream: StreamMap) -> StreamSound:
    encodings = {use.encoding.upper() for use in stream.codecs if use.packets}
    stretches = sorted((s.us_at(s.first_ticks), s.us_at(s.end_ticks)) for s in stream.spans)
    only = encodings.pop() if len(encodings) == 1 else ""
    return StreamSound(stream.stream, only, few(joined(stretches)))


def streams_of(time_map: TimeMap) -> PartStreams:
    return PartStreams(
        sequences=sequences_of(time_map),
        gaps=gaps_of(time_map),
        replays=replays_of(time_map),
        sounds=sounds_of(time_map),
    )
