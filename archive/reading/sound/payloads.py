"""What a payload holds: frames as a decoder takes them, each with its length in ticks.

Pure bytes, from a format alone. Knows nothing of packets, decoders or time lines.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from archive.call.codecs import OPUS_HZ, parameters
from archive.call.events import Format
from archive.reading.packets.alignment import Placed
from archive.reading.packets.rtp import Bytes, Column, RtpColumns
from archive.reading.sound import amr, speex
from archive.reading.sound.formats import Resolved, codec_in

FULL_SCALE: Final = 32_768.0
# RFC 3551 §4.5.6 and §4.5.8.1, RFC 3952 §3.
G729_OCTETS, G729_TICKS, SID_OCTETS = 10, 80, 2
GSM_OCTETS, GSM_TICKS = 33, 160
ILBC_MODES: Final = {"20": (38, 160), "30": (50, 240)}
# RFC 6716 §3.2.5: no packet is longer.
MAX_OPUS_MS: Final = 120
# ITU-T G.729 Annex B §4.3: 5 bits of gain, from 16 dB on 2 dB apart.
_SID_DB: Final = (-12, -4, 0, 4, 8, 12, *range(16, 68, 2))


class Piece(NamedTuple):
    """One frame of a payload and its length in ticks of the RTP clock.

    With a `noise` it is no speech: noise of that effective level, until something follows.
    """

    data: bytes
    ticks: int
    noise: float | None = None


def pieces(form: Format, payload: bytes) -> Sequence[Piece]:
    """The frames of a payload; what is no whole frame is left out."""
    codec = codec_in(form)
    if codec is None:
        return _comfort(form, payload)
    return _CUTS[codec.encoding](form, payload)


def _comfort(form: Format, payload: bytes) -> Sequence[Piece]:
    """RFC 3389 §3: the level in -dBov; the spectrum that may follow is not heeded."""
    if form.encoding.upper() != "CN" or not payload:
        return ()
    return (Piece(b"", 0, FULL_SCALE * 10 ** (-(payload[0] & 0x7F) / 20)),)


def _octets(_: Format, payload: bytes) -> Sequence[Piece]:
    return (Piece(payload, len(payload)),) if payload else ()


def _words(_: Format, payload: bytes) -> Sequence[Piece]:
    whole = payload[: len(payload) // 2 * 2]
    return (Piece(whole, len(whole) // 2),) if whole else ()


def _equal(payload: bytes, octets: int, ticks: int) -> list[Piece]:
    ends = range(octets, len(payload) + 1, octets)
    return [Piece(payload[end - octets : end], ticks) for end in ends]


def _g729(_: Format, payload: bytes) -> Sequence[Piece]:
    found = _equal(payload, G729_OCTETS, G729_TICKS)
    last = payload[len(found) * G729_OCTETS :]
    if len(last) == SID_OCTETS:
        found.append(Piece(last, G729_TICKS, _sid_level(last)))
    return found


def _sid_level(sid: bytes) -> float:
    """ITU-T G.729 Annex B table B.2: 10 bits of spectrum, 5 of gain, one that means nothing."""
    gain = int.from_bytes(sid, "big") >> 1 & 31
    return float(10 ** (_SID_DB[gain] / 20))


def _gsm(_: Format, payload: bytes) -> Sequence[Piece]:
    return _equal(payload, GSM_OCTETS, GSM_TICKS)


def _ilbc(form: Format, payload: bytes) -> Sequence[Piece]:
    return _equal(payload, *_ilbc_mode(form, len(payload)))


def _ilbc_mode(form: Format, length: int) -> tuple[int, int]:
    """The mode that the offer names (RFC 3952 §5: 30 ms where it names none), if it fits."""
    named = ILBC_MODES.get(parameters(form.fmtp).get("mode", "30"), ILBC_MODES["30"])
    fitting = (mode for mode in (named, *ILBC_MODES.values()) if length % mode[0] == 0)
    return next(fitting, named)


def _amr(form: Format, payload: bytes) -> Sequence[Piece]:
    wide = form.encoding.upper() == "AMR-WB"
    bits, ticks = (amr.AMR_WB_BITS, 320) if wide else (amr.AMR_BITS, 160)
    aligned = parameters(form.fmtp).get("octet-align", "0") == "1"
    return [Piece(frame, ticks) for frame in amr.frames(payload, bits, aligned=aligned)]


def _opus(_: Format, payload: bytes) -> Sequence[Piece]:
    ticks = _opus_ticks(payload)
    return (Piece(payload, ticks),) if ticks else ()


def _opus_ticks(payload: bytes) -> int:
    """RFC 6716 §3.1: the first byte tells mode, frame size and count; 0 where it is none."""
    if not payload:
        return 0
    config, count = payload[0] >> 3, (1, 2, 2, 0)[payload[0] & 3]
    if not count:
        count = payload[1] & 63 if len(payload) > 1 else 0
    if config < 12:  # noqa: PLR2004 - SILK
        tenths = (100, 200, 400, 600)[config & 3]
    else:
        tenths = (100, 200)[config & 1] if config < 16 else (25, 50, 100, 200)[config & 3]  # noqa: PLR2004 - hybrid
    total = count * tenths
    return total * OPUS_HZ // 10_000 if total <= 10 * MAX_OPUS_MS else 0


def _speex(form: Format, payload: bytes) -> Sequence[Piece]:
    return [Piece(frame, form.clock_rate_hz // 50) for frame in speex.frames(payload)]


_CUTS: Final[dict[str, Callable[[Format, bytes], Sequence[Piece]]]] = {
    "PCMU": _octets,
    "PCMA": _octets,
    "G722": _octets,
    "G729": _g729,
    "GSM": _gsm,
    "ILBC": _ilbc,
    "AMR": _amr,
    "AMR-WB": _amr,
    "OPUS": _opus,
    "SPEEX": _speex,
    "L16": _words,
}


def payload_ticks(form: Format, data: Bytes, starts: Column, lengths: Column) -> Column:
    """How long the payloads at these places last; a byte is a tick where nobody can say.

    By length alone where that tells, else payload by payload.
    """
    codec = codec_in(form)
    match codec.encoding if codec else "":
        case "" | "PCMU" | "PCMA" | "G722":
            return lengths
        case "L16":
            return lengths // 2
        case "GSM":
            return lengths // GSM_OCTETS * GSM_TICKS
        case "G729":
            sid = (lengths % G729_OCTETS == SID_OCTETS).astype(np.int64)
            frames: Column = lengths // G729_OCTETS + sid
            return frames * G729_TICKS
        case _:
            places = zip(starts.tolist(), lengths.tolist(), strict=True)
            cut = (pieces(form, data[at : at + size].tobytes()) for at, size in places)
            ticks = [sum(piece.ticks for piece in found) for found in cut]
            return np.array(ticks, dtype=np.int64)


def ticks_of(data: Bytes, columns: RtpColumns, resolved: Resolved) -> Column:
    """How long each payload lasts by its format's clock."""
    starts, lengths = columns.payload_starts, columns.payload_lengths
    if len(resolved.formats) == 1:
        return payload_ticks(resolved.formats[0], data, starts, lengths)
    ticks = lengths.copy()
    for number, form in enumerate(resolved.formats):
        own = np.flatnonzero(resolved.which == number)
        ticks[own] = payload_ticks(form, data, starts[own], lengths[own])
    return ticks


def payloads_at(
    data: Bytes, columns: RtpColumns, placed: Placed, which: Column
) -> Iterator[tuple[int, int, bytes]]:
    """Span, ticks and payload of packets."""
    places = (placed.span, placed.ticks, columns.payload_starts, columns.payload_lengths)
    for span, ticks, start, length in zip(*(c[which].tolist() for c in places), strict=True):
        yield span, ticks, data[start : start + length].tobytes()
