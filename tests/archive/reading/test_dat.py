"""Waveforms as audiowaveform writes them."""

import struct

from archive.reading.dat import encode_peaks
from archive.reading.recording import LanePeaks


def test_a_waveform_has_fifty_bins_a_second_at_any_rate() -> None:
    """Wideband legs are not told to be telephone speech, which would be half as fast."""
    head = encode_peaks([LanePeaks(b"\0", b"\1")], 16_000)[:24]

    assert struct.unpack("<iIiiIi", head)[2:4] == (16_000, 320)


def test_peaks_are_what_audiowaveform_writes() -> None:
    """Version 2, 8 bits: players draw it as it is."""
    lanes = [LanePeaks(b"\xff\xfe", b"\x01\x02"), LanePeaks(b"\xf0\xf1", b"\x10\x11")]

    content = encode_peaks(lanes, 8_000)

    assert struct.unpack_from("<iIiiIi", content) == (2, 1, 8000, 160, 2, 2)
    assert content[24:] == b"\xff\x01\xf0\x10" + b"\xfe\x02\xf1\x11"
