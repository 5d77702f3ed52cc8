"""What payloads hold, and how long they last."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from archive.call.codecs import CODECS
from archive.call.events import Format
from archive.reading.sound.payloads import payload_ticks, pieces
from tests.archive.reading.scenes import DIGITS, OPUS
from tests.archive.reading.vectors import NAMES, form_of, payloads


def form(encoding: str, clock_rate_hz: int = 8_000, fmtp: str = "") -> Format:
    return Format(payload_type=96, encoding=encoding, clock_rate_hz=clock_rate_hz, fmtp=fmtp)


def ticks(of: Format, *found: bytes) -> list[int]:
    """How long each payload lasts, all of them laid in one buffer."""
    lengths = np.array([len(payload) for payload in found])
    data = np.frombuffer(b"".join(found), np.uint8)
    found_ticks = payload_ticks(of, data, np.cumsum(lengths) - lengths, lengths)
    return [int(each) for each in found_ticks]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "g729b"])
def test_a_foreign_encoders_packets_last_until_the_next(name: str) -> None:
    """Timestamps of who made them are the witness."""
    begins, found = zip(*payloads(name), strict=True)
    lasted = ticks(form_of(name), *found)

    assert lasted[:-1] == np.diff(begins).tolist()
    for payload, length in zip(found, lasted, strict=True):
        assert sum(piece.ticks for piece in pieces(form_of(name), payload)) == length


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (0b01001_000, None, 960),
        (0b00011_001, None, 5_760),
        (0b10000_011, 48, 5_760),
        (0b10000_011, 49, 0),
        (0b11111_011, 0, 0),
        (0b01101_010, None, 1_920),
    ],
)
def test_opus_tells_its_length_in_its_first_byte(
    first: int, second: int | None, expected: int
) -> None:
    """RFC 6716 §3.1; nothing lasts longer than 120 ms."""
    payload = bytes([first] if second is None else [first, second])

    assert sum(piece.ticks for piece in pieces(OPUS, payload)) == expected


def test_a_short_frame_at_the_end_of_g729_is_a_pause() -> None:
    """RFC 3551 §4.5.6: two bytes, and how loud it is (ITU-T G.729 Annex B)."""
    speech, pause = pieces(form("G729"), bytes(10) + b"\x00\x0c")

    assert (speech.ticks, speech.noise) == (80, None)
    assert pause.ticks == 80
    assert pause.noise == pytest.approx(10 ** (16 / 20))
    assert pieces(form("G729"), bytes(11)) == [speech]


def test_the_mode_of_ilbc_is_the_one_that_fits() -> None:
    """RFC 3952: 30 ms unless the offer says else; a sender that does not keep to it is heard."""
    for fmtp, size, expected in (("", 50, 240), ("mode=20", 38, 160), ("mode=30", 76, 320)):
        assert ticks(form("iLBC", fmtp=fmtp), bytes(size)) == [expected]
    assert ticks(form("iLBC"), bytes(51)) == [240]


def test_comfort_noise_has_the_level_that_it_names() -> None:
    """RFC 3389 §3: 0 is as loud as can be, 127 is nothing."""
    (loud,) = pieces(form("CN"), b"\x00")
    (quiet,) = pieces(form("CN"), b"\x28\x80\x80")

    assert loud.noise == 32_768
    assert quiet.noise == pytest.approx(327.68)
    assert pieces(form("CN"), b"") == ()


def test_what_is_no_speech_lasts_a_tick_a_byte() -> None:
    """Nobody knows better; the time map was always made like this."""
    assert ticks(DIGITS, bytes(4)) == [4]
    assert ticks(form("EVS", 16_000), bytes(30), bytes(7)) == [30, 7]
    assert pieces(form("EVS", 16_000), bytes(30)) == ()
    assert ticks(form("L16", 16_000), bytes(641)) == [320]


@given(st.sampled_from(CODECS), st.binary(max_size=200))
def test_any_payload_of_any_codec_is_cut_without_a_complaint(codec: object, payload: bytes) -> None:
    """Both ways of counting agree, by length and piece by piece."""
    of = form(codec.encoding, codec.clock_rate_hz)  # type: ignore[attr-defined]  # of the table

    assert ticks(of, payload) == [sum(piece.ticks for piece in pieces(of, payload))]
