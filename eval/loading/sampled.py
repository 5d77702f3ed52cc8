"""Patterns of the shapes that occur, each from two calls that the keeper writes for it.

Into a catalog of their own. Knows nothing of the world that is loaded.
"""

from sqlalchemy import Connection, Engine, Table, func, select

from archive.catalog.database.engine import reading
from archive.catalog.tables.catalog import catalog, recording, retention_class
from eval.loading.catalog import Keeper, begin
from eval.loading.own_values import OwnValues
from eval.loading.patterns import APART, Pattern, Row, Written, pattern_of
from eval.loading.shapes import Shape, samples


class SampledPatterns:
    """By shape, as they are asked for; `engine` opens an empty catalog."""

    def __init__(self, engine: Engine) -> None:
        self._world, self._calls = samples()
        self._tables = [each for each in catalog.tables.values() if each not in APART]
        self._known: dict[Shape, Pattern] = {}
        self._engine = engine
        begin(engine, self._world)
        self._keeper = Keeper(engine, self._world)

    def of(self, shape: Shape) -> Pattern:
        """Raises `NotLike`."""
        if shape not in self._known:
            one, other = map(self._written, self._calls[shape])
            self._known[shape] = pattern_of(one, other)
        return self._known[shape]

    def _written(self, call: int) -> Written:
        with reading(self._engine) as connection:
            before = {each: last_key(connection, each) for each in self._tables}
        self._keeper.write(call)
        with reading(self._engine) as connection:
            rows = {each: _behind(connection, each, last) for each, last in before.items()}
            return Written(
                rows={table.name: found for table, found in rows.items() if found},
                own=OwnValues(connection, self._world).of(call).values,
                classes=tuple(_classes(connection, before[recording])),
            )


def last_key(connection: Connection, table: Table) -> int:
    """The last that it has given, 0 before the first."""
    return int(connection.scalar(select(func.max(*table.primary_key.columns))) or 0)


def _behind(connection: Connection, table: Table, last: int) -> list[Row]:
    (key,) = table.primary_key.columns
    wanted = select(table).where(key > last).order_by(key)
    return [tuple(row) for row in connection.execute(wanted)]


def _classes(connection: Connection, last: int) -> list[str]:
    wanted = (
        select(retention_class.c.content)
        .join(recording, recording.c.retention_class == retention_class.c.row)
        .where(recording.c.row > last)
        .order_by(recording.c.row)
    )
    return list(connection.scalars(wanted))
