"""Decoders with a memory, made repeatable: a span is decoded in segments that begin at fixed ticks.

Each segment is decoded from nothing, a little before it begins; so whoever asks for it hears the
same. Knows formats and decoders. Knows nothing of lanes, frames or wall time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from archive.call.events import Format
from archive.reading.packets.rtp import Bytes, Column, Mask
from archive.reading.sound.decoders import CONCEALED, Audio, Decoder, open_decoder
from archive.reading.sound.formats import codec_in
from archive.reading.sound.payloads import Piece, pieces
from archive.reading.sound.resample import resample

SEGMENT_S: Final = 2
# After it every decoder here says what it would have said had it heard all (ADR 0014).
LEAD_MS: Final = 400
# A filter reaches 3 ms to either side (`resample.REACH`).
MARGIN_MS: Final = 10
# So long is a gap bridged by noise or by what the decoder makes up; never longer than the lead.
BRIDGE_MS: Final = 400
# The level of noise is told for telephones (RFC 3389 §2).
_NOISE_HZ: Final = 8_000
# Who asks knows the ticks of a sample to a few ms.
SLACK_MS: Final = 20
# How much of the line on either side of a range decides how it sounds.
BEFORE_MS: Final = 1000 * SEGMENT_S + LEAD_MS + SLACK_MS
AFTER_MS: Final = 1000 * SEGMENT_S + MARGIN_MS + SLACK_MS
# A segment is laid in pieces, each at the place of its first tick.
PIECE_MS: Final = 20


@dataclass(frozen=True, slots=True)
class Script:
    """A span's packets by their ticks, each tick once; columns of shape (n,), places in `data`.

    Of the formats that are not `played` a packet only ends what went before.
    """

    clock_rate_hz: int
    ticks: Column
    which: Column
    starts: Column
    lengths: Column
    data: Bytes
    end_tick: int
    formats: tuple[Format, ...]
    played: tuple[bool, ...]

    def between(self, first: int, end: int) -> Iterator[tuple[int, int, bytes]]:
        """Tick, format and payload of the packets that begin from `first` until before `end`."""
        low, high = np.searchsorted(self.ticks, (first, end)).tolist()
        own = slice(low, high)
        columns = (self.ticks[own], self.which[own], self.starts[own], self.lengths[own])
        for tick, which, start, length in zip(*(c.tolist() for c in columns), strict=True):
            payload = self.data[start : start + length].tobytes() if self.played[which] else b""
            yield tick, which, payload


@dataclass(frozen=True, slots=True)
class Segment:
    """What was heard from a tick on, at the rate asked for, and where anything was."""

    first_tick: int
    clock_rate_hz: int
    rate_hz: int
    audio: Audio
    heard: Mask

    def pieces(self) -> Iterator[tuple[int, Audio, Mask]]:
        """Its pieces in order: first tick, samples, where anything was."""
        ticks, size = (rate * PIECE_MS // 1000 for rate in (self.clock_rate_hz, self.rate_hz))
        for number, at in enumerate(range(0, len(self.audio), size)):
            own = slice(at, at + size)
            yield self.first_tick + number * ticks, self.audio[own], self.heard[own]


def segments(script: Script, first: int, end: int, rate_hz: int) -> Iterator[Segment]:
    """The segments that hold the ticks from `first` until before `end`, one at a time."""
    size, slack = SEGMENT_S * script.clock_rate_hz, SLACK_MS * script.clock_rate_hz // 1000
    for number in range((first - slack) // size, -(-(end + slack) // size)):
        yield _decode(script, number * size, rate_hz)


def _decode(script: Script, anchor: int, rate_hz: int) -> Segment:
    clock = script.clock_rate_hz
    lead, margin = clock * LEAD_MS // 1000, clock * MARGIN_MS // 1000
    end = anchor + SEGMENT_S * clock + margin
    sheet = _Sheet(clock, anchor - margin, end)
    voice = _Voice(sheet, clock)
    for tick, which, payload in script.between(anchor - lead, end):
        if script.played[which]:
            voice.speak(tick, script.formats[which], payload)
        else:
            voice.pause(tick)
    voice.finish(end, script.end_tick)
    audio, heard = sheet.at_rate(rate_hz)
    spare = rate_hz * MARGIN_MS // 1000
    inside = slice(spare, len(audio) - spare)
    return Segment(anchor, clock, rate_hz, audio[inside], heard[inside])


class _Voice:
    """Decodes packets in the order of their ticks, and says what lies in the gaps."""

    def __init__(self, sheet: "_Sheet", clock_hz: int) -> None:
        self._sheet, self._bridge = sheet, clock_hz * BRIDGE_MS // 1000
        self._decoder: Decoder | None = None
        self._form: Format | None = None
        self._frame = 0
        self._noise: float | None = None
        self._reached: int | None = None

    def speak(self, tick: int, form: Format, payload: bytes) -> None:
        self.bridge(tick)
        for piece in pieces(form, payload):
            if piece.noise is None:
                self._play(tick, form, piece)
            self._noise = piece.noise
            self._reached = tick if piece.noise is not None else tick + piece.ticks
            tick += piece.ticks

    def pause(self, tick: int) -> None:
        """Take note that something else is heard from here on."""
        self.bridge(tick)
        self._noise = self._reached = None

    def bridge(self, tick: int) -> None:
        """Fill the gap up to a tick."""
        if self._reached is None or tick <= self._reached:
            return
        end = min(tick, self._reached + self._bridge)
        if self._noise is not None:
            self._sheet.hiss(self._reached, end, self._noise)
        elif self._decoder is not None and self._form is not None:
            self._conceal(self._decoder, self._form, end)

    def finish(self, tick: int, last: int) -> None:
        """Fill the rest up to a tick, but not beyond the last one of the span."""
        self.bridge(min(tick + self._frame, last))

    def _conceal(self, decoder: Decoder, form: Format, end: int) -> None:
        frame = CONCEALED.get(form.encoding.upper())
        if frame is None or self._reached is None:
            return
        for tick in range(self._reached, end - self._frame + 1, self._frame):
            self._put(tick, form, decoder.decode(frame))

    def _play(self, tick: int, form: Format, piece: Piece) -> None:
        if self._decoder is None or form != self._form:
            self._decoder, self._form = open_decoder(form, piece.data), form
        self._frame = piece.ticks
        self._put(tick, form, self._decoder.decode(piece.data))

    def _put(self, tick: int, form: Format, audio: Audio) -> None:
        codec = codec_in(form)
        if codec is not None:
            self._sheet.put(tick, audio, codec.sample_rate_hz)


@dataclass(frozen=True, slots=True)
class _Layer:
    """Sound at one rate; what was there first stays."""

    audio: Audio
    heard: Mask

    def put(self, at: int, audio: Audio) -> None:
        first, end = max(at, 0), min(at + len(audio), len(self.audio))
        if first < end:
            free = first + np.flatnonzero(~self.heard[first:end])
            self.audio[free] = audio[free - at]
            self.heard[free] = True


class _Sheet:
    """The ticks of a segment and its margins, a layer for each rate."""

    def __init__(self, clock_hz: int, first: int, end: int) -> None:
        self._clock, self._first, self._end = clock_hz, first, end
        self._layers: dict[int, _Layer] = {}

    def put(self, tick: int, audio: Audio, rate_hz: int) -> None:
        """Lay sound at a tick."""
        self._layer(rate_hz).put(self._place(tick, rate_hz), audio)

    def hiss(self, first: int, end: int, level: float) -> None:
        """Lay noise between two ticks."""
        at, until = (self._place(tick, _NOISE_HZ) for tick in (first, end))
        origin = self._first * _NOISE_HZ // self._clock
        self._layer(_NOISE_HZ).put(at, hiss(origin + at, until - at, level))

    def _place(self, tick: int, rate_hz: int) -> int:
        return (tick - self._first) * rate_hz // self._clock

    def _layer(self, rate_hz: int) -> _Layer:
        if rate_hz not in self._layers:
            size = self._place(self._end, rate_hz)
            self._layers[rate_hz] = _Layer(np.zeros(size, np.int16), np.zeros(size, np.bool_))
        return self._layers[rate_hz]

    def at_rate(self, rate_hz: int) -> tuple[Audio, Mask]:
        """All layers as one; a wider one covers a narrower one."""
        size = self._place(self._end, rate_hz)
        audio, heard = np.zeros(size, np.int16), np.zeros(size, np.bool_)
        for own_hz, layer in sorted(self._layers.items()):
            where = _spread(layer.heard, own_hz, rate_hz)
            audio[where] = resample(layer.audio, own_hz, rate_hz)[where]
            heard |= where
        return audio, heard


def _spread(heard: Mask, from_hz: int, to_hz: int) -> Mask:
    spread: NDArray[np.bool_] = (
        np.repeat(heard, to_hz // from_hz) if to_hz > from_hz else heard[:: from_hz // to_hz]
    )
    return spread


_U32: Final = np.uint64(0xFFFFFFFF)


def hiss(first: int, count: int, level: float) -> NDArray[np.int16]:
    """Comfort noise of an effective level from a place on: places that repeat sound alike."""
    uniform = _mixed(np.arange(first, first + count)) / float(1 << 31) - 1.0
    return np.clip(np.rint(uniform * level * 3**0.5), -32_768, 32_767).astype(np.int16)


def _mixed(places: NDArray[np.int64]) -> NDArray[np.float64]:
    """Numbers from 0 to 2^32 that look like chance (a multiply-xorshift hash of each place)."""
    value = places.astype(np.uint64) & _U32
    for factor in (0x7FEB352D, 0x846CA68B):
        value ^= value >> np.uint64(16)
        value = (value * np.uint64(factor)) & _U32
    return (value ^ (value >> np.uint64(15))).astype(np.float64)
