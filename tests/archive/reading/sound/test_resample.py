"""From one rate to another."""

import numpy as np
import pytest

from archive.reading.sound.resample import resample

RATES = [
    (8_000, 16_000),
    (48_000, 16_000),
    (32_000, 16_000),
    (32_000, 48_000),
    (44_100, 8_000),
    (44_100, 16_000),
    (44_100, 48_000),
]


def tone(hz: float, rate: int) -> np.ndarray:
    at = np.arange(rate) / rate
    return np.rint(8_000 * np.sin(2 * np.pi * hz * at)).astype(np.int16)


@pytest.mark.parametrize(("from_hz", "to_hz"), RATES)
@pytest.mark.parametrize("hz", [50, 440, 3_000, 3_400])
def test_what_both_rates_can_carry_stays_where_it_is(from_hz: int, to_hz: int, hz: int) -> None:
    """Neither moved nor weakened by more than 0.2 dB: it is the same tone."""
    made = resample(tone(hz, from_hz), from_hz, to_hz).astype(float)
    inside = slice(1_000, -1_000)

    assert np.abs(made - tone(hz, to_hz))[inside].max() < 160


@pytest.mark.parametrize(
    ("from_hz", "hz"),
    [(48_000, 9_000), (48_000, 14_000), (32_000, 9_000), (44_100, 9_000), (44_100, 14_000)],
)
def test_what_the_line_cannot_carry_is_gone(from_hz: int, hz: int) -> None:
    """Else it would come back as another tone."""
    made = resample(tone(hz, from_hz), from_hz, 16_000)

    assert np.abs(made[1_000:-1_000]).max() < 20


def test_a_raised_sound_has_no_mirror_of_itself() -> None:
    """A tone of 3 kHz at 8 kHz has a twin at 5 kHz that nobody spoke."""
    made = resample(tone(3_000, 8_000), 8_000, 16_000)
    spectrum = np.abs(np.fft.rfft(made[4_000:12_000]))

    assert spectrum[2_500] < spectrum[1_500] / 1_000


def test_the_same_rate_is_the_same_sound() -> None:
    """To the byte."""
    samples = tone(440, 8_000)

    assert resample(samples, 8_000, 8_000) is samples


@pytest.mark.parametrize("length", [1, 7, 441, 4_409])
def test_a_sound_of_any_length_keeps_its_length_in_time(length: int) -> None:
    """Rates that do not divide each other end on a sample all the same, at most one later."""
    made = resample(np.full(length, 1_000, np.int16), 44_100, 16_000)

    assert len(made) == -(-length * 160 // 441)
