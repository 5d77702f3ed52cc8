"""Which rows are sealed, by which columns; and that nobody writes them past their seals."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.catalog.database.engine import reading, writing
from archive.catalog.journal.sealed_rows import (
    SEALED,
    RowsAltered,
    believed,
    insert_row,
    note_rows,
    require_believed,
    update_rows,
    whole_rows,
)
from archive.catalog.tables.catalog import one_person, user
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import DEFAULT_TENANT
from tests import ROOT
from tests.archive.catalog.examples import new_catalog
from tests.archive.catalog.seals import sealed

WRITES = frozenset({"insert", "update", "delete"})


def written(tree: ast.AST) -> Iterator[str]:
    """The tables that a module writes to by a statement of its own."""
    for node in ast.walk(tree):
        is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if is_call and node.func.id in WRITES and node.args and isinstance(node.args[0], ast.Name):
            yield node.args[0].id


@pytest.mark.parametrize("folder", ["api", "archive", "retention", "rokuon"])
def test_rows_that_decide_are_written_with_their_seals_alone(folder: str) -> None:
    """By `insert_row`, `update_rows` and `note_rows`: any other row would not be believed."""
    names = {each.name for each in SEALED}
    past = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
        for name in written(ast.parse(path.read_text()))
        if name in names
    }
    assert past == set()


def test_what_is_authenticated_is_all_but_what_gives_nobody_more() -> None:
    """The numbers stand in seals for ever; a column that is left out is left out on purpose."""
    told = {
        each.table.name: (
            each.code,
            {column.name for column in each.table.c} - set(dict(each.columns)),
        )
        for each in SEALED.values()
    }

    assert told == {
        "user": (1, set()),
        "service": (2, set()),
        "role_gift": (3, set()),
        "os_name": (4, set()),
        "token": (5, {"last_used_us"}),
        "credential": (6, set()),
        "sign_in_code": (7, set()),
        "session": (8, {"used_us", "rotated_us"}),
        "proposal": (9, {"expired_us"}),
        "approval": (10, set()),
        "one_person": (11, set()),
        "standing_approval": (12, set()),
        "destruction_plan": (
            13,
            {"handed_us", "begun_us", "last_us", "waits", "ended_us", "ended", "ended_by"},
        ),
        "retention_revision": (14, set()),
        "revision_call_back": (15, set()),
        "confirmation": (16, set()),
        "proposal_comment": (18, set()),
    }


def test_a_row_is_changed_by_who_believes_it(tmp_path: Path) -> None:
    """And read; without seals everybody reads and writes."""
    plain = new_catalog(tmp_path)
    under, _ = sealed(plain, tmp_path)
    with writing(under) as connection:
        own = ensure_tenant(connection, DEFAULT_TENANT)
        row = insert_row(connection, one_person, tenant=own, declared_us=1)
        changed = update_rows(connection, one_person, (one_person.c.row == row,), ended_us=2)
    with writing(plain) as connection:
        update_rows(connection, one_person, (one_person.c.row == row,), ended_us=3)
    with writing(under) as connection:
        rows = connection.execute(one_person.select()).all()
        unbelieved = believed(connection, one_person, rows)
        unchanged = update_rows(connection, one_person, (one_person.c.row == row,), ended_us=4)
        for refuses in (
            lambda: require_believed(connection, one_person, rows),
            lambda: whole_rows(connection, one_person, own),
        ):
            with pytest.raises(RowsAltered, match="one_person"):
                refuses()
    with reading(plain) as connection:
        assert len(believed(connection, one_person, rows)) == 1
    plain.dispose()

    assert (row, len(changed), unbelieved, unchanged) == (1, 1, (), ())


def test_what_is_noted_is_what_is_not_authenticated(tmp_path: Path) -> None:
    """A slip of ours would leave a row that nobody believes."""
    under, _ = sealed(new_catalog(tmp_path), tmp_path)
    with writing(under) as connection, pytest.raises(AssertionError):
        note_rows(connection, user, (user.c.row == 1,), name="other")
    under.dispose()
