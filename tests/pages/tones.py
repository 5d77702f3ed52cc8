"""Sounds that a program recognises: each party says a tone of its own, at a known second."""

import struct
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from archive.reading.sound import g711
from tests.archive.reading.scenes import PACKET, PACKET_US, START_US, Packet

RATE_HZ: Final = 8_000
LOUD: Final = 12_000
_LEVELS = g711.decode(np.arange(256, dtype=np.uint8), "PCMU").astype(np.int64)
_ORDER = np.argsort(_LEVELS, kind="stable")


def encoded(samples: np.ndarray[tuple[int], np.dtype[np.int64]]) -> bytes:
    """The nearest code of each sample."""
    levels = _LEVELS[_ORDER]
    right = np.searchsorted(levels, samples).clip(1, 255)
    is_left = samples - levels[right - 1] < levels[right] - samples
    return bytes(_ORDER[right - is_left].astype(np.uint8))


def spoken(stream: int, seconds: int, tones: Mapping[int, int]) -> Iterator[Packet]:
    """A stream that is silent but in these seconds, in which it is a tone of so many Hz."""
    samples = np.zeros(seconds * RATE_HZ, np.int64)
    for second, hz in tones.items():
        time_s = np.arange(RATE_HZ) / RATE_HZ
        tone = (LOUD * np.sin(2 * np.pi * hz * time_s)).astype(np.int64)
        samples[second * RATE_HZ : (second + 1) * RATE_HZ] = tone
    codes = encoded(samples)
    for number in range(len(codes) // PACKET):
        head = struct.pack(">BBHII", 0x80, 0, number, number * PACKET, 1_000 + stream)
        yield Packet(
            arrival_us=START_US + number * PACKET_US,
            datagram=head + codes[number * PACKET : (number + 1) * PACKET],
            stream=stream,
        )
