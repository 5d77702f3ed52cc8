"""Peaks of what has to be decoded: packet by packet while a part is mapped, if there is a decoder.

Knows formats and decoders. Knows nothing of frames or of who will look.
"""

from collections.abc import Iterable
from typing import Protocol

from archive.call.events import Format
from archive.reading.sound.decoders import Decoder, can_decode, open_decoder
from archive.reading.sound.formats import codec_in
from archive.reading.sound.payloads import pieces
from archive.reading.sound.peaks import PeakMeter


class Meter(Protocol):
    """Takes the packets of one format."""

    def feed(self, form: Format, packets: Iterable[tuple[int, int, bytes]]) -> None:
        """Take packets in the order received: span, ticks in it, payload."""


class Unmetered:
    """For who cannot wait: an hour takes some seconds to decode."""

    def __init__(self, _: PeakMeter) -> None: ...

    def feed(self, form: Format, packets: Iterable[tuple[int, int, bytes]]) -> None:
        """Take nothing."""


class DecodedMeter:
    """Feeds a stream's peaks; what changes its source or its codec begins anew."""

    def __init__(self, meter: PeakMeter) -> None:
        self._meter = meter
        self._decoder: Decoder | None = None
        self._of: tuple[int, Format] | None = None

    def feed(self, form: Format, packets: Iterable[tuple[int, int, bytes]]) -> None:
        """Take packets; those that cannot be decoded are flat."""
        codec = codec_in(form)
        if codec is None or not can_decode(form):
            return
        for span, ticks, payload in packets:
            place = ticks * codec.sample_rate_hz // codec.clock_rate_hz
            for piece in pieces(form, payload):
                if piece.noise is None:
                    audio = self._decoder_of(span, form, piece.data).decode(piece.data)
                    self._meter.feed_audio(span, place, audio, codec.sample_rate_hz)
                place += piece.ticks * codec.sample_rate_hz // codec.clock_rate_hz

    def _decoder_of(self, span: int, form: Format, first: bytes) -> Decoder:
        if self._decoder is None or self._of != (span, form):
            self._decoder, self._of = open_decoder(form, first), (span, form)
        return self._decoder
