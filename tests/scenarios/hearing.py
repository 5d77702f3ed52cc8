"""Whether a recording contains what somebody said: from which second on, and how well.

A band of speech is correlated, so that another G.711 law, a delay, a gain and a few lost packets do
not matter. Pure numbers and WAV files; knows nothing of calls.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import soundfile
from numpy.typing import NDArray

from tests.scenarios.senders import SPEECH, Speech

Signal = NDArray[np.float64]
RATE: Final = 8000
# The band of a telephone without its edges, where filters of phones differ.
BAND_HZ: Final = (300, 3000)
# Pieces are found one by one: a jitter buffer that skips or repeats moves what follows.
PIECE_S: Final = 0.5
# Between what the same speech scores through two phones, above 0.8, and other speech, below 0.3.
ENOUGH: Final = 0.6
# How far a piece may be from where the first ones say it should be.
DRIFT_S: Final = 0.25
# A piece this much weaker than the loudest is a pause, which is found everywhere.
_PAUSE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Heard:
    """Where speech begins in a recording, and how well it is there: 0 not at all, 1 unchanged."""

    at_s: float
    score: float

    def __bool__(self) -> bool:
        return self.score >= ENOUGH


def heard(recording: Path, said: Speech) -> Heard:
    """The best place of a stretch of speech in a WAV file."""
    return find(read(recording), spoken(said))


def find(recording: Signal, said: Signal) -> Heard:
    """The best place of one signal in another; the score is the mean correlation of its pieces."""
    if len(recording) < len(said) or not np.any(recording):
        return Heard(0.0, 0.0)
    where, what = in_band(recording), in_band(said)
    whole = _correlation(where, what)
    at = int(np.argmax(whole))
    return Heard(at / RATE, max(float(whole[at]), _by_pieces(where, what, at)))


def _by_pieces(where: Signal, what: Signal, at: int) -> float:
    size, drift = int(PIECE_S * RATE), int(DRIFT_S * RATE)
    pieces = [(first, what[first : first + size]) for first in range(0, len(what) - size + 1, size)]
    loudest = max((np.linalg.norm(piece) for _, piece in pieces), default=0.0)
    scores = [
        _best(where[max(0, at + first - drift) : at + first + size + drift], piece)
        for first, piece in pieces
        if np.linalg.norm(piece) > _PAUSE * loudest
    ]
    return float(np.mean(scores)) if scores else 0.0


def _best(where: Signal, what: Signal) -> float:
    return float(np.max(_correlation(where, what))) if len(where) >= len(what) else 0.0


def _correlation(where: Signal, what: Signal) -> Signal:
    """The correlation coefficient at each place at which the whole of it fits."""
    size = 1 << (len(where) + len(what) - 1).bit_length()
    product = np.fft.irfft(np.fft.rfft(where, size) * np.conj(np.fft.rfft(what, size)), size)
    places = len(where) - len(what) + 1
    energy = np.concatenate([[0.0], np.cumsum(where**2)])
    norms = np.sqrt(np.maximum(energy[len(what) :] - energy[:places], 0.0)) * np.linalg.norm(what)
    # Where there is nothing, rounding must not look like something.
    floor = 1e-3 * np.max(norms, initial=0.0) + 1e-12
    return np.where(norms > floor, product[:places] / np.maximum(norms, floor), 0.0)


def in_band(signal: Signal) -> Signal:
    """The signal without what lies outside the band."""
    spectrum = np.fft.rfft(signal)
    hertz = np.fft.rfftfreq(len(signal), 1 / RATE)
    spectrum[(hertz < BAND_HZ[0]) | (hertz > BAND_HZ[1])] = 0
    return np.fft.irfft(spectrum, len(signal))


def spoken(said: Speech) -> Signal:
    """A stretch of the self-test's speech."""
    first, count = int(said.from_s * RATE), int(said.seconds * RATE)
    samples, _ = soundfile.read(
        SPEECH / said.file, samplerate=RATE, channels=1, format="RAW", subtype="ULAW",
        start=first, frames=count,
    )  # fmt: skip
    return np.asarray(samples, np.float64)


def read(recording: Path, side: int = 0) -> Signal:
    """One side of a WAV file of 8 kHz."""
    samples, rate = soundfile.read(recording, always_2d=True)
    assert rate == RATE, f"{recording}: {rate} Hz"
    return np.asarray(samples[:, side], np.float64)


def write(said: Speech, folder: Path) -> Path:
    """The same as a WAV file, for a phone to say."""
    file = folder / f"{Path(said.file).stem}-{said.from_s}-{said.seconds}.wav"
    soundfile.write(file, spoken(said), RATE, subtype="PCM_16")
    return file
