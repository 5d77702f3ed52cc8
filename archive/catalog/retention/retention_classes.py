"""Classes of recordings of which a retention policy asks the same: each is judged once.

All that a policy may ask is in a class but the numbers, which nearly every call has of its own, and
when it ended. Kept where a recording's rows are derived. Knows no policy.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from archive.catalog.retention.retained_values import is_known, values_of
from archive.catalog.tables.catalog import recording, retention_class
from archive.catalog.tables.derived_forms import FORM
from archive.lifecycle.recording_values import Values

_NUMBER: Final = "number"
# In the place of numbers that are known.
SOME_NUMBERS: Final[frozenset[str]] = frozenset()


def classify(connection: Connection, tenant: int, row: int) -> None:
    """Put a recording into the class of its values; none where they are not known."""
    found = connection.execute(select(recording).where(recording.c.row == row)).one()
    after = None
    if is_known(found):
        after = _class_of(connection, tenant, values_of(connection, tenant, [found])[row])
    _move(connection, tenant, row, (found.retention_class, after))


def class_content(connection: Connection, tenant: int, row: int) -> str | None:
    """What the class of a recording must say, of whose rows it is made; None: it has none."""
    found = connection.execute(select(recording).where(recording.c.row == row)).one()
    return _content(values_of(connection, tenant, [found])[row]) if is_known(found) else None


def declassify(connection: Connection, tenant: int, row: int) -> None:
    """Take a recording out of its class: what is known of it is about to change, or to go."""
    before = connection.scalar(select(recording.c.retention_class).where(recording.c.row == row))
    _move(connection, tenant, row, (before, None))


def classes(connection: Connection, tenant: int) -> Mapping[int, Values]:
    """What each class has, by its row; nothing is known of what is in one of an older form."""
    rows = connection.execute(
        select(retention_class.c.row, retention_class.c.content).where(
            retention_class.c.tenant == tenant, retention_class.c.form == FORM
        )
    )
    return {row.row: _values(row.content) for row in rows}


def let_empty_go(connection: Connection, tenant: int, rows: Iterable[int]) -> None:
    """Take away each of these classes in which nothing is left: many recordings have lost them."""
    for row in rows:
        _let_go(connection, tenant, row)


def _move(
    connection: Connection, tenant: int, row: int, change: tuple[int | None, int | None]
) -> None:
    before, after = change
    if before == after:
        return
    connection.execute(
        update(recording).where(recording.c.row == row).values(retention_class=after)
    )
    if before is not None:
        _let_go(connection, tenant, before)


def _let_go(connection: Connection, tenant: int, row: int) -> None:
    """A class in which nothing is left goes: its tags may be all that was known of somebody."""
    left = select(recording.c.row).where(
        recording.c.tenant == tenant, recording.c.retention_class == row
    )
    if connection.scalar(left.limit(1)) is None:
        connection.execute(delete(retention_class).where(retention_class.c.row == row))


def _class_of(connection: Connection, tenant: int, values: Values) -> int:
    content = _content(values)
    digest = hashlib.sha256(f"{FORM} {content}".encode()).digest()
    known = select(retention_class.c.row).where(
        retention_class.c.tenant == tenant, retention_class.c.digest == digest
    )
    row = connection.scalar(known)
    if row is None:
        new = insert(retention_class).values(
            tenant=tenant, digest=digest, form=FORM, content=content
        )
        row = connection.execute(new.returning(retention_class.c.row)).scalar_one()
    return int(row)


def _content(values: Values) -> str:
    without = {**values, _NUMBER: None if values[_NUMBER] is None else SOME_NUMBERS}
    told = {kind: None if own is None else sorted(own) for kind, own in without.items()}
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def _values(content: str) -> Values:
    told = json.loads(content)
    return {kind: None if own is None else frozenset(own) for kind, own in told.items()}
