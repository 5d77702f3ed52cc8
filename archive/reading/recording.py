"""A recording opened for reading: its parts, their maps, and the WAV that they make.

Knows files and calls for keys. Knows nothing of catalogs, rights or the web; not for several
threads at once.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, Self

import numpy as np

from archive.call.events import Event, SipMessage
from archive.call.legs import Decided
from archive.errors import ArchiveError, MapDamaged
from archive.format.floe import Buffer, zero
from archive.format.frames import FrameKind
from archive.format.header import HeaderBlock
from archive.format.packets import Packets, decode_packets
from archive.format.part_reader import PartReader
from archive.format.segments import FileSource, ReadAt, read_block
from archive.ids import RecordingId
from archive.reading.lanes import NO_SIDES
from archive.reading.map_builder import map_at_once, read_event
from archive.reading.mapfile import MAX_FILE_BYTES, derive_map_key, leaf_salt_of, open_map
from archive.reading.packets.blocks import SerialSet
from archive.reading.packets.rtp import Mask
from archive.reading.render import Audio, Renderer
from archive.reading.sound.peaks import PEAKS_PER_S, Levels, overlay, round_bins
from archive.reading.sound.wav import WavShape, header
from archive.reading.timeline import LEAST_RATE_HZ, SampleRange, Timeline, build_timeline
from archive.reading.timemap import TimeMap
from archive.reading.undecoded import tells_codecs, undecoded_on

# Enough for numpy to be quick, little enough for many listeners: of two lanes 1 MB, 30 s at 8 kHz.
BLOCK_SAMPLES: Final = 30 * LEAST_RATE_HZ
# Changes whenever the same packets would sound otherwise, so that no cache mixes the two.
RENDERER_VERSION: Final = b"rokuon rendering 5"
ALL_LANES: Final[tuple[int, ...]] = ()


class PartsDiffer(ArchiveError):
    """The parts given are none, or not those of one recording."""


class NoSuchLane(ArchiveError):
    """The recording has fewer lanes."""


class Source(ReadAt, Protocol):
    """The bytes of a part, to be closed."""

    def close(self) -> None:
        """Let the file go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartOnDisk:
    """Where a part lies. `base` is 4,096 in the spool, 0 in the archive.

    `data_key` is asked once, when the part is opened, and a `bytearray` is zeroed after use;
    `map_path` is None while there is no map.
    """

    path: Path
    data_key: Callable[[], Buffer]
    base: int = 0
    map_path: Path | None = None


@dataclass(frozen=True, slots=True)
class LanePeaks:
    """Waveform of a lane from the begin of the time line on: 50 signed bytes a second in each.

    Flat where the map was made without a decoder, or while somebody waited.
    """

    low: bytes
    high: bytes


class RecordingReader:
    """A recording as it was when it was opened; a live one may have grown since.

    `sides` of streams are known better than by its events. A map that is lost or damaged is made
    anew; waveforms of what would have to be decoded are flat then. Raises `RecordingDamaged`,
    `KeyUnavailable`, `PartsDiffer`, `OSError`. A context manager.
    """

    def __init__(
        self,
        parts: Sequence[PartOnDisk],
        *,
        sides: Mapping[int, Decided] = NO_SIDES,
        open_source: Callable[[Path, int], Source] = FileSource,
    ) -> None:
        with ExitStack() as stack:
            opened = [_open(part, open_source, stack) for part in parts]
            opened.sort(key=lambda part: part.header.part)
            _check_same([part.header for part in opened])
            self._parts: Final = tuple(opened)
            self._close = stack.pop_all()
        self._sides: Final = sides
        self.timeline: Final[Timeline] = build_timeline(self.maps, sides=sides)

    @property
    def recording(self) -> RecordingId:
        return self._parts[0].header.recording

    @property
    def maps(self) -> tuple[TimeMap, ...]:
        """The time maps of the parts, in their order."""
        return tuple(part.time_map for part in self._parts)

    def rendering(
        self, lanes: Sequence[int] = ALL_LANES, *, rate_hz: int = LEAST_RATE_HZ
    ) -> "Rendering":
        """The recording as a WAV of these lanes, left to right; raises `NoSuchLane`.

        At its own rate, or at a higher `rate_hz` of a recording that it is heard with.
        """
        timeline = self.timeline
        if rate_hz > timeline.sample_rate_hz:
            timeline = build_timeline(self.maps, rate_hz, self._sides)
        count = len(timeline.lanes)
        chosen = tuple(lanes) or timeline.channels
        if not all(0 <= lane < count for lane in chosen):
            raise NoSuchLane(f"the recording has {count} lanes")
        renderer = Renderer(timeline, [part.reader for part in self._parts])
        return Rendering(renderer, chosen, self._digest(chosen, timeline))

    def _digest(self, lanes: tuple[int, ...], timeline: Timeline) -> str:
        digest = hashlib.sha256(RENDERER_VERSION)
        for part in self._parts:
            digest.update(part.header.encode_aad())
            digest.update(part.time_map.plain_bytes.to_bytes(8, "big"))
        heard = tuple(timeline.lanes[lane].streams for lane in lanes)
        digest.update(repr((heard, timeline.samples, timeline.sample_rate_hz)).encode())
        # With another decoder the same packets sound otherwise.
        digest.update(repr(undecoded_on(timeline)).encode())
        return digest.hexdigest()[:32]

    def peaks(self) -> tuple[LanePeaks, ...]:
        """Waveform of each channel, 50 bins a second, all of one length."""
        size = -(-self.timeline.samples * PEAKS_PER_S // self.timeline.sample_rate_hz)
        low = np.zeros((len(self.timeline.lanes), size), np.int8)
        high = np.zeros_like(low)
        seats = {s: row for row, lane in enumerate(self.timeline.lanes) for s in lane.streams}
        for part in self.timeline.parts:
            for stream in part.time_map.streams:
                row, own = seats[stream.stream], stream.peaks
                at = round_bins(own.start_us + part.shift_us - self.timeline.start_us)
                overlay(low[row], high[row], at, (_levels(own.low), _levels(own.high)))
        lanes = [LanePeaks(a.tobytes(), b.tobytes()) for a, b in zip(low, high, strict=True)]
        return tuple(lanes[lane] for lane in self.timeline.channels)

    def packets(self) -> Iterator[tuple[Packets, Mask]]:
        """Packets of all frames in file order, and which of them no earlier frame held.

        Raises `RecordingDamaged` at the first damage.
        """
        seen: dict[tuple[int, bool], SerialSet] = {}
        for part in self._parts:
            for frame in part.reader.frames(0, part.time_map.plain_bytes):
                if frame.kind is FrameKind.PACKETS:
                    packets = decode_packets(frame)
                    known = seen.setdefault((packets.stream, packets.rtcp), SerialSet())
                    yield packets, known.take(int(packets.serials[0]), len(packets))

    def events(self) -> Iterator[Event]:
        """What happened in the recording, in order; raises `RecordingDamaged`."""
        seen: set[int] = set()
        for part in self._parts:
            for frame in part.reader.frames(0, part.time_map.plain_bytes):
                if frame.kind is FrameKind.EVENT and frame.serial not in seen:
                    seen.add(frame.serial)
                    yield read_event(frame)

    def messages(self) -> Iterator[SipMessage]:
        """The SIP messages of the recording, in order; raises `RecordingDamaged`."""
        return (event for event in self.events() if isinstance(event, SipMessage))

    def close(self) -> None:
        """Zero the keys and let the files go."""
        self._close.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass(frozen=True, slots=True)
class _OpenPart:
    header: HeaderBlock
    reader: PartReader
    time_map: TimeMap


def _open(
    part: PartOnDisk, open_source: Callable[[Path, int], Source], stack: ExitStack
) -> _OpenPart:
    source = open_source(part.path, part.base)
    stack.callback(source.close)
    data_key = part.data_key()
    try:
        reader = PartReader(source, data_key)
        stack.callback(reader.close)
        map_key = derive_map_key(data_key, read_block(source))
    finally:
        if isinstance(data_key, bytearray):
            zero(data_key)
    time_map = _map_of(part.map_path, map_key, reader)
    zero(map_key)
    return _OpenPart(reader.header, reader, time_map)


def _map_of(path: Path | None, map_key: bytearray, reader: PartReader) -> TimeMap:
    """The map beside a part; one made of its frames where none opens, or it tells too little."""
    if path is not None:
        with suppress(MapDamaged, OSError):
            stored = _read_map(path, map_key, reader)
            if tells_codecs(stored):
                return stored
    return map_at_once(reader, leaf_salt_of(map_key))


def _read_map(path: Path, map_key: bytearray, reader: PartReader) -> TimeMap:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise MapDamaged("the map's file is larger than any that is written")
    return open_map(path.read_bytes(), map_key, reader.header)


def _check_same(headers: Sequence[HeaderBlock]) -> None:
    if len({header.recording for header in headers}) != 1:
        raise PartsDiffer("parts of exactly one recording make a recording")
    if len({header.part for header in headers}) != len(headers):
        raise PartsDiffer("a part is given twice")


def _levels(packed: bytes) -> Levels:
    return np.frombuffer(packed, np.int8)


class Rendering:
    """A recording as a WAV (PCM, 16 bits, 8 or 16 kHz) that is made while it is read.

    The same recording and lanes give the same bytes, whatever ranges are asked for.
    """

    def __init__(self, renderer: Renderer, lanes: tuple[int, ...], etag: str) -> None:
        self._renderer = renderer
        self.lanes: Final = lanes
        self.etag: Final = etag
        timeline = renderer.timeline
        self.shape: Final = WavShape(
            channels=len(lanes), sample_rate=timeline.sample_rate_hz, samples=timeline.samples
        )
        self._header: Final = header(self.shape)

    @property
    def channels(self) -> int:
        """Channels of the WAV: one per lane asked for."""
        return self.shape.channels

    @property
    def sample_rate(self) -> int:
        """Samples per second and channel."""
        return self.shape.sample_rate

    @property
    def samples(self) -> int:
        """Samples per channel."""
        return self.shape.samples

    @property
    def total_bytes(self) -> int:
        """Bytes of the whole WAV, header included."""
        return len(self._header) + self.shape.data_bytes

    def read(self, start: int, stop: int) -> bytes:
        """Bytes from `start` up to `stop` (cut at the end), reading only what they need.

        Raises `RecordingDamaged` for the range alone. Memory grows with the range: read in
        pieces, or use `blocks`.
        """
        stop = min(stop, self.total_bytes)
        return b"".join(self._pieces(start, stop)) if start < stop else b""

    def blocks(self, start: int = 0, stop: int = 1 << 62) -> Iterator[bytes]:
        """The same in pieces of up to 30 s at 8 kHz."""
        return self._pieces(start, min(stop, self.total_bytes))

    def audio_blocks(self) -> Iterator[Audio]:
        """All samples in blocks of up to 30 s at 8 kHz, each of shape (samples, channels)."""
        for first in range(0, self.samples, BLOCK_SAMPLES):
            end = min(first + BLOCK_SAMPLES, self.samples)
            yield self._renderer.render(SampleRange(first, end), self.lanes)

    def _pieces(self, start: int, stop: int) -> Iterator[bytes]:
        assert start >= 0
        lead, width = len(self._header), self.shape.frame_bytes
        if start < min(lead, stop):
            yield self._header[start:stop]
        start, stop = max(start - lead, 0), stop - lead
        first, end = start // width, -(-stop // width)
        for at in range(first, end, BLOCK_SAMPLES):
            upto = min(at + BLOCK_SAMPLES, end)
            piece = self._renderer.render(SampleRange(at, upto), self.lanes).astype("<i2").tobytes()
            yield piece[max(start - at * width, 0) : stop - at * width]
