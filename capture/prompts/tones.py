"""Tones that are computed: what a waiting caller hears, and the beep of a recording.

Pure numpy. Knows nothing of codecs or of who hears them.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from capture.prompts.sound import Sound

# As loud as the prompts that are played before and after them.
TONE_DBOV: Final = -20.0
# A burst that begins at once clicks.
EDGE_S: Final = 0.005
_FULL_SCALE: Final = 32_768


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """One period of a cadence; `warble_hz` swings the loudness between nothing and twice it.

    A burst is as loud as `dbov` says.
    """

    name: str
    frequencies_hz: tuple[float, ...]
    on_s: float
    off_s: float = 0.0
    warble_hz: float = 0.0
    dbov: float = TONE_DBOV


# As ITU-T E.180 Supplement 2 lists the ringing tones of Japan, Germany and the United States.
RINGBACK_JAPAN: Final = Tone(
    name="ringback-japan", frequencies_hz=(400.0,), warble_hz=16.0, on_s=1.0, off_s=2.0
)
RINGBACK_EUROPE: Final = Tone(name="ringback-europe", frequencies_hz=(425.0,), on_s=1.0, off_s=4.0)
RINGBACK_NORTH_AMERICA: Final = Tone(
    name="ringback-north-america", frequencies_hz=(440.0, 480.0), on_s=2.0, off_s=4.0
)
# 1400 Hz for a fifth of a second: how a recorder made itself heard in the United States.
RECORDING_BEEP: Final = Tone(name="recording-beep", frequencies_hz=(1_400.0,), on_s=0.2)
# A soft tick of the line's own, that nobody takes for ringing: who waits in a queue is not cut off.
COMFORT_TONE: Final = Tone(
    name="comfort-tone", frequencies_hz=(400.0,), on_s=0.1, off_s=2.9, dbov=-32.0
)
TONES: Final = (
    *(RINGBACK_JAPAN, RINGBACK_EUROPE, RINGBACK_NORTH_AMERICA),
    *(RECORDING_BEEP, COMFORT_TONE),
)


def sound_of(tone: Tone, rate_hz: int) -> Sound:
    """One period: played in a loop it is the tone as a network sends it."""
    at_s = np.arange(round(tone.on_s * rate_hz)) / rate_hz
    wave: NDArray[np.float64] = np.zeros(len(at_s))
    for frequency in tone.frequencies_hz:
        wave += np.sin(2 * np.pi * frequency * at_s)
    if tone.warble_hz:
        wave *= 1 - np.cos(2 * np.pi * tone.warble_hz * at_s)
    wave *= 10 ** (tone.dbov / 20) / np.sqrt(np.mean(wave * wave))
    edge = np.clip(np.minimum(at_s, tone.on_s - at_s) / EDGE_S, 0, 1)
    burst = wave * np.sin(edge * np.pi / 2) ** 2
    silence = np.zeros(round(tone.off_s * rate_hz))
    samples = np.rint(np.concatenate([burst, silence]) * _FULL_SCALE).astype(np.int16)
    return Sound(samples=samples, rate_hz=rate_hz)
