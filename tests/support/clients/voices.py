"""Who speaks when on an m-line: one tone for each person, as RTP by a call's own clock.

Knows nothing of signalling. Seconds are those of the call, from its answer on.
"""

import io
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Final

import numpy as np
import soundfile

RATE: Final = 8_000
PACKET_SAMPLES: Final = 160
PACKET_S: Final = PACKET_SAMPLES / RATE
# Three of them together are no louder than a sample can be.
LOUD: Final = 8_000
_SSRCS: Final = count(0x0C11_0000)
_LAWS: Final = {0: "ULAW", 8: "ALAW"}


@dataclass(frozen=True, slots=True)
class Voice:
    """A tone on an m-line (by its place) from one second to another; `sender` is an SSRC's own."""

    line: int
    hertz: int
    from_s: float
    until_s: float
    sender: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Packet:
    """A datagram of an m-line, and when it is due."""

    due_s: float
    line: int
    data: bytes


def packets(voices: Iterable[Voice], payload_type: int = 0) -> list[Packet]:
    """All of a call in the order in which they are due; where nobody speaks there are none."""
    spoken = list(voices)
    senders = sorted({(each.line, each.sender) for each in spoken})
    return sorted(
        packet
        for sender in senders
        for packet in _of_sender(
            [each for each in spoken if (each.line, each.sender) == sender], payload_type
        )
    )


def _of_sender(voices: list[Voice], payload_type: int) -> Iterator[Packet]:
    """One SSRC: its numbers count packets, its time goes on while it is silent."""
    samples = np.arange(int(max(each.until_s for each in voices) * RATE))
    wave, is_spoken = np.zeros(len(samples)), np.zeros(len(samples), bool)
    for each in voices:
        own = (samples >= each.from_s * RATE) & (samples < each.until_s * RATE)
        wave[own] += LOUD * np.sin(2 * np.pi * each.hertz * samples[own] / RATE)
        is_spoken |= own
    laid = io.BytesIO()
    law = _LAWS[payload_type]
    soundfile.write(laid, wave.astype(np.int16), RATE, format="RAW", subtype=law)
    codes, ssrc, number = laid.getvalue(), next(_SSRCS), 0
    for first in range(0, len(samples), PACKET_SAMPLES):
        if is_spoken[first]:
            head = struct.pack(">BBHII", 0x80, payload_type, number, first, ssrc)
            data = head + codes[first : first + PACKET_SAMPLES]
            yield Packet(first / RATE, voices[0].line, data)
            number += 1
