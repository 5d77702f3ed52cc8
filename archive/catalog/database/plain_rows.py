"""Rows of a question as the database hands them over: where they are many, objects cost more.

Knows no table.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection, Select

_AT_ONCE: Final = 10_000


def plain_rows(
    connection: Connection, question: Select[Any], values: Mapping[str, object]
) -> Iterator[tuple[Any, ...]]:
    """Each as a tuple, of columns that need no conversion."""
    cursor = connection.execute(question, values).cursor
    assert cursor is not None  # of a question there are rows
    return chain.from_iterable(iter(partial(cursor.fetchmany, _AT_ONCE), []))
