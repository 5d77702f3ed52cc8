"""What tests of other sender share."""

import io
import socket
import struct
import time
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from typing import Final

import numpy as np
import soundfile
from numpy.typing import NDArray

from tests.scenarios.recordings import Samples
from tests.scenarios.senders import PACKET_S, PACKET_SAMPLES
from tests.scenarios.server import HOST

RATE: Final = 8_000


WINDOW: Final = RATE // 4


LOUD: Final = 8_000


# A tone that is there is as loud as this share of what was sent; one that is not, far below.
HEARD: Final = 0.8


UNHEARD: Final = 0.05


_SSRCS: Final = count(0x5EED)


@dataclass(frozen=True, slots=True)
class Tone:
    """A sender of one tone, from a port of its own."""

    hertz: int
    seconds: float
    host: str = HOST
    ssrc: int = 0

    def packets(self) -> list[bytes]:
        """Its RTP, G.711 made by libsndfile."""
        samples = np.arange(int(self.seconds * RATE))
        wave = (LOUD * np.sin(2 * np.pi * self.hertz * samples / RATE)).astype(np.int16)
        laid = io.BytesIO()
        soundfile.write(laid, wave, RATE, format="RAW", subtype="ULAW")
        codes, ssrc = laid.getvalue(), self.ssrc or next(_SSRCS)
        return [
            struct.pack(">BBHII", 0x80, 0, n, n * PACKET_SAMPLES, ssrc)
            + codes[n * PACKET_SAMPLES : (n + 1) * PACKET_SAMPLES]
            for n in range(len(codes) // PACKET_SAMPLES)
        ]


def say(port: int, *tones: Tone) -> list[bytes]:
    """One tone after the other from one socket, in real time; what was sent."""
    sent: list[bytes] = []
    with closing(socket.socket(type=socket.SOCK_DGRAM)) as ours:
        ours.bind((tones[0].host, 0))
        begin_s = time.monotonic()
        for packet in (packet for tone in tones for packet in tone.packets()):
            time.sleep(max(0.0, begin_s + len(sent) * PACKET_S - time.monotonic()))
            ours.sendto(packet, (HOST, port))
            sent.append(packet)
    return sent


def loudness(audio: NDArray[np.float64], hertz: int) -> NDArray[np.float64]:
    """How loud a tone is in each quarter of a second, 1 = as it was sent (Goertzel)."""
    windows = audio[: len(audio) // WINDOW * WINDOW].reshape(-1, WINDOW)
    turn = np.exp(-2j * np.pi * hertz / RATE * np.arange(WINDOW))
    found: NDArray[np.float64] = 2 * np.abs(windows @ turn) / WINDOW / LOUD
    return found


def heard_s(audio: Samples, lane: int, hertz: int) -> float:
    """For how many seconds a tone is heard on a lane."""
    return float((loudness(audio[:, lane].astype(float), hertz) > HEARD).sum() * WINDOW / RATE)


def is_heard_at_all(audio: Samples, lane: int, hertz: int) -> bool:
    return bool((loudness(audio[:, lane].astype(float), hertz) > UNHEARD).any())
