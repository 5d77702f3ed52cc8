"""Encoding a prompt once for each codec: the payloads of its packets, 20 ms each.

G.711 by our own tables; G.722 and Opus by FFmpeg, asked for only when it is needed. Knows nothing
of files or of how packets are sent.
"""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from archive.call.codecs import Codec, codec_of
from archive.reading.sound.g711 import A_EVEN_BITS, MU_BIAS, SIGN_BIT, Law
from archive.reading.sound.resample import resample
from capture.errors import CaptureError
from capture.prompts.sound import Sound

Audio = NDArray[np.int16]
PACKET_MS: Final = 20
# The last decision value of the µ-law, 8159 of a 14-bit scale; beyond it all is the same.
_MU_MOST: Final = 8_159 << 2
_A_MOST: Final = 32_767


class CannotEncode(CaptureError):
    """A codec that no prompt can be encoded in here: unknown to us, or FFmpeg is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedPrompt:
    """Payloads in the order in which they are sent, `timestamp_step` of the clock apart."""

    encoding: str
    clock_hz: int
    timestamp_step: int
    frames: tuple[bytes, ...]

    def __post_init__(self) -> None:
        assert self.frames
        assert all(self.frames)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Encoder:
    name: str
    bit_rate: int
    options: Mapping[str, str] = field(default_factory=dict)


# 32 kbit/s: speech of the whole band that does not sound of its codec.
_OPUS_OPTIONS: Final = {"application": "voip", "frame_duration": str(PACKET_MS)}
_FOREIGN: Final = {
    "G722": _Encoder(name="g722", bit_rate=64_000),
    "OPUS": _Encoder(name="libopus", bit_rate=32_000, options=_OPUS_OPTIONS),
}
_CLOCKS_HZ: Final = {"PCMU": 8_000, "PCMA": 8_000, "G722": 8_000, "OPUS": 48_000}


def available_codecs() -> tuple[str, ...]:
    """What prompts can be encoded in here: the names of offers, in capitals."""
    return tuple(name for name in _CLOCKS_HZ if name not in _FOREIGN or _is_there(_FOREIGN[name]))


def encode(sound: Sound, encoding: str) -> EncodedPrompt:
    """A sound of any rate as packets; silence fills the last one. Raises `CannotEncode`."""
    codec = _codec(encoding)
    samples = resample(sound.samples, sound.rate_hz, codec.sample_rate_hz)
    whole = np.pad(samples, (0, -len(samples) % _packet_samples(codec)))
    return EncodedPrompt(
        encoding=codec.encoding,
        clock_hz=codec.clock_rate_hz,
        timestamp_step=codec.clock_rate_hz * PACKET_MS // 1_000,
        frames=tuple(encode_frames(whole, codec.encoding)),
    )


def encode_frames(samples: Audio, encoding: str) -> list[bytes]:
    """A payload for each 20 ms; `samples` are whole packets at the rate that the codec takes.

    Raises `CannotEncode`. Opus may end with one payload more, for it runs behind.
    """
    codec = _codec(encoding)
    size = _packet_samples(codec)
    assert len(samples) % size == 0
    packets = samples.reshape(-1, size)
    match codec.encoding:
        case "PCMU" | "PCMA":
            return [encode_law(packet, codec.encoding) for packet in packets]
        case _:
            return _foreign(packets, codec)


def _codec(encoding: str) -> Codec:
    name = encoding.upper()
    if name not in available_codecs():
        raise CannotEncode(f"no encoder for {encoding} here")
    codec = codec_of(name, _CLOCKS_HZ[name])
    assert codec is not None
    return codec


def _packet_samples(codec: Codec) -> int:
    return codec.sample_rate_hz * PACKET_MS // 1_000


def _pyav() -> Any:
    try:
        return importlib.import_module("av")
    except ImportError:
        return None


def _is_there(encoder: _Encoder) -> bool:
    av = _pyav()
    if av is None:
        return False
    try:
        av.Codec(encoder.name, "w")
    except av.codec.codec.UnknownCodecError:
        return False
    return True


def _foreign(packets: Audio, codec: Codec) -> list[bytes]:
    av = _pyav()
    encoder = _FOREIGN[codec.encoding]
    context = av.CodecContext.create(encoder.name, "w")
    context.sample_rate = codec.sample_rate_hz
    context.layout = "mono"
    context.format = "s16"
    context.bit_rate = encoder.bit_rate
    context.options = dict(encoder.options)
    made: list[bytes] = []
    for packet in packets:
        frame = av.AudioFrame.from_ndarray(packet.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = codec.sample_rate_hz
        made += map(bytes, context.encode(frame))
    return made + [bytes(last) for last in context.encode(None)]


def encode_law(samples: NDArray[np.int16], law: Law) -> bytes:
    """16-bit samples to the codes of either law of G.711 (ITU-T G.711), one for each."""
    wide = samples.astype(np.int32)
    return (_mu_law(wide) if law == "PCMU" else _a_law(wide)).astype(np.uint8).tobytes()


def _segments(sizes: NDArray[np.int32]) -> NDArray[np.int32]:
    """In which of the eight segments a size lies: each is twice as long as the one before."""
    segments: NDArray[np.int32] = np.maximum(np.frexp(sizes.astype(np.float64))[1] - 8, 0)
    return segments


def _mu_law(samples: NDArray[np.int32]) -> NDArray[np.int32]:
    biased = np.minimum(np.abs(samples), _MU_MOST - 1) + MU_BIAS
    segment = _segments(biased)
    step = (biased >> (segment + 3)) & 15
    sign = np.where(samples < 0, SIGN_BIT, 0)
    codes: NDArray[np.int32] = ~(sign | segment << 4 | step) & 0xFF
    return codes


def _a_law(samples: NDArray[np.int32]) -> NDArray[np.int32]:
    size = np.minimum(np.abs(samples), _A_MOST)
    segment = _segments(size)
    step = (size >> (np.maximum(segment, 1) + 3)) & 15
    sign = np.where(samples < 0, 0, SIGN_BIT)
    codes: NDArray[np.int32] = (sign | segment << 4 | step) ^ A_EVEN_BITS
    return codes
