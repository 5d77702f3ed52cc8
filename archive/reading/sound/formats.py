"""Which codec a payload type names: as the offers say at that time, else as RFC 3551 fixes it.

Pure. Knows nothing of packets' bytes or of how a codec is decoded.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

import numpy as np

from archive.call.codecs import Codec, codec_of
from archive.call.events import Event, Format, StreamAdded, StreamChanged
from archive.errors import ArchiveError
from archive.reading.packets.alignment import UNTOLD_HZ
from archive.reading.packets.rtp import Column
from archive.reading.sound.g711 import Law

G711_RATE_HZ: Final = 8000
PAYLOAD_TYPES: Final = 128
# RFC 3551 section 6, table 4; a peer may use these without naming them, also against the answer.
# 2 is what it was in RFC 1890, and gateways of that age still send it.
STATIC: Final = {
    f.payload_type: f
    for f in (
        Format(payload_type=0, encoding="PCMU", clock_rate_hz=8000),
        Format(payload_type=2, encoding="G721", clock_rate_hz=8000),
        Format(payload_type=3, encoding="GSM", clock_rate_hz=8000),
        Format(payload_type=4, encoding="G723", clock_rate_hz=8000),
        Format(payload_type=5, encoding="DVI4", clock_rate_hz=8000),
        Format(payload_type=6, encoding="DVI4", clock_rate_hz=16000),
        Format(payload_type=7, encoding="LPC", clock_rate_hz=8000),
        Format(payload_type=8, encoding="PCMA", clock_rate_hz=8000),
        Format(payload_type=9, encoding="G722", clock_rate_hz=8000),
        Format(payload_type=10, encoding="L16", clock_rate_hz=44100, channels=2),
        Format(payload_type=11, encoding="L16", clock_rate_hz=44100),
        Format(payload_type=12, encoding="QCELP", clock_rate_hz=8000),
        Format(payload_type=13, encoding="CN", clock_rate_hz=8000),
        Format(payload_type=14, encoding="MPA", clock_rate_hz=90000),
        Format(payload_type=15, encoding="G728", clock_rate_hz=8000),
        Format(payload_type=16, encoding="DVI4", clock_rate_hz=11025),
        Format(payload_type=17, encoding="DVI4", clock_rate_hz=22050),
        Format(payload_type=18, encoding="G729", clock_rate_hz=8000),
    )
}
# Not audio: digits (RFC 4733), which nobody shall hear, and the noise of a pause (RFC 3389).
COMFORT_NOISE: Final = "CN"
_DIGITS: Final = "TELEPHONE-EVENT"
SILENT: Final = frozenset({_DIGITS, COMFORT_NOISE})


def name_of(payload_type: int) -> str:
    """What a payload type is without an offer that names it."""
    known = STATIC.get(payload_type)
    return f"payload type {payload_type}" if known is None else known.encoding


def is_undescribed(form: Format) -> bool:
    """Whether nobody says what a payload type is, nor so how fast its clock runs."""
    return form.payload_type not in STATIC and form.encoding == name_of(form.payload_type)


class CodecUnavailable(ArchiveError):
    """Of all that came nothing can be decoded here; its packets can be exported.

    `encoding` is the name in the offer, `extra` the optional dependency that decodes it, "" where
    there is none that does. A name that only a peer gave stands in no message.
    """

    def __init__(self, encoding: str, extra: str = "codecs") -> None:
        is_known = bool(extra) or any(each.encoding == encoding.upper() for each in STATIC.values())
        name = encoding.upper() if is_known else "the codec"
        needs = f"needs the extra {extra!r}" if extra else "is none that can be decoded"
        super().__init__(f"{name} {needs}; calls export --format pcap has its packets")
        self.encoding = encoding
        self.extra = extra


def codec_in(form: Format) -> Codec | None:
    """The codec of a format; None where nobody here can decode it, or where it is no speech."""
    return codec_of(form.encoding, form.clock_rate_hz, form.channels, form.fmtp)


def law_of(form: Format) -> Law | None:
    """The G.711 law of a format, if it is one of 8 kHz and one channel."""
    if (form.clock_rate_hz, form.channels) != (G711_RATE_HZ, 1):
        return None
    match form.encoding.upper():
        case "PCMU":
            return "PCMU"
        case "PCMA":
            return "PCMA"
        case _:
            return None


def is_comfort(form: Format) -> bool:
    """Whether a format tells how loud a pause is (RFC 3389)."""
    return form.encoding.upper() == COMFORT_NOISE


def is_digits(form: Format) -> bool:
    """Whether a format holds keys that were pressed (RFC 4733)."""
    return form.encoding.upper() == _DIGITS


def is_silent(form: Format) -> bool:
    """Whether a format is silence on the time line."""
    return form.encoding.upper() in SILENT


@dataclass(frozen=True, slots=True)
class Resolved:
    """Formats of many packets: `which[i]` is the place in `formats` of packet i's."""

    which: Column
    formats: tuple[Format, ...]

    def clock_rates(self) -> Column:
        """Clock rate of each packet in Hz, shape (n,); `UNTOLD_HZ` where nobody tells it."""
        rates = [UNTOLD_HZ if is_undescribed(f) else f.clock_rate_hz for f in self.formats]
        return np.array(rates, dtype=np.int64)[self.which]


@dataclass(slots=True)
class _Offers:
    times_us: list[int]
    formats: list[dict[int, Format]]


class FormatTable:
    """The formats of each stream, offer by offer."""

    def __init__(self) -> None:
        self._streams: dict[int, _Offers] = {}

    def note(self, event: Event) -> None:
        """Take the formats of an offer; other events say nothing here."""
        if not isinstance(event, StreamAdded | StreamChanged) or not event.formats:
            return
        offers = self._streams.setdefault(event.stream, _Offers([], []))
        offers.times_us.append(event.at_us)
        offers.formats.append({f.payload_type: f for f in event.formats if f.clock_rate_hz > 0})

    def added_us(self, stream: int) -> int:
        """When the first offer of a stream came; 0 where none is known."""
        offers = self._streams.get(stream)
        return min(offers.times_us) if offers else 0

    def named(self, stream: int, encoding: str, at_us: int) -> Format | None:
        """The format of a name in capitals that was in force then; None where none has it."""
        offers = self._streams.get(stream, _Offers([], []))
        offer = bisect_right(list(accumulate(offers.times_us, max)), at_us) - 1
        formats = (form for each in _nearest(offers, offer) for form in each.values())
        return next((form for form in formats if form.encoding.upper() == encoding), None)

    def resolve(self, stream: int, payload_types: Column, arrivals_us: Column) -> Resolved:
        """Find the format in force when each packet arrived; arrays of shape (n,)."""
        offers = self._streams.get(stream, _Offers([], []))
        times = np.maximum.accumulate(np.array(offers.times_us, dtype=np.int64))
        last = np.searchsorted(times, arrivals_us, side="right") - 1
        pairs = np.maximum(last, 0) * PAYLOAD_TYPES + payload_types
        unique, which = np.unique(pairs, return_inverse=True)
        found = (_find(offers, *divmod(pair, PAYLOAD_TYPES)) for pair in unique.tolist())
        return Resolved(which.astype(np.int64), tuple(found))


def _nearest(offers: _Offers, offer: int) -> list[Mapping[int, Format]]:
    """What is asked in turn: the offer in force, earlier ones, later ones, RFC 3551."""
    told = offers.formats
    return [*reversed(told[: offer + 1]), *told[offer + 1 :], STATIC]


def _find(offers: _Offers, offer: int, payload_type: int) -> Format:
    """The format by the offer in force, else by the nearest earlier, any later one, RFC 3551."""
    for formats in _nearest(offers, offer):
        if payload_type in formats:
            return formats[payload_type]
    return Format(
        payload_type=payload_type,
        encoding=name_of(payload_type),
        clock_rate_hz=G711_RATE_HZ,
    )
