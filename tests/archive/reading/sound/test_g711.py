"""The G.711 tables against a decoder that nobody here wrote."""

import io
import struct

import numpy as np
import pytest
import soundfile

from archive.reading.sound import g711

ALL_CODES = np.arange(256, dtype=np.uint8)
WAV_TAGS: dict[g711.Law, int] = {"PCMA": 6, "PCMU": 7}


def headered(payload: bytes, tag: int) -> io.BytesIO:
    layout = struct.pack("<HHIIHH", tag, 1, 8000, 8000, 1, 8)
    body = b"WAVEfmt " + struct.pack("<I", len(layout)) + layout
    body += b"data" + struct.pack("<I", len(payload)) + payload
    return io.BytesIO(b"RIFF" + struct.pack("<I", len(body)) + body)


@pytest.mark.parametrize("law", WAV_TAGS)
def test_all_256_codes_decode_as_libsndfile_decodes_them(law: g711.Law) -> None:
    """A wrong table entry is noise in every recording, so each code has an outside witness."""
    expected, _ = soundfile.read(headered(ALL_CODES.tobytes(), WAV_TAGS[law]), dtype="int16")

    assert np.array_equal(g711.decode(ALL_CODES, law), expected)


def test_a_table_cannot_be_changed_by_who_reads_it() -> None:
    """One stray write would change every later recording of the process."""
    with pytest.raises(ValueError, match="read-only"):
        g711.TABLES["PCMU"][0] = 1
