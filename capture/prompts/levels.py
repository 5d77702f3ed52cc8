"""How loud a prompt is, where its speech begins, whether it was cut at full scale.

Pure numpy on samples of 16 bits. Knows nothing of files or of which level is right.

0 dBov is the power of a square wave at full scale, so a sine at full scale has -3.01 dBov. The
active speech level follows the idea of ITU-T P.56, method B: what lies 15.9 dB below the level of
the rest, and has done so for 200 ms, is a pause and does not count. Ours looks at the power of
blocks of 20 ms where P.56 has an envelope.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Audio = NDArray[np.int16]
FULL_SCALE: Final = 32_768
BLOCK_MS: Final = 20
# Below it nothing is heard on a telephone: the step of G.711 at rest is about -72 dBov.
SILENCE_DBOV: Final = -60.0
MARGIN_DB: Final = 15.9
HANGOVER_MS: Final = 200
# Each round moves the threshold by less; a handful is enough for 0.1 dB.
MAX_ROUNDS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """`active_dbov` is `SILENCE_DBOV` where nothing is heard; shares are of all samples."""

    active_dbov: float
    peak_dbov: float
    clipped_share: float
    leading_silence_s: float

    @property
    def is_silent(self) -> bool:
        """Whether nothing is heard at all."""
        return self.active_dbov <= SILENCE_DBOV


def levels_of(samples: Audio, rate_hz: int) -> Levels:
    """Everything there is to say about the level of a sound."""
    size = np.abs(samples.astype(np.int32))
    heard = np.flatnonzero(_block_powers(samples, rate_hz) > _power(SILENCE_DBOV))
    first = int(heard[0]) * BLOCK_MS / 1_000 if len(heard) else len(samples) / rate_hz
    return Levels(
        active_dbov=active_level_dbov(samples, rate_hz),
        peak_dbov=_dbov((int(size.max(initial=0)) / FULL_SCALE) ** 2),
        clipped_share=float(np.mean(size >= FULL_SCALE - 1)) if len(size) else 0.0,
        leading_silence_s=first,
    )


def active_level_dbov(samples: Audio, rate_hz: int) -> float:
    """The level of the speech without its pauses; `SILENCE_DBOV` where there is none."""
    powers = _block_powers(samples, rate_hz)
    active = powers > _power(SILENCE_DBOV)
    level = SILENCE_DBOV
    for _ in range(MAX_ROUNDS):
        if not active.any():
            return SILENCE_DBOV
        before, level = level, _dbov(float(powers[active].mean()))
        if level == before:
            break
        threshold = max(level - MARGIN_DB, SILENCE_DBOV)
        active = _with_hangover(powers > _power(threshold))
    return level


def _block_powers(samples: Audio, rate_hz: int) -> NDArray[np.float64]:
    """The mean power of each whole block, 1 being full scale."""
    size = rate_hz * BLOCK_MS // 1_000
    blocks = samples[: len(samples) // size * size].reshape(-1, size) / FULL_SCALE
    powers: NDArray[np.float64] = np.mean(blocks * blocks, axis=1)
    return powers


def _with_hangover(active: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Count the blocks that follow speech as speech: a word has gaps in it."""
    spread = active.copy()
    for behind in range(1, HANGOVER_MS // BLOCK_MS + 1):
        spread[behind:] |= active[:-behind]
    return spread


def _power(dbov: float) -> float:
    return float(10 ** (dbov / 10))


def _dbov(power: float) -> float:
    return max(float(10 * np.log10(power)), -120.0) if power > 0 else -120.0
