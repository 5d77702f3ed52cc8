"""Decoders of single frames: tables of ours, and those of FFmpeg where the extra `codecs` is there.

The one place that decodes with PyAV, asked for only when needed. Knows nothing of packets or time.
"""

import importlib
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from archive.call.codecs import Codec
from archive.call.events import Format
from archive.reading.sound import amr, g711, speex
from archive.reading.sound.formats import CodecUnavailable, codec_in
from archive.reading.sound.payloads import G729_OCTETS

Audio = NDArray[np.int16]
EXTRA: Final = "codecs"
# Makes a decoder go on with what it last heard: ITU-T G.729 §4.4 as FFmpeg asks for it, RFC 4867.
CONCEALED: Final = {"G729": bytes(G729_OCTETS), "AMR": amr.MISSING, "AMR-WB": amr.MISSING}
# FFmpeg tells the modes of iLBC by their bit rates.
_ILBC_BIT_RATES: Final = {38: 15_200, 50: 13_333}
# The frames of silence that RFC 3951's encoder makes. FFmpeg begins iLBC with a bang unless it has
# heard one: it knows no spectrum to come from.
_ILBC_SILENCE: Final = {
    38: bytes.fromhex(
        "ffa6340260500000000000000049ffffffffffffffffffffffffffffc99305ca958080801616"
    ),
    50: bytes.fromhex(
        "ffa63ffa63201414000000000000000700014210fffffffffffffffffffffffffffff2850162c590"
        "10000001414161615856"
    ),
}


class Decoder(Protocol):
    """The state of one stream: frames in their order, samples at the codec's rate."""

    def decode(self, frame: bytes) -> Audio:
        """The samples of a frame; none where it is broken."""


def can_decode(form: Format) -> bool:
    codec = codec_in(form)
    return codec is not None and (not codec.decoders or bool(_decoder_of(codec)))


def refusal(form: Format) -> CodecUnavailable:
    """What to raise for a format that cannot: what it is and, if that helps, the extra."""
    return CodecUnavailable(form.encoding, EXTRA if codec_in(form) is not None else "")


def open_decoder(form: Format, first: bytes) -> Decoder:
    """A fresh decoder of a format whose first frame this is; raises `CodecUnavailable`."""
    codec = codec_in(form)
    if codec is None:
        raise refusal(form)
    match codec.encoding:
        case "PCMU" | "PCMA":
            return _Table(g711.TABLES[codec.encoding])
        case "L16":
            return _Linear()
        case _:
            decoder = _Foreign(_context(form, codec, first))
            if codec.encoding == "ILBC":
                decoder.decode(_ILBC_SILENCE.get(len(first), b""))
            return decoder


class _Table:
    def __init__(self, table: Audio) -> None:
        self._table = table

    def decode(self, frame: bytes) -> Audio:
        return self._table[np.frombuffer(frame, np.uint8)]


class _Linear:
    """RFC 3551 §4.5.11."""

    def decode(self, frame: bytes) -> Audio:
        return np.frombuffer(frame, ">i2").astype(np.int16)


def _pyav() -> Any:
    try:
        return importlib.import_module("av")
    except ImportError:
        return None


def _decoder_of(codec: Codec) -> str:
    """The name of the decoder to take; "" where FFmpeg is not here, or was built without one."""
    av = _pyav()
    known = av.codecs_available if av is not None else frozenset()
    return next((name for name in codec.decoders if name in known), "")


def _context(form: Format, codec: Codec, first: bytes) -> Any:
    name = _decoder_of(codec)
    if not name:
        raise refusal(form)
    context = _pyav().CodecContext.create(name, "r")
    context.sample_rate = codec.sample_rate_hz
    context.layout = "mono"
    if codec.encoding == "ILBC":
        context.bit_rate = _ILBC_BIT_RATES.get(len(first), _ILBC_BIT_RATES[50])
    if codec.encoding == "SPEEX":
        context.extradata = speex.head_of(codec.sample_rate_hz)
    return context


class _Foreign:
    def __init__(self, context: Any) -> None:
        self._av = _pyav()
        self._context = context

    def decode(self, frame: bytes) -> Audio:
        if not frame:  # FFmpeg would take it for the end
            return np.zeros(0, np.int16)
        try:
            frames = self._context.decode(self._av.Packet(frame))
        except self._av.FFmpegError:
            return np.zeros(0, np.int16)
        found = [_samples(each.to_ndarray()) for each in frames]
        return np.concatenate(found) if found else np.zeros(0, np.int16)


def _samples(made: NDArray[Any]) -> Audio:
    """The first channel's samples as 16 bits; FFmpeg gives them as those or as fractions of 1."""
    row = made.reshape(-1)
    if row.dtype == np.int16:
        return row
    return np.clip(np.rint(row * 32_768.0), -32_768, 32_767).astype(np.int16)
