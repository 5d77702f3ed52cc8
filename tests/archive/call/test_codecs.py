"""Which formats can be decoded at all."""

import pytest

from archive.call.codecs import CODECS, codec_of, parameters


@pytest.mark.parametrize(
    ("encoding", "clock_hz", "rate_hz"),
    [
        ("pcmu", 8_000, 8_000),
        ("G722", 8_000, 16_000),
        ("opus", 48_000, 16_000),
        ("AMR-WB", 16_000, 16_000),
        ("speex", 32_000, 16_000),
        ("iLBC", 8_000, 8_000),
        ("L16", 48_000, 16_000),
    ],
)
def test_a_recording_is_rendered_as_wide_as_its_codecs_are(
    encoding: str, clock_hz: int, rate_hz: int
) -> None:
    """The clock of the timestamps says nothing of it (RFC 3551 §4.5.2, RFC 7587 §4.1)."""
    codec = codec_of(encoding, clock_hz)

    assert codec is not None
    assert codec.line_rate_hz == rate_hz


@pytest.mark.parametrize(
    ("encoding", "clock_hz", "channels", "fmtp"),
    [
        ("EVS", 16_000, 1, ""),
        ("G723", 8_000, 1, ""),
        ("PCMU", 16_000, 1, ""),
        ("L16", 44_100, 1, ""),
        ("L16", 8_000, 2, ""),
        ("AMR", 8_000, 2, ""),
        ("AMR", 8_000, 1, "octet-align=1; interleaving=30"),
        ("AMR-WB", 16_000, 1, "crc=1"),
        ("AMR-WB", 16_000, 1, "octet-align=1;robust-sorting=1"),
        ("telephone-event", 8_000, 1, ""),
    ],
)
def test_what_nobody_decodes_is_not_in_the_table(
    encoding: str, clock_hz: int, channels: int, fmtp: str
) -> None:
    """Noise in place of words would be worse than a refusal."""
    assert codec_of(encoding, clock_hz, channels, fmtp) is None


def test_opus_always_says_two_channels_and_amr_may_say_what_it_does_not_do() -> None:
    """RFC 7587 §7 and the defaults of RFC 4867 §8.1."""
    assert codec_of("opus", 48_000, 2, "stereo=0") is not None
    assert codec_of("AMR", 8_000, 1, "octet-align=1; crc=0") is not None


def test_parameters_are_found_whatever_their_spelling() -> None:
    """Clients write them with and without spaces, in any case, with and without a value."""
    assert parameters("Octet-Align = 1;mode-set=0,2 ;; crc") == {
        "octet-align": "1",
        "mode-set": "0,2",
        "crc": "1",
    }
    assert parameters("") == {}


def test_no_rate_is_one_that_the_line_cannot_be_made_of() -> None:
    """Filters go from one rate to a multiple of it."""
    for codec in CODECS:
        low, high = sorted((codec.sample_rate_hz, codec.line_rate_hz))
        assert high % low == 0
        assert codec.sample_rate_hz % 50 == 0
