"""Encoding G.711, against an encoder that nobody here wrote and against our own decoder."""

import io

import numpy as np
import pytest
import soundfile

from archive.reading.sound.g711 import Law, decode
from capture.prompts.encoder import encode_law

EVERY_SAMPLE = np.arange(-32_768, 32_768).astype(np.int16)
SUBTYPES: dict[Law, str] = {"PCMU": "ULAW", "PCMA": "ALAW"}
# Minus nothing is a code that only a decoder meets.
MINUS_ZERO = 0x7F


@pytest.mark.parametrize("law", SUBTYPES)
def test_every_sample_gets_the_code_that_libsndfile_gives_it(law: Law) -> None:
    """A wrong decision value is noise in every prompt."""
    file = io.BytesIO()
    soundfile.write(file, EVERY_SAMPLE, 8_000, format="RAW", subtype=SUBTYPES[law])

    assert encode_law(EVERY_SAMPLE, law) == file.getvalue()


@pytest.mark.parametrize("law", SUBTYPES)
def test_what_is_decoded_encodes_to_the_code_it_came_from(law: Law) -> None:
    """The two directions are inverses, so audio does not wear out."""
    codes = np.arange(256, dtype=np.uint8)
    again = np.frombuffer(encode_law(decode(codes, law), law), np.uint8)

    assert [code for code in codes if again[code] != code and code != MINUS_ZERO] == []


@pytest.mark.parametrize(("law", "silence"), [("PCMU", 0xFF), ("PCMA", 0xD5)])
def test_silence_is_the_code_of_silence(law: Law, silence: int) -> None:
    """Gateways know a quiet line by it."""
    assert encode_law(np.zeros(160, np.int16), law) == bytes([silence]) * 160
