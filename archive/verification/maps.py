"""Whether the map beside a part is the one that its frames make.

Knows maps, nothing of rows. What other decoders work out otherwise (waveforms but of G.711) is not
compared.
"""

from collections.abc import Iterator

import msgspec

from archive.call.events import Format
from archive.disk.store import LocalStore, ObjectMissing
from archive.errors import MapDamaged
from archive.format.floe import Buffer
from archive.format.header import HeaderBlock
from archive.reading.mapfile import MAX_FILE_BYTES, open_map
from archive.reading.sound.formats import is_silent, law_of
from archive.reading.timemap import CodecUse, StreamMap, TimeMap
from archive.verification.faults import Fault


class MapFault(Exception):
    def __init__(self, fault: Fault, cause: Exception) -> None:
        super().__init__(str(cause))
        self.fault = fault
        self.cause = cause


def stored_map(store: LocalStore, name: str, key: Buffer, header: HeaderBlock) -> TimeMap:
    """The map that lies beside a part; raises `MapFault`."""
    try:
        return open_map(store.read(name, 0, MAX_FILE_BYTES + 1), key, header)
    except ObjectMissing as missing:
        raise MapFault(Fault.MAP_MISSING, missing) from missing
    except MapDamaged as damaged:
        raise MapFault(Fault.MAP_DAMAGED, damaged) from damaged
    except OSError as failed:
        raise MapFault(Fault.MAP_UNREADABLE, failed) from failed


def map_differences(stored: TimeMap, made: TimeMap) -> Iterator[str]:
    """Names of what a stored map says otherwise than the one made of the part's frames."""
    if stored.root != made.root:
        yield "root"
    if stored.plain_bytes != made.plain_bytes:
        yield "plain_bytes"
    if stored.events != made.events:
        yield "events"
    if stored.seconds != made.seconds:
        yield "seconds"
    if _counts(stored) != _counts(made):
        yield "counts"
    if _places(stored) != _places(made):
        yield "spans"
    if stored.sounds not in (made.sounds, msgspec.UNSET):  # maps of before do not tell
        yield "sounds"


def peaks_differ(stored: TimeMap, made: TimeMap) -> bool:
    """Whether the waveform of a stream that is all G.711 is another one."""
    of_made = {each.stream: each for each in made.streams}
    return any(
        each.peaks != of_made[each.stream].peaks
        for each in stored.streams
        if each.stream in of_made and _is_g711(of_made[each.stream])
    )


def _counts(told: TimeMap) -> list[tuple[int, int, int]]:
    return [(each.stream, each.counts.packets, each.unproved) for each in told.streams]


def _places(told: TimeMap) -> list[object]:
    return [
        (each.stream, each.spans, each.gaps, each.senders, each.replay) for each in told.streams
    ]


def _is_g711(stream: StreamMap) -> bool:
    return all(_is_plain(use) for use in stream.codecs if use.packets)


def _is_plain(use: CodecUse) -> bool:
    form = Format(
        payload_type=use.payload_type, encoding=use.encoding, clock_rate_hz=use.clock_rate_hz
    )
    return law_of(form) is not None or is_silent(form)
