"""Prompts as packets: what is decoded again is what was said."""

import importlib
from typing import Any

import numpy as np
import pytest

from archive.call.events import Format
from archive.reading.sound import g711
from archive.reading.sound.decoders import open_decoder
from archive.reading.sound.resample import resample
from capture.prompts import encoder
from capture.prompts.encoder import (
    PACKET_MS,
    CannotEncode,
    EncodedPrompt,
    available_codecs,
    encode,
    encode_frames,
)
from capture.prompts.sound import Sound
from tests.capture.prompts.voices import likeness, sine, sixteen_bits, snr_db, voice

LAWS: tuple[g711.Law, ...] = ("PCMU", "PCMA")


def decoded(prompt: EncodedPrompt) -> np.ndarray:
    """What a phone hears, by the decoders of the archive."""
    form = Format(payload_type=96, encoding=prompt.encoding, clock_rate_hz=prompt.clock_hz)
    decoder = open_decoder(form, prompt.frames[0])
    return np.concatenate([decoder.decode(frame) for frame in prompt.frames])


@pytest.fixture
def without_pyav(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation without the extra `codecs`."""

    def refuse(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", refuse)


@pytest.mark.parametrize("law", LAWS)
def test_a_prompt_in_g711_decodes_to_the_same_audio(law: g711.Law) -> None:
    """The noise of G.711 lies some 38 dB below speech; anything else would be heard."""
    said = voice()
    narrow = resample(said.samples, said.rate_hz, 8_000)
    heard = decoded(encode(said, law))

    assert snr_db(narrow, heard[: len(narrow)]) >= 35


@pytest.mark.parametrize("law", LAWS)
def test_a_packet_of_g711_has_160_bytes_of_20_ms(law: g711.Law) -> None:
    """RFC 3551 §4.5.14: a byte for each sample, and a clock of 8,000 Hz."""
    made = encode(voice(), law)

    assert (made.clock_hz, made.timestamp_step, PACKET_MS) == (8_000, 160, 20)
    assert {len(frame) for frame in made.frames} == {160}
    assert len(made.frames) == -(-len(voice().samples) // 320)


@pytest.mark.parametrize("law", LAWS)
def test_the_last_packet_is_filled_with_silence(law: g711.Law) -> None:
    """A packet that is cut short would end with a click, or with a gap."""
    short = Sound(samples=sixteen_bits(sine(440, -20, 0.03, 8_000)), rate_hz=8_000)
    heard = decoded(encode(short, law))

    assert len(heard) == 320
    assert np.abs(heard[240:]).max() <= 8


def test_a_prompt_in_g722_is_wideband_and_sounds_the_same() -> None:
    """Its clock says 8,000 though it has 16,000 samples (RFC 3551 §4.5.2)."""
    pytest.importorskip("av", reason="needs the extra 'codecs' (PyAV)")
    said = voice()
    made = encode(said, "G722")

    assert (made.clock_hz, made.timestamp_step) == (8_000, 160)
    assert {len(frame) for frame in made.frames} == {160}
    assert len(made.frames) == -(-len(said.samples) // 320)
    assert likeness(said.samples, decoded(made), within=48) > 0.99


def test_a_prompt_in_opus_is_a_packet_each_20_ms_and_sounds_the_same() -> None:
    """Its clock is 48,000 whatever it carries (RFC 7587 §4.1)."""
    pytest.importorskip("av", reason="needs the extra 'codecs' (PyAV)")
    said = voice()
    made = encode(said, "opus")
    heard = decoded(made)

    assert (made.encoding, made.clock_hz, made.timestamp_step) == ("OPUS", 48_000, 960)
    assert len(made.frames) in range(len(said.samples) // 320, len(said.samples) // 320 + 3)
    assert len(heard) == 960 * len(made.frames)
    assert likeness(said.samples, resample(heard, 48_000, 16_000), within=333) > 0.95


def test_wideband_codecs_carry_what_the_telephone_band_cannot() -> None:
    """A tone of 6 kHz is there in G.722 and Opus, and nothing of it in G.711."""
    pytest.importorskip("av", reason="needs the extra 'codecs' (PyAV)")
    high = Sound(samples=sixteen_bits(sine(6_000, -20, 1)), rate_hz=16_000)
    sizes = {name: float(decoded(encode(high, name)).std()) for name in available_codecs()}

    assert sizes["PCMU"] < 10
    assert min(sizes["G722"], sizes["OPUS"]) > 1_000


@pytest.mark.parametrize("rate_hz", [8_000, 32_000, 44_100, 48_000])
@pytest.mark.parametrize("name", ["PCMU", "G722"])
def test_a_file_of_any_rate_sounds_alike(rate_hz: int, name: str) -> None:
    """Neither faster nor higher: 1 kHz is 1 kHz."""
    if name not in available_codecs():
        pytest.skip("needs the extra 'codecs' (PyAV)")
    said = Sound(samples=sixteen_bits(sine(1_000, -20, 1, rate_hz)), rate_hz=rate_hz)
    heard = decoded(encode(said, name)).astype(float)
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    rate = 8_000 if name == "PCMU" else 16_000

    assert spectrum.argmax() * rate / len(heard) == pytest.approx(1_000, abs=1)
    assert len(heard) == rate


def test_all_four_codecs_can_be_encoded_with_the_extra() -> None:
    """In the order of preference in which documents name them."""
    pytest.importorskip("av", reason="needs the extra 'codecs' (PyAV)")

    assert available_codecs() == ("PCMU", "PCMA", "G722", "OPUS")


@pytest.mark.usefixtures("without_pyav")
def test_without_the_extra_g711_is_left() -> None:
    """Every installation can play a notice; what cannot be encoded says so."""
    assert available_codecs() == LAWS
    assert encode(voice(), "PCMA").frames
    with pytest.raises(CannotEncode, match="G722"):
        encode(voice(), "G722")


def test_a_build_of_ffmpeg_without_an_encoder_is_not_asked_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Distributions leave out what they may not ship."""
    pytest.importorskip("av", reason="needs the extra 'codecs' (PyAV)")
    lost = encoder._Encoder(name="lost_in_packaging", bit_rate=1)
    monkeypatch.setitem(encoder._FOREIGN, "OPUS", lost)

    assert available_codecs() == ("PCMU", "PCMA", "G722")


def test_a_codec_that_no_prompt_has_is_refused_by_name() -> None:
    """A typing error in a configuration, or a codec to come."""
    with pytest.raises(CannotEncode, match="G729"):
        encode(voice(), "G729")


def test_frames_are_made_of_whole_packets_only() -> None:
    """Who cuts audio himself learns of a slip at once."""
    with pytest.raises(AssertionError):
        encode_frames(np.zeros(161, np.int16), "PCMU")
