"""One channel of sound, and reading it from the audio file of a prompt.

Knows files, by libsndfile; nothing of codecs or of what is good enough to be played.
"""

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import soundfile
from numpy.typing import NDArray

from capture.errors import CaptureError

Audio = NDArray[np.int16]
# A minute of stereo at 48 kHz and 32 bits fits twice; what is bigger is no prompt.
MAX_FILE_BYTES: Final = 48 << 20
# The rates of telephony and of studios; from each of them every codec's rate can be made.
RATES_HZ: Final = (8_000, 16_000, 32_000, 44_100, 48_000)
# Whoever calls waits for the end of it.
MAX_SECONDS: Final = 60.0
# FLAC keeps PCM as it is; it is what our own prompts are stored as.
LOSSLESS_FORMATS: Final = frozenset({"WAV", "WAVEX", "RF64", "FLAC"})


class SoundUnreadable(CaptureError):
    """A file is no sound that we can read; says why."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sound:
    """Samples of one channel, 16 bits each, so many a second."""

    samples: Audio
    rate_hz: int

    def __post_init__(self) -> None:
        assert self.samples.ndim == 1
        assert self.rate_hz > 0

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate_hz


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundShape:
    """What an audio file's head says."""

    is_lossless: bool
    encoding: str
    channels: int
    rate_hz: int
    frames: int

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.frames / self.rate_hz


def read_file(path: Path) -> bytes:
    """The bytes of an audio file. Raises `SoundUnreadable` for one too big, or `OSError`."""
    with path.open("rb") as file:
        content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise SoundUnreadable(f"larger than {MAX_FILE_BYTES >> 20} MiB")
    return content


def shape_of(content: bytes) -> SoundShape:
    """What a file's head says of it. Raises `SoundUnreadable`."""
    try:
        head = soundfile.info(io.BytesIO(content))
    except soundfile.LibsndfileError as broken:
        raise SoundUnreadable(broken.error_string) from broken
    return SoundShape(
        is_lossless=head.format in LOSSLESS_FORMATS and head.subtype.startswith("PCM_"),
        encoding=f"{head.format} {head.subtype}",
        channels=head.channels,
        rate_hz=head.samplerate,
        frames=head.frames,
    )


def sound_in(content: bytes) -> Sound:
    """The sound of a file of one channel, not too long. Raises `SoundUnreadable`."""
    shape = shape_of(content)
    if shape.channels != 1:
        raise SoundUnreadable(f"{shape.channels} channels")
    if shape.rate_hz not in RATES_HZ:
        raise SoundUnreadable(f"{shape.rate_hz} samples a second")
    if not 0 < shape.seconds <= MAX_SECONDS:
        raise SoundUnreadable(f"{shape.seconds:.0f} s long")
    try:
        samples, rate_hz = soundfile.read(io.BytesIO(content), dtype="int16")
    except soundfile.LibsndfileError as broken:
        raise SoundUnreadable(broken.error_string) from broken
    return Sound(samples=samples, rate_hz=rate_hz)


def sha256_of(content: bytes) -> str:
    """What evidence calls these bytes."""
    return hashlib.sha256(content).hexdigest()
