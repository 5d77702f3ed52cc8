"""Tests of the committed speech."""

import hashlib
import re
from importlib import resources

import numpy as np
import pytest

from rokuon.selftest.speech_files import PACKET_SAMPLES, Language, Side, continuous_speech, speech

SILENCE = 0xFF
MAX_BYTES = 1_500_000


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("side", Side)
def test_each_file_is_the_one_whose_provenance_is_written_down(
    language: Language, side: Side
) -> None:
    """A licence is stated for exactly these bytes."""
    readme = (resources.files("rokuon.selftest") / "speech" / "README.md").read_text("utf-8")
    row = re.search(rf"`{language}-{side}\.ulaw`.*`([0-9a-f]{{64}})`", readme)

    assert row is not None
    assert hashlib.sha256(speech(language, side)).hexdigest() == row[1]


@pytest.mark.parametrize("language", Language)
def test_the_two_sides_of_a_call_fit_side_by_side_and_take_turns(language: Language) -> None:
    """Played together they are a conversation: each is heard, and never both at once."""
    customer, agent = (np.frombuffer(speech(language, side), np.uint8) for side in Side)

    assert len(customer) == len(agent)
    assert len(customer) % PACKET_SAMPLES == 0
    assert (customer != SILENCE).any()
    assert (agent != SILENCE).any()
    assert not ((customer & 0x7F < 0x50) & (agent & 0x7F < 0x50)).any()


def test_the_speech_stays_small_enough_to_be_part_of_the_package() -> None:
    """Everybody who installs Rokuon carries it."""
    assert sum(len(speech(language, side)) for language in Language for side in Side) < MAX_BYTES


@pytest.mark.parametrize("side", Side)
def test_continuous_speech_has_no_turn_of_silence(side: Side) -> None:
    """Whoever listens at any moment hears something; nothing that is said is left out."""
    whole = continuous_speech(Language.JAPANESE, side)
    packets = [whole[at : at + PACKET_SAMPLES] for at in range(0, len(whole), PACKET_SAMPLES)]

    assert bytes([SILENCE]) * PACKET_SAMPLES not in packets
    assert len(packets) > 500
