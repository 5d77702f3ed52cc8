"""What each call has of its own: all that the rows of two calls of one shape may differ in.

Made by the functions by which the keeper makes it. Knows nothing of rows.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from sqlalchemy import Connection

from archive.call.adoption import Adoption
from archive.call.events import (
    CallIdKnown,
    CallOpened,
    CallRefused,
    Event,
    ParticipantChanged,
    RouteTaken,
    StreamPartyKnown,
    encode_event,
)
from archive.call.mentions import Mentioned, told_of_refused
from archive.call.numbers import Number, party_number
from archive.catalog.index.conversations import named_by
from archive.catalog.index.namings import naming_row
from archive.catalog.tables.packed_bodies import pack
from archive.catalog.tables.stored_events import stored_body
from archive.catalog.tables.tenants import tenant_row
from archive.folded_names import fold_name
from archive.ids import DEFAULT_TENANT
from eval.loading.adoptions import adoptions_of
from eval.loading.notes import note_of
from eval.loading.seats import Seats
from eval.world.world import World

Value = int | str | bytes | None
Names = tuple[tuple[str, str], ...]
_US_PER_MS: Final = 1_000


class PeriodRow(int):
    """A row of the table of agents: no other number is taken for one."""


class NamingRow(int):
    """A row of what somebody is called by."""


class Own(NamedTuple):
    """Of a call: its values, and of each of its parts when it began and what was written of it."""

    values: tuple[Value, ...]
    written: tuple[tuple[int, tuple[str, ...]], ...]


class OwnValues:
    """Of calls of a world, in a catalog that has its agents."""

    def __init__(self, connection: Connection, world: World, *, with_events: bool = True) -> None:
        self._connection, self._world = connection, world
        self._tenant = tenant_row(connection, DEFAULT_TENANT)
        self._with_events = with_events
        self._namings: dict[Names, NamingRow | None] = {}
        self.seats = Seats(connection, world.days)

    def of(self, call: int) -> Own:
        """As many values, in the same order, of all calls of one shape."""
        note = note_of(self._world, call)
        found: list[Value] = [note]
        written = []
        for part in adoptions_of(self._world, [call]):
            found += self._of_part(part)
            found.append(_packed(part) if self._with_events else b"")
            tags = (told.tags for _, told in part.events if isinstance(told, RouteTaken))
            written.append((part.first_us, next(tags, ())))
        began_us, tags_of_last = written[-1]
        written[-1] = began_us, (*tags_of_last, note)
        return Own(tuple(found), tuple(written))

    def _of_part(self, part: Adoption) -> Iterator[Value]:
        own = part.part_name.recording
        yield from (own.raw, str(own), part.key_id.raw, part.sha256, part.sha256.hex())
        yield from (part.size_bytes, part.segments, part.first_us, part.last_us)
        yield (part.last_us - part.first_us) // _US_PER_MS
        yield sum(each.packets for each in part.packets)
        source, held_us = "", 0
        for _, told in part.events:
            match told:
                case CallOpened():
                    source = told.source
                    yield told.call_id
                case CallIdKnown(kind=kind, value=value):
                    yield value
                    yield named_by((kind, value), source).raw
                case ParticipantChanged(what="held"):
                    held_us = told.at_us
                case ParticipantChanged(what="resumed"):
                    yield (told.at_us - held_us) // _US_PER_MS
                case _:
                    yield from self._of_people(told)

    def _of_people(self, told: Event) -> Iterator[Value]:
        match told:
            case Mentioned():
                for each in told.mentions:
                    yield each.address
                    yield from _forms(_number(each.address))
            case StreamPartyKnown():
                yield told.participant
                yield told.aor
                yield from _forms(_number(told.aor))
                yield from self._named(tuple((each.text, each.language) for each in told.names))
                yield from self._seated(_number(told.aor).raw, told.at_us)
            case RouteTaken():
                yield told.queue
                yield from map(fold_name, told.tags)
            case CallRefused():
                yield from (told.call_id, told.from_value, told.reason, encode_event(told))
                for one in told_of_refused(told, told.from_value, told.to_value).mentions:
                    yield from _forms(one.number)
            case _:
                pass

    def _named(self, names: Names) -> Iterator[Value]:
        if names:
            yield names[0][0]
            if names not in self._namings:
                row = naming_row(self._connection, self._tenant, names)
                self._namings[names] = None if row is None else NamingRow(row)
            yield self._namings[names]

    def _seated(self, desk: str, at_us: int) -> Iterator[Value]:
        seat = self.seats.of(desk, at_us)
        if seat:
            yield from (PeriodRow(seat.row), seat.agent_id, fold_name(seat.agent_id), seat.team)


def _packed(part: Adoption) -> bytes:
    """Its events as the catalog keeps them."""
    bodies = {serial: stored_body(told) for serial, told in part.events}
    return pack({serial: body for serial, body in bodies.items() if body is not None})


@lru_cache(1 << 14)
def _number(aor: str) -> Number:
    return party_number(aor, (), "JP")


def _forms(number: Number) -> tuple[str, ...]:
    return number.raw, number.e164, number.reversed_digits, number.last4
