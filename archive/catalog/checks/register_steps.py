"""What the rows of the register say that was done, each step as the journal must tell of it.

Questions only. Rows that cannot be read say nothing here. Knows nothing of the journal's rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, Table, select

from archive.catalog.accounts.persons import SERVICE_PREFIX
from archive.catalog.checks.register_kinds import ANYBODY, KINDS, Details, Names, RowOf, StepKind
from archive.catalog.journal.entries import Action
from archive.catalog.register.cells import is_readable
from archive.catalog.tables.catalog import service, token, user


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterStep:
    """What a row says that was done: the entry that must tell of it.

    `at_us`, `place`: None where the row does not say. `actors`: one of them, or `ANYBODY`; where
    `nobody`, no person. A text where the entry has a list is one of it.
    """

    row: str
    tenant: int
    action: Action
    target: str
    at_us: int | None = None
    actors: frozenset[str] = ANYBODY
    nobody: bool = False
    detail: Details = field(default_factory=dict)
    place: int | None = None
    # Entries of acts that end many do not tell of each.
    must_be_told: bool = True


def read_names(connection: Connection) -> Names:
    """The names of all tenants: their rows are one another's."""
    persons = {each.row: each.name for each in _rows(connection, user)}
    made = {each.row: SERVICE_PREFIX + each.name for each in _rows(connection, service)}
    issued: dict[int, frozenset[str]] = {}
    for each in _rows(connection, token):
        if each.service in made and each.issued_by is not None:
            known = issued.get(each.issued_by, ANYBODY)
            issued[each.issued_by] = known | {made[each.service]}
    return Names(persons, made, issued)


def register_steps(connection: Connection, names: Names) -> Iterator[RegisterStep]:
    """Every step of every row, table by table."""
    for kind in KINDS:
        for row in _rows(connection, kind.table):
            if not kind.at or getattr(row, kind.at) is not None:
                yield _step(kind, row, names)


def _rows(connection: Connection, table: Table) -> Iterator[RowOf]:
    (key,) = table.primary_key
    for row in connection.execute(select(table).order_by(key)):
        if is_readable(table, row._mapping):  # type: ignore[arg-type]  # keys are names here
            yield row


def _step(kind: StepKind, row: RowOf, names: Names) -> RegisterStep:
    by = getattr(row, kind.by) if kind.by else None
    actors = ANYBODY
    if isinstance(by, str):
        actors = frozenset({by})
    elif by is not None:
        actors = names.actors(by)
    return RegisterStep(
        row=f"{kind.table.name} {row.row}",
        tenant=row.tenant,
        action=kind.action,
        target=kind.target(row, names),
        at_us=getattr(row, kind.at) if kind.at else None,
        actors=actors,
        nobody=bool(kind.by) and by is None,
        detail=kind.detail(row),
        place=getattr(row, kind.place) if kind.place else None,
        must_be_told=kind.must_be_told,
    )
