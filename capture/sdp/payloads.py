"""What payload types mean: static table, `a=rtpmap`, `a=fmtp` (RFC 3551 §6, RFC 8866 §6.6).

Text and numbers. Knows nothing of m-lines or of which formats we accept.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from capture.raw_text import text_of
from capture.sdp.limits import MAX_CHANNELS, MAX_CLOCK_HZ, MAX_DIGITS, MAX_PAYLOAD_TYPE


class Payload(msgspec.Struct, frozen=True, kw_only=True):
    """One payload type of an RTP stream; `clock_hz` is the RTP clock, not the sample rate."""

    payload_type: int
    encoding: str
    clock_hz: int
    channels: int = 1
    fmtp: str = ""


def _static(payload_type: int, encoding: str, clock_hz: int, channels: int = 1) -> Payload:
    return Payload(
        payload_type=payload_type, encoding=encoding, clock_hz=clock_hz, channels=channels
    )


# RFC 3551 tables 4 and 5, audio only. G722 says 8000 for a 16 kHz codec (§4.5.2).
STATIC_PAYLOADS: Final[Mapping[int, Payload]] = {
    payload.payload_type: payload
    for payload in (
        _static(0, "PCMU", 8_000),
        _static(3, "GSM", 8_000),
        _static(4, "G723", 8_000),
        _static(5, "DVI4", 8_000),
        _static(6, "DVI4", 16_000),
        _static(7, "LPC", 8_000),
        _static(8, "PCMA", 8_000),
        _static(9, "G722", 8_000),
        _static(10, "L16", 44_100, 2),
        _static(11, "L16", 44_100),
        _static(12, "QCELP", 8_000),
        _static(13, "CN", 8_000),
        _static(14, "MPA", 90_000),
        _static(15, "G728", 8_000),
        _static(16, "DVI4", 11_025),
        _static(17, "DVI4", 22_050),
        _static(18, "G729", 8_000),
    )
}


def number_in(raw: bytes, largest: int) -> int | None:
    """A decimal of at most `largest`; None where `raw` is anything else."""
    if not raw.isdigit() or len(raw) > MAX_DIGITS:
        return None
    number = int(raw)
    return number if number <= largest else None


def read_payloads(
    formats: Iterable[bytes], mapped: Mapping[bytes, bytes], parameters: Mapping[bytes, bytes]
) -> tuple[Payload, ...]:
    """The payload types among `formats` whose meaning is known, in their order.

    `mapped` and `parameters` are the values of rtpmap and fmtp by format. Others are left out.
    """
    found = (_read_payload(format_, mapped, parameters) for format_ in formats)
    return tuple(payload for payload in found if payload is not None)


def _read_payload(
    format_: bytes, mapped: Mapping[bytes, bytes], parameters: Mapping[bytes, bytes]
) -> Payload | None:
    payload_type = number_in(format_, MAX_PAYLOAD_TYPE)
    if payload_type is None:
        return None
    fmtp = text_of(parameters.get(format_, b""))
    if (encoding := mapped.get(format_)) is not None:
        return _read_mapped(payload_type, encoding, fmtp)
    static = STATIC_PAYLOADS.get(payload_type)
    return static and msgspec.structs.replace(static, fmtp=fmtp)


def _read_mapped(payload_type: int, mapped: bytes, fmtp: str) -> Payload | None:
    encoding, _, rest = mapped.strip().partition(b"/")
    clock, _, channels = rest.partition(b"/")
    clock_hz = number_in(clock.strip(), MAX_CLOCK_HZ)
    if not encoding or not clock_hz:
        return None
    return Payload(
        payload_type=payload_type,
        encoding=text_of(encoding),
        clock_hz=clock_hz,
        channels=number_in(channels.strip(), MAX_CHANNELS) or 1,
        fmtp=fmtp,
    )
