"""Decoders of single frames, and what is said where there is none."""

import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from archive.call.codecs import CODECS
from archive.call.events import Format
from archive.reading.sound import g711
from archive.reading.sound.decoders import can_decode, open_decoder, refusal
from archive.reading.sound.formats import CodecUnavailable
from archive.reading.sound.payloads import pieces
from tests import ROOT
from tests.archive.reading.scenes import DIGITS, OPUS, PCMU
from tests.archive.reading.vectors import NAMES, form_of, payloads, pyav, reference, without_pyav

__all__ = ["pyav", "without_pyav"]
FOREIGN = [
    Format(payload_type=96, encoding=codec.encoding, clock_rate_hz=codec.clock_rate_hz)
    for codec in CODECS
    if codec.decoders
]
EVS = Format(payload_type=96, encoding="EVS", clock_rate_hz=16_000)


@pytest.mark.usefixtures("pyav")
@pytest.mark.parametrize("name", [name for name in NAMES if name != "g729b"])
def test_frame_by_frame_each_codec_gives_as_many_samples_as_its_own_decoder(name: str) -> None:
    """None keeps a frame back: what a packet says lies where its timestamp does."""
    form = form_of(name)
    frames = [piece for _, payload in payloads(name) for piece in pieces(form, payload)]
    decoder = open_decoder(form, frames[0].data)
    samples, rate = reference(name)

    for piece in frames:
        lasts = piece.ticks * rate // form.clock_rate_hz
        assert len(decoder.decode(piece.data)) == lasts
    assert sum(piece.ticks for piece in frames) * rate // form.clock_rate_hz == len(samples)


@pytest.mark.usefixtures("pyav")
@pytest.mark.parametrize("name", [name for name in NAMES if name != "g729b"])
@pytest.mark.parametrize("first", [0, 40])
def test_no_decoder_begins_with_a_bang(name: str, first: int) -> None:
    """From nothing, at the begin of a call or in its middle; FFmpeg's iLBC would."""
    form = form_of(name)
    frames = [piece for _, payload in payloads(name) for piece in pieces(form, payload)]
    samples, rate = reference(name)
    lasts = frames[0].ticks * rate // form.clock_rate_hz
    made = open_decoder(form, frames[first].data).decode(frames[first].data)
    expected = samples[first * lasts : (first + 1) * lasts]

    assert np.abs(made.astype(float)).max() < 2 * np.abs(expected.astype(float)).max() + 500


@pytest.mark.usefixtures("without_pyav")
def test_without_the_extra_it_is_named_and_what_needs_none_is_decoded() -> None:
    """Whoever meets it must know what to install."""
    with pytest.raises(CodecUnavailable, match="'codecs'") as refused:
        open_decoder(OPUS, b"\x78")

    assert (refused.value.encoding, refused.value.extra) == ("opus", "codecs")
    assert not any(map(can_decode, FOREIGN))
    assert can_decode(PCMU)
    linear = Format(payload_type=96, encoding="L16", clock_rate_hz=16_000)
    assert open_decoder(linear, b"").decode(b"\x01\x00\xff\xff").tolist() == [256, -1]
    codes = bytes(range(256))
    expected = g711.decode(np.frombuffer(codes, np.uint8), "PCMU")
    assert np.array_equal(open_decoder(PCMU, codes).decode(codes), expected)


def test_one_module_each_way_knows_pyav() -> None:
    """Nothing breaks where it is not installed, and whoever replaces it knows where to look."""
    modules = (
        path
        for folder in ("archive", "capture", "api", "rokuon")
        for path in (ROOT / folder).rglob("*.py")
    )
    naming = re.compile(r"^\s*(import av\b|from av\b)|import_module\(\"av\"\)", re.MULTILINE)

    found = {str(p.relative_to(ROOT)) for p in modules if naming.search(p.read_text())}
    assert found == {"archive/reading/sound/decoders.py", "capture/prompts/encoder.py"}


def test_what_nobody_decodes_names_no_extra() -> None:
    """Installing something would not help."""
    assert (refusal(EVS).encoding, refusal(EVS).extra) == ("EVS", "")
    assert not can_decode(EVS)
    assert not can_decode(DIGITS)
    with pytest.raises(CodecUnavailable):
        open_decoder(EVS, b"")


@pytest.mark.usefixtures("pyav")
@pytest.mark.parametrize("form", FOREIGN, ids=lambda form: f"{form.encoding}-{form.clock_rate_hz}")
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(payload=st.lists(st.binary(max_size=120), min_size=1, max_size=6))
def test_a_payload_of_anything_gives_samples_or_none_and_no_complaint(
    form: Format, payload: list[bytes]
) -> None:
    """What a peer sends may be noise, or meant to do harm; the rest of the call is still read."""
    decoder = None
    for one in payload:
        for piece in pieces(form, one):
            decoder = decoder or open_decoder(form, piece.data)
            made = decoder.decode(piece.data)
            assert made.dtype == np.int16
            assert made.ndim == 1


@pytest.mark.usefixtures("pyav")
def test_a_pyav_that_was_built_without_a_decoder_cannot_decode(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A distribution leaves out AMR: what it lacks costs its own sound, never a part's map."""
    monkeypatch.setattr("av.codecs_available", frozenset({"g722"}))

    assert [form.encoding for form in FOREIGN if can_decode(form)] == ["G722"]
