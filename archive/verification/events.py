"""Whether the events that the index has of a recording are those of its parts.

Pure. Knows nothing of files or rows.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

from archive.call.events import CallRefused, Event, decode_event, encode_event
from archive.call.mentions import READ_ANEW
from archive.catalog.tables.stored_events import stored_body

# More are counted: a line stays one that can be read.
MAX_NAMED: Final = 16


@dataclass(slots=True)
class ToldEvents:
    """What the parts tell: for each serial the events that they repeat it with.

    `read_anew` is the digest of the one event that no part has, "" where a rebuild read nothing.
    `of_page`: of a ledger page the index has refused calls alone.
    """

    of_page: bool = False
    read_anew: str = ""
    by_serial: dict[int, list[bytes]] = field(default_factory=dict)

    def add(self, events: Iterable[tuple[int, Event]]) -> None:
        for serial, told in events:
            body = stored_body(told)
            if body is None or (self.of_page and not isinstance(told, CallRefused)):
                continue
            self.by_serial.setdefault(serial, []).append(body)


def event_differences(
    told: ToldEvents, stored: Mapping[int, bytes], *, all_read: bool
) -> Iterator[str]:
    """The serials that differ, are missing, or that no part has, the first of them by name.

    `all_read`: every part that the index knows was read; of what a lost one had nothing can be
    said.
    """
    wrong = [
        serial
        for serial, each in sorted(stored.items())
        if serial != READ_ANEW
        and (serial in told.by_serial or all_read)
        and _read(each) not in told.by_serial.get(serial, [])
    ]
    wrong += sorted(set(told.by_serial) - set(stored))
    if _digest(stored.get(READ_ANEW)) != told.read_anew:
        wrong.append(READ_ANEW)
    yield from map(str, wrong[:MAX_NAMED])
    if len(wrong) > MAX_NAMED:
        yield f"+{len(wrong) - MAX_NAMED}"


def _digest(stored: bytes | None) -> str:
    return "" if stored is None else hashlib.sha256(stored).hexdigest()


def _read(stored: bytes) -> bytes:
    """It as this version writes it; one that cannot be read is like no other."""
    try:
        return encode_event(decode_event(stored))
    except msgspec.DecodeError:
        return stored
