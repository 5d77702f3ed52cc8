"""Whether the file of a phone contains what somebody said: from which second on, and how well.

The comparison is the self-test's own. Knows nothing of calls.
"""

import struct
from pathlib import Path

import numpy as np
import soundfile

from rokuon.selftest.speech_search import RATE, Place, Signal, find
from tests.scenarios.senders import SPEECH, Speech
from tests.scenarios.waiting import until


def heard(recording: Path, said: Speech) -> Place:
    """The best place of a stretch of speech in a WAV file; nowhere in one that is not there yet."""
    if not recording.exists():
        return Place(0.0, 0.0)
    return find(read(recording), spoken(said))


def hears(recording: Path, said: Speech, *, within_s: float = 8.0) -> Place:
    """The same while somebody still records, as soon as it is there. Raises `NeverCame`."""
    return until(
        lambda: heard(recording, said) or None, f"{said} in {recording}", within_s=within_s
    )


def never_hears(recording: Path, said: Speech) -> None:
    """It is not there, and the recording is long enough to have held it."""
    assert len(read(recording)) >= said.seconds * RATE, "too short to prove anything"
    assert not heard(recording, said)


def spoken(said: Speech) -> Signal:
    """A stretch of the self-test's speech."""
    first, count = int(said.from_s * RATE), int(said.seconds * RATE)
    samples, _ = soundfile.read(
        SPEECH / said.file, samplerate=RATE, channels=1, format="RAW", subtype="ULAW",
        start=first, frames=count,
    )  # fmt: skip
    return np.asarray(samples, np.float64)


def read(recording: Path, side: int = 0) -> Signal:
    """One side of a WAV file of 8 kHz, of 8 or 16 bit; one that is still written is read so far."""
    with recording.open("rb") as file:
        data = file.read()
    form, begin = data.find(b"fmt ") + 8, data.find(b"data") + 8
    if form < 8 or begin < 8:
        return np.zeros(0)
    sides, rate = struct.unpack_from("<HI", data, form + 2)
    (bits,) = struct.unpack_from("<H", data, form + 14)
    assert rate == RATE, f"{recording}: {rate} Hz"
    whole = len(data) - (len(data) - begin) % (sides * bits // 8)
    numbers = np.frombuffer(data[begin:whole], "<i2" if bits == 16 else "u1").astype(np.float64)
    return (numbers if bits == 16 else numbers - 128)[side::sides]


def write(said: Speech, folder: Path) -> Path:
    """The same as a WAV file, for a phone to say."""
    file = folder / f"{Path(said.file).stem}-{said.from_s}-{said.seconds}.wav"
    soundfile.write(file, spoken(said), RATE, subtype="PCM_16")
    return file
