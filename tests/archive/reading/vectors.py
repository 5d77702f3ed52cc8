"""Calls made of what foreign encoders gave (tests/vectors/codecs), and how alike two sounds are."""

import io
import json
import struct
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from archive.call.events import Format
from archive.reading.recording import PartOnDisk, RecordingReader
from tests import ROOT
from tests.archive.reading.scenes import START_US, Packet

FOLDER = ROOT / "tests/vectors/codecs"
INDEX: dict[str, Any] = json.loads((FOLDER / "index.json").read_text())
NAMES = tuple(INDEX)
ROW = struct.Struct(">IH")
SSRC = 0xC0DEC
# The first timestamp of a call: it wraps within each of them.
FIRST_TIMESTAMP = (1 << 32) - 4_000

Samples = NDArray[np.int16]


@pytest.fixture
def pyav() -> None:
    """Skip where the extra is not installed."""
    pytest.importorskip("av", reason="needs the extra 'codecs' (PyAV)")


@pytest.fixture
def without_pyav(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the extra is not installed."""
    monkeypatch.setitem(sys.modules, "av", None)


def form_of(name: str) -> Format:
    """What the offer says of a vector."""
    return Format(**INDEX[name]["offer"])


def payloads(name: str) -> Iterator[tuple[int, bytes]]:
    """Ticks and payload of each packet."""
    raw, at = (FOLDER / f"{name}.rtp").read_bytes(), 0
    while at < len(raw):
        ticks, length = ROW.unpack_from(raw, at)
        at += ROW.size
        yield ticks, raw[at : at + length]
        at += length


def reference(name: str) -> tuple[Samples, int]:
    """What the encoder's own decoder made of it, and at which rate."""
    samples, rate = soundfile.read(FOLDER / f"{name}.flac", dtype="int16")
    return samples, rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A vector as packets that arrive when they are due."""

    name: str
    stream: int = 0
    begin_us: int = START_US

    def sent(self) -> list[Packet]:
        form = form_of(self.name)
        return [
            Packet(
                arrival_us=self.begin_us + ticks * 1_000_000 // form.clock_rate_hz,
                datagram=_head(form, number, ticks) + payload,
                stream=self.stream,
            )
            for number, (ticks, payload) in enumerate(payloads(self.name))
        ]


def _head(form: Format, number: int, ticks: int) -> bytes:
    timestamp = (FIRST_TIMESTAMP + ticks) % (1 << 32)
    return struct.pack(">BBHII", 0x80, form.payload_type, 65_500 + number & 0xFFFF, timestamp, SSRC)


def heard(parts: Sequence[PartOnDisk], lane: int = 0) -> tuple[Samples, int]:
    """A lane as a listener's software reads it, and its rate."""
    with RecordingReader(parts) as recording:
        rendering = recording.rendering([lane])
        whole = rendering.read(0, rendering.total_bytes)
    samples, rate = soundfile.read(io.BytesIO(whole), dtype="int16")
    return samples, rate


def heard_from(parts: Sequence[PartOnDisk], first: int, end: int, lane: int = 0) -> Samples:
    """Some samples of a lane, asked for alone."""
    with RecordingReader(parts) as recording:
        rendering = recording.rendering([lane])
        lead = rendering.total_bytes - rendering.shape.data_bytes
        return np.frombuffer(rendering.read(lead + 2 * first, lead + 2 * end), "<i2")


def at_rate(samples: Samples, rate: int, wanted: int) -> NDArray[np.float64]:
    """A sound at another rate, by its spectrum: not with our filters."""
    if rate == wanted:
        return samples.astype(np.float64)
    spectrum, size = np.fft.rfft(samples.astype(np.float64)), len(samples) * wanted // rate
    return np.fft.irfft(spectrum[: size // 2 + 1], size) * (wanted / rate)


def alike(
    one: NDArray[Any], other: NDArray[Any], *, at: int, size: int, reach: int
) -> tuple[float, int]:
    """The greatest correlation of a piece of `one` with `other`, and how much later it lies."""
    piece = one[at : at + size].astype(np.float64)
    found = [
        (float(np.corrcoef(piece, other[at + late : at + late + size])[0, 1]), late)
        for late in range(-reach, reach + 1)
        if at + late >= 0 and at + late + size <= len(other)
    ]
    return max(found)
