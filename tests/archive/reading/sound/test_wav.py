"""WAV headers against a reader that nobody here wrote."""

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from archive.reading.sound.wav import WavShape, header


@pytest.mark.parametrize("channels", [1, 2, 3, 5])
def test_a_header_and_its_samples_open_elsewhere(channels: int) -> None:
    """A file that only we can open is no use to whoever asked to hear it."""
    samples = np.arange(40 * channels, dtype="<i2").reshape(-1, channels)
    shape = WavShape(channels=channels, sample_rate=8000, samples=40)

    heard, rate = soundfile.read(
        io.BytesIO(header(shape) + samples.tobytes()), dtype="int16", always_2d=True
    )

    assert rate == 8000
    assert np.array_equal(heard, samples)


def test_more_than_4_gib_is_rf64_and_opens_with_every_sample(tmp_path: Path) -> None:
    """A 32-bit size that wraps would show a fifty-hour recording as a short one."""
    shape = WavShape(channels=2, sample_rate=8000, samples=1 << 30)
    path = tmp_path / "long.wav"
    head = header(shape)
    path.write_bytes(head)
    with path.open("r+b") as file:
        file.truncate(len(head) + shape.data_bytes)

    seen = soundfile.info(path)

    assert (seen.format, seen.frames, seen.channels) == ("RF64", 1 << 30, 2)
