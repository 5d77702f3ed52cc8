"""The files of phones: read while they are written, and judged only where they are long enough."""

import wave
from pathlib import Path

import pytest
import soundfile

from rokuon.selftest.speech_search import RATE, find
from tests.scenarios.hearing import heard, never_hears, read, spoken, write
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS

SAID = spoken(AGENT_SAYS)
OTHER = spoken(CUSTOMER_SAYS)


def test_a_file_of_eight_bits_is_read(tmp_path: Path) -> None:
    """pyVoIP writes such."""
    soundfile.write(tmp_path / "heard.wav", SAID, RATE, subtype="PCM_U8")

    assert heard(tmp_path / "heard.wav", AGENT_SAYS).score > 0.9
    never_hears(tmp_path / "heard.wav", CUSTOMER_SAYS)


def test_a_file_that_is_still_written_is_read_so_far(tmp_path: Path) -> None:
    """A test waits until something is heard, and needs no fixed time."""
    path = tmp_path / "heard.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(b"\1\0" * 100)
        file._file.flush()  # type: ignore[attr-defined]  # nothing else empties its buffer

        assert len(read(path)) == 100
    assert not heard(tmp_path / "none.wav", AGENT_SAYS)


def test_a_recording_that_is_too_short_proves_nothing(tmp_path: Path) -> None:
    """ "Was not heard" must not be said of a call that was too short for it."""
    soundfile.write(tmp_path / "heard.wav", SAID[: RATE // 2], RATE)

    with pytest.raises(AssertionError, match="too short"):
        never_hears(tmp_path / "heard.wav", CUSTOMER_SAYS)


def test_what_is_written_for_a_phone_is_what_was_said(tmp_path: Path) -> None:
    """The other phone's recording is compared with the same."""
    assert find(read(write(AGENT_SAYS, tmp_path)), SAID).score > 0.99
