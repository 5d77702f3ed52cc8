"""Which encodings can be decoded when somebody listens: the one table of capture and archive.

Pure values. Knows nothing of payloads, packets or of how a codec is decoded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

NARROW_HZ: Final = 8_000
WIDE_HZ: Final = 16_000
OPUS_HZ: Final = 48_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Codec:
    """An encoding, in capitals; `decoders` are PyAV's names for it, the best first.

    The clock of its timestamps need not be the rate of its samples. Without a decoder it is one
    that we decode ourselves.
    """

    encoding: str
    clock_rate_hz: int
    sample_rate_hz: int
    decoders: tuple[str, ...] = ()

    @property
    def line_rate_hz(self) -> int:
        """The rate at which a recording with this codec is rendered."""
        return min(self.sample_rate_hz, WIDE_HZ)


def _codec(encoding: str, clock_hz: int, *decoders: str, sample_hz: int = 0) -> Codec:
    return Codec(
        encoding=encoding,
        clock_rate_hz=clock_hz,
        sample_rate_hz=sample_hz or clock_hz,
        decoders=decoders,
    )


# RFC 3551 §4.5.2: the clock of G.722 says 8000; RFC 7587 §4.1: that of Opus 48000, whatever it
# carries. FFmpeg's own decoders of AMR know no pauses.
CODECS: Final = (
    _codec("PCMU", 8_000),
    _codec("PCMA", 8_000),
    _codec("G722", 8_000, "g722", sample_hz=16_000),
    _codec("G729", 8_000, "g729"),
    _codec("GSM", 8_000, "gsm"),
    _codec("ILBC", 8_000, "ilbc"),
    _codec("AMR", 8_000, "libopencore_amrnb", "amrnb"),
    _codec("AMR-WB", 16_000, "libopencore_amrwb", "amrwb"),
    _codec("OPUS", OPUS_HZ, "libopus", "opus"),
    _codec("SPEEX", 8_000, "speex"),
    _codec("SPEEX", 16_000, "speex"),
    _codec("SPEEX", 32_000, "speex"),
    _codec("L16", 8_000),
    _codec("L16", 16_000),
    _codec("L16", 32_000),
    _codec("L16", 48_000),
)
_BY_NAME: Final = {(codec.encoding, codec.clock_rate_hz): codec for codec in CODECS}
# RFC 4867 §8.1: frames out of their order, or with checks between them.
_AMR_REFUSED: Final = frozenset({"interleaving", "crc", "robust-sorting"})


def codec_of(encoding: str, clock_rate_hz: int, channels: int = 1, fmtp: str = "") -> Codec | None:
    """The codec of a format as an offer names it; None where none of ours can decode it."""
    codec = _BY_NAME.get((encoding.upper(), clock_rate_hz))
    if codec is None or (channels != 1 and codec.encoding != "OPUS"):
        return None
    if codec.encoding.startswith("AMR"):
        said = parameters(fmtp)
        if any(said.get(name, "0") != "0" for name in _AMR_REFUSED):
            return None
    return codec


def parameters(fmtp: str) -> Mapping[str, str]:
    """The parameters of an `a=fmtp` by their names in small letters; one without a value is 1."""
    pairs = (word.partition("=") for word in fmtp.split(";") if word.strip())
    return {name.strip().lower(): value.strip() if is_set else "1" for name, is_set, value in pairs}
