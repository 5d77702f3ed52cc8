"""The correction of a clock's skew in steps: whole packets are moved, no sample is made anew.

Pure arithmetic. Knows nothing of how the skew was found, of spans or of samples.
"""

from typing import Final, TypeVar

from archive.reading.packets.rtp import Column

# A multiple of a sample at 8, 16, 24, 32 and 48 kHz; shorter than a pitch period of most voices.
STEP_US: Final = 4_000
MICRO: Final = 1_000_000
BILLION: Final = 1_000_000_000
_STEP: Final = STEP_US * BILLION

Elapsed = TypeVar("Elapsed", int, Column)


def correction_us(elapsed_us: Elapsed, skew_ppb: int) -> Elapsed:
    """How much later than by its timestamp a packet lies: the whole steps nearest to the skew.

    Known from the timestamp alone, so that every range that is rendered moves a packet alike.
    """
    return (elapsed_us * skew_ppb + _STEP // 2) // _STEP * STEP_US
