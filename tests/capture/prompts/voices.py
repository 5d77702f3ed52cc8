"""Sounds for the tests of prompts: a voice of the package, and WAV files made of samples."""

import io
from pathlib import Path

import numpy as np
import soundfile

import rokuon.prompts
from capture.prompts.sound import Sound, read_file, sound_in

NOTICE = Path(rokuon.prompts.__file__).parent / "notice-ja.flac"


def voice() -> Sound:
    """The Japanese notice, 16,000 samples a second."""
    return sound_in(read_file(NOTICE))


def sine(hz: float, dbov: float, seconds: float, rate_hz: int = 16_000) -> np.ndarray:
    """A tone whose power is `dbov`, in fractions of full scale."""
    at_s = np.arange(round(seconds * rate_hz)) / rate_hz
    return np.sqrt(2) * 10 ** (dbov / 20) * np.sin(2 * np.pi * hz * at_s)


def sixteen_bits(samples: np.ndarray) -> np.ndarray:
    """Fractions of full scale as samples; what is larger is cut."""
    return np.clip(np.rint(samples * 32_768), -32_768, 32_767).astype(np.int16)


def wav(samples: np.ndarray, rate_hz: int = 16_000, subtype: str = "PCM_16") -> bytes:
    """A WAV file of fractions of full scale; two dimensions are channels."""
    file = io.BytesIO()
    soundfile.write(file, np.clip(samples, -1, 1), rate_hz, format="WAV", subtype=subtype)
    return file.getvalue()


def snr_db(meant: np.ndarray, got: np.ndarray) -> float:
    """How far the difference lies below what was meant."""
    wanted, heard = meant.astype(float), got.astype(float)
    return float(10 * np.log10((wanted**2).sum() / ((wanted - heard) ** 2).sum()))


def likeness(meant: np.ndarray, got: np.ndarray, within: int) -> float:
    """The correlation at the displacement, of at most `within` samples, where it is greatest."""
    wanted, heard = meant.astype(float), got.astype(float)
    length = min(len(wanted), len(heard)) - within
    return max(
        float(np.corrcoef(wanted[:length], heard[shift : shift + length])[0, 1])
        for shift in range(within)
    )
