"""Who sat where on which day, by the table of agents as a catalog has it.

Knows nothing of calls.
"""

from typing import NamedTuple

from sqlalchemy import Connection, select

from archive.catalog.tables.catalog import agent_period
from archive.folded_names import fold_name
from eval.world.calendar import DAY_S, US, first_day, midnight_us

_DAY_US = DAY_S * US


class Seat(NamedTuple):
    """A line of the table."""

    row: int
    agent_id: str
    team: str


class Seats:
    """By desk and day."""

    def __init__(self, connection: Connection, days: int) -> None:
        self._first_us = midnight_us(first_day(days))
        self._seats: dict[tuple[str, int], Seat] = {}
        for line in connection.execute(select(agent_period)):
            seat = Seat(line.row, line.agent_id, fold_name(line.team))
            for day in range(self._day(line.valid_from_us), self._day(line.valid_to_us)):
                self._seats[line.extension, day] = seat

    def of(self, desk: str, at_us: int) -> Seat | None:
        """Whoever sat there then."""
        return self._seats.get((desk, self._day(at_us)))

    def _day(self, at_us: int) -> int:
        return (at_us - self._first_us) // _DAY_US
