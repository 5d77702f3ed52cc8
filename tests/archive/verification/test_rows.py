"""One malformed cell ends no verification: its row is named, and what is wrong behind it, too."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import cycle
from typing import Final

import pytest

from archive.catalog.database.engine import catalog_url, open_engine, writing
from archive.catalog.tables.catalog import tenant
from archive.errors import KeyRefused
from archive.keys.errors import Refusal
from archive.verification.faults import Fault, Finding
from archive.verification.rows import odd_rows_named
from rokuon.compose.archive.catalog import CATALOG_FILE
from tests.archive.catalog.malformed_cells import (
    KINDS,
    Malformed,
    malform_file,
    malformed,
    put_rows,
)
from tests.archive.verification.evidence import Evidence, make
from tests.rokuon.installation import installation

# Whose parts nobody finds who does not know the tenant; they are files of which no row tells.
_OF_ALL: Final = "tenant"


@pytest.fixture(scope="module")
def archive() -> Iterator[Evidence]:
    with installation() as made:
        evidence = make(made)
        engine = open_engine(catalog_url(made.config.catalog_path / CATALOG_FILE))
        with writing(engine) as connection:
            put_rows(connection)
        engine.dispose()
        yield evidence


@pytest.fixture
def evidence(archive: Evidence) -> Iterator[Evidence]:
    """With a part behind everything else that is damaged."""
    with archive.untouched_afterwards():
        file = archive.file(last_part(archive))
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)
        yield archive


def last_part(evidence: Evidence) -> str:
    """The part that was adopted last."""
    whole = ("one", "other", "killed")
    return max(whole, key=lambda part: int(str(evidence.row(part, "row")[0])))


def spoil(evidence: Evidence, cells: Mapping[Malformed, int]) -> dict[tuple[str, str], str]:
    """Malform cells; what `rokuon verify` says then, by part and finding."""
    malform_file(str(evidence.site.config.catalog_path / CATALOG_FILE), cells)
    code, told = evidence.verify()
    assert code == 3
    findings = told["findings"]
    assert isinstance(findings, list)
    return {(row["part"], row["fault"]): row["said"] for row in findings}


def first_rows(evidence: Evidence) -> dict[str, int]:
    """The first row of each table, which mostly is of the first recording."""
    with closing(evidence.catalog()) as catalog:
        found = {}
        for table in {each.table for kind in KINDS for each in malformed(kind)}:
            (key,) = table.primary_key
            wanted = f'SELECT min({key.name}) FROM "{table.name}"'  # noqa: S608  # our own words
            (found[table.name],) = catalog.execute(wanted).fetchone()
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_malformed_verify_names_it_and_what_is_behind_it(
    evidence: Evidence, kind: str
) -> None:
    """The first row of every table at once, in all columns that may be malformed so."""
    rows, last = first_rows(evidence), evidence.name(last_part(evidence))
    cells = {each: rows[each.table.name] for each in malformed(kind) if each.table.name != _OF_ALL}

    told = spoil(evidence, cells)

    named = {part: said for (part, fault), said in told.items() if fault == "row_unreadable"}
    unnamed = [
        f"{each.table.name}.{each.column}"
        for each, row in cells.items()
        if each.column not in named.get(f"{each.table.name} {row}", "")
    ]
    assert unnamed == []
    assert (last, "part_damaged") in told


def _each_cell() -> list[Malformed]:
    """Every column once, each in the next way in which it may be malformed."""
    ways: dict[tuple[str, str], list[Malformed]] = {}
    for kind in KINDS:
        for each in malformed(kind):
            ways.setdefault((each.table.name, each.column), []).append(each)
    turns = cycle(range(len(KINDS)))
    return [own[next(turns) % len(own)] for own in ways.values()]


@pytest.mark.slow
@pytest.mark.parametrize("cell", _each_cell(), ids=lambda each: f"{each.table.name}.{each.column}")
def test_any_cell_alone_hides_nothing(evidence: Evidence, cell: Malformed) -> None:
    """Also where it stands in the way of what leads to everything else."""
    row, last = first_rows(evidence)[cell.table.name], evidence.name(last_part(evidence))

    told = spoil(evidence, {cell: row})

    assert (f"{cell.table.name} {row}", "row_unreadable") in told
    behind = "row_missing" if cell.table is tenant else "part_damaged"
    assert (last, behind) in told


def test_a_tenant_that_cannot_be_read_leaves_its_files_without_rows(evidence: Evidence) -> None:
    """Nothing leads to them any more: each is named."""
    told = spoil(evidence, {Malformed(tenant, "id", "'x'"): 1})

    assert ("tenant 1", "row_unreadable") in told
    assert {(evidence.name(part), "row_missing") for part in evidence.parts} <= set(told)


def test_what_is_true_of_all_rows_ends_it() -> None:
    """A key daemon that refuses is no finding about a row."""
    findings: list[Finding] = []

    with pytest.raises(KeyRefused), odd_rows_named(findings, "x"):
        raise KeyRefused(Refusal.ENTRY_STALE)
    with odd_rows_named(findings, "x"):
        raise ValueError("something with a number")

    assert findings == [Finding("x", Fault.ROW_UNREADABLE, "ValueError")]
