"""Reading the audio file of a prompt."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from capture.prompts import sound
from capture.prompts.sound import (
    MAX_SECONDS,
    Sound,
    SoundUnreadable,
    read_file,
    sha256_of,
    shape_of,
    sound_in,
)
from tests.capture.prompts.voices import sine, sixteen_bits, wav


def test_the_samples_of_a_file_are_read_as_they_are() -> None:
    """To the bit."""
    samples = sine(440, -20, 1.5, 44_100)
    read = sound_in(wav(samples, 44_100))

    assert np.abs(read.samples.astype(int) - sixteen_bits(samples)).max() <= 1
    assert (read.rate_hz, read.seconds) == (44_100, 1.5)


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32"])
def test_pcm_of_any_depth_is_lossless(subtype: str) -> None:
    """Studios deliver 24 bits."""
    shape = shape_of(wav(sine(440, -20, 1), subtype=subtype))

    assert shape.is_lossless
    assert (shape.channels, shape.rate_hz, shape.frames, shape.seconds) == (1, 16_000, 16_000, 1)


@pytest.mark.parametrize("subtype", ["ULAW", "IMA_ADPCM", "FLOAT"])
def test_what_is_no_pcm_is_told_by_its_name(subtype: str) -> None:
    """Whoever is asked for another file must know what this one is."""
    shape = shape_of(wav(sine(440, -20, 1), subtype=subtype))

    assert not shape.is_lossless
    assert subtype in shape.encoding


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "."),
        (b"RIFF of another kind", "."),
        (wav(np.zeros((16_000, 2))), "2 channels"),
        (wav(np.zeros(11_025), 11_025), "11025"),
        (wav(np.zeros(0)), "0 s"),
        (wav(np.zeros(round((MAX_SECONDS + 1) * 8_000)), 8_000), "61 s"),
    ],
    ids=["empty", "torn", "stereo", "rate", "no samples", "long"],
)
def test_what_cannot_be_a_prompt_is_not_read(content: bytes, why: str) -> None:
    """A long file at an odd rate would cost gigabytes once it is raised to that of Opus."""
    with pytest.raises(SoundUnreadable, match=why):
        sound_in(content)


def test_a_file_without_its_end_is_read_as_far_as_it_goes() -> None:
    """A copy that was cut off is shorter, and the check of its length says so."""
    assert sound_in(wav(sine(440, -20, 2))[:32_044]).seconds == 1


def test_a_file_that_is_too_large_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slip in a path may name a disk image."""
    monkeypatch.setattr(sound, "MAX_FILE_BYTES", 10)
    (tmp_path / "fits").write_bytes(bytes(10))
    (tmp_path / "large").write_bytes(bytes(11))

    assert read_file(tmp_path / "fits") == bytes(10)
    with pytest.raises(SoundUnreadable, match="larger"):
        read_file(tmp_path / "large")


def test_a_digest_is_that_of_the_files_bytes() -> None:
    """What `sha256sum` prints."""
    assert sha256_of(b"words") == hashlib.sha256(b"words").hexdigest()


def test_a_sound_has_one_channel() -> None:
    """Two would be played at double length."""
    with pytest.raises(AssertionError):
        Sound(samples=np.zeros((160, 2), np.int16), rate_hz=8_000)
