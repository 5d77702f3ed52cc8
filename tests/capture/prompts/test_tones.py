"""The tones that are computed."""

import numpy as np
import pytest

from capture.prompts.tones import (
    COMFORT_TONE,
    RECORDING_BEEP,
    RINGBACK_EUROPE,
    RINGBACK_JAPAN,
    RINGBACK_NORTH_AMERICA,
    TONE_DBOV,
    TONES,
    Tone,
    sound_of,
)

RATE = 16_000


def strongest(samples: np.ndarray, count: int) -> list[int]:
    """The frequencies, in whole Hz, of the highest lines of a second of sound."""
    spectrum = np.abs(np.fft.rfft(samples[:RATE] * np.hanning(RATE)))
    peaks = np.flatnonzero((spectrum[1:-1] > spectrum[:-2]) & (spectrum[1:-1] > spectrum[2:])) + 1
    return sorted(int(peak) for peak in peaks[np.argsort(spectrum[peaks])][-count:])


@pytest.mark.parametrize(
    ("tone", "lines"),
    [
        (RINGBACK_JAPAN, [384, 400, 416]),
        (RINGBACK_EUROPE, [425]),
        (RINGBACK_NORTH_AMERICA, [440, 480]),
    ],
)
def test_a_ringing_tone_has_the_frequencies_of_its_country(tone: Tone, lines: list[int]) -> None:
    """Japan's is one tone that swings sixteen times a second: two lines beside it."""
    assert strongest(sound_of(tone, RATE).samples, len(lines)) == lines


@pytest.mark.parametrize(
    ("tone", "on_s", "period_s"),
    [
        (RINGBACK_JAPAN, 1.0, 3.0),
        (RINGBACK_EUROPE, 1.0, 5.0),
        (RINGBACK_NORTH_AMERICA, 2.0, 6.0),
        (RECORDING_BEEP, 0.2, 0.2),
    ],
)
def test_a_tone_sounds_and_is_silent_as_long_as_people_know_it(
    tone: Tone, on_s: float, period_s: float
) -> None:
    """Played in a loop it keeps its cadence; nothing is left of it in the pause."""
    sound = sound_of(tone, RATE)
    heard = np.flatnonzero(sound.samples)

    assert sound.seconds == period_s
    assert heard[-1] / RATE == pytest.approx(on_s, abs=0.005)
    assert heard[0] / RATE == pytest.approx(0, abs=0.005)


def test_the_beep_has_1400_hertz() -> None:
    """Five hundred zero crossings a second would be a hum."""
    samples = sound_of(RECORDING_BEEP, RATE).samples
    spectrum = np.abs(np.fft.rfft(samples))

    assert spectrum.argmax() * RATE / len(samples) == 1_400


def test_comfort_is_no_ringing_tone() -> None:
    """A tick every three seconds, far below a prompt: nobody takes it for ringing."""
    assert (COMFORT_TONE.on_s, COMFORT_TONE.on_s + COMFORT_TONE.off_s) == (0.1, 3.0)
    assert COMFORT_TONE.dbov <= TONE_DBOV - 10


@pytest.mark.parametrize("tone", TONES, ids=lambda tone: tone.name)
def test_a_tone_is_as_loud_as_it_says_and_begins_without_a_click(tone: Tone) -> None:
    """Within 1 dB for its soft edges; the first and the last sample are next to nothing."""
    burst = sound_of(tone, RATE).samples[: round(tone.on_s * RATE)] / 32_768
    power_db = 10 * np.log10(np.mean(burst**2))

    assert power_db == pytest.approx(tone.dbov, abs=1)
    assert max(abs(burst[0]), abs(burst[-1])) < 0.001


@pytest.mark.parametrize("tone", TONES, ids=lambda tone: tone.name)
@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 48_000])
def test_a_tone_is_whole_packets_long(tone: Tone, rate_hz: int) -> None:
    """Else every round of the loop would add silence to the pause."""
    assert len(sound_of(tone, rate_hz).samples) % (rate_hz // 50) == 0
