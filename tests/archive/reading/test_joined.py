"""Several recordings on one time line."""

import wave
from collections.abc import Sequence
from io import BytesIO

import numpy as np
import pytest

from archive.reading.joined import Joined, Placed
from archive.reading.sound.wav import WavShape, header


class Tone:
    """A rendering of one constant value per channel."""

    def __init__(self, values: Sequence[int], samples: int, rate: int = 8000) -> None:
        self.channels = len(values)
        self.samples = samples
        self.shape = WavShape(channels=len(values), sample_rate=rate, samples=samples)
        self.etag = repr((tuple(values), samples))
        sound = np.tile(np.array(values, "<i2"), (samples, 1)).tobytes()
        self.content = header(self.shape) + sound
        self.total_bytes = len(self.content)

    def read(self, start: int, stop: int) -> bytes:
        """A range of the bytes."""
        return self.content[start:stop]


def joined(*tones: tuple[Tone, int]) -> Joined:
    """Tones, each from its sample on."""
    return Joined([Placed(tone, first) for tone, first in tones])  # type: ignore[arg-type]  # a fake


def samples(sound: bytes) -> list[list[int]]:
    """Samples of a WAV, channel by channel within each."""
    with wave.open(BytesIO(sound)) as file:
        data = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return data.reshape(-1, file.getnchannels()).tolist()


def test_recordings_of_a_call_keep_their_distance() -> None:
    """A transfer: the second recording begins when it began, with silence before it."""
    both = joined((Tone([5], 2), 0), (Tone([7, 8], 1), 4))

    assert samples(both.read(0, both.total_bytes)) == [[5, 0], [5, 0], [0, 0], [0, 0], [7, 8]]


def test_a_call_has_the_rate_of_its_recordings() -> None:
    """Wideband legs are not told to be telephone speech, which would be half as fast."""
    both = joined((Tone([5], 2, 16_000), 0), (Tone([7], 1, 16_000), 4))
    with wave.open(BytesIO(both.read(0, both.total_bytes))) as file:
        assert file.getframerate() == 16_000


def test_what_overlaps_is_added_up_without_wrapping_round() -> None:
    """Two loud voices at once must not become noise."""
    both = joined((Tone([30_000], 2), 0), (Tone([30_000], 2), 1))

    assert samples(both.read(0, both.total_bytes)) == [[30_000], [32_767], [30_000]]


@pytest.mark.parametrize("width", [1, 3, 44, 1000])
def test_any_ranges_together_are_the_whole(width: int) -> None:
    """A player that seeks hears the same bytes."""
    both = joined((Tone([5, 6], 5), 1), (Tone([7], 3), 4))
    whole = both.read(0, both.total_bytes)
    pieces = [both.read(at, at + width) for at in range(0, both.total_bytes, width)]

    assert b"".join(pieces) == whole
    assert len(whole) == both.total_bytes
    assert both.read(both.total_bytes, both.total_bytes + 5) == b""


def test_the_tag_changes_with_what_is_heard() -> None:
    """A cache must not mix two states of a call."""
    tags = {joined((Tone([5], 2), first)).etag for first in (0, 1)} | {
        joined((Tone([6], 2), 0)).etag
    }

    assert len(tags) == 3
