"""Openings as the key daemon remembers them held against the journal, both ways.

Knows nothing of how a key is opened, nor of what it opens.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Engine

from archive.access.opening_text import text_digest
from archive.catalog.checks.journal_walk import count_openings, told_by_opening
from archive.catalog.database.engine import reading
from archive.keys.client.key_client import KeyClient
from archive.keys.wire.opening_messages import OpeningRow, OpeningsAnswer
from archive.verification.faults import Fault, Finding


@dataclass(slots=True)
class Compared:
    """Findings; how many entries opened keys, and how many could have and opened none."""

    findings: list[Finding] = field(default_factory=list)
    opened: int = 0
    unopened: int = 0


def compare_openings(engine: Engine, keys: KeyClient) -> Compared:
    """Compare every entry that the daemon was told of. Raises `KeyUnavailable`."""
    compared, found, last = Compared(), 0, 0
    for page in keys.openings():
        with reading(engine) as connection:
            told = told_by_opening(connection, [row.entry for row in page.rows])
        compared.findings += _findings(page, told, last)
        compared.opened += len(page.rows)
        found += len(told)
        last = page.rows[-1].number if page.rows else last
    with reading(engine) as connection:
        compared.unopened = count_openings(connection) - found
    return compared


def _findings(page: OpeningsAnswer, told: Mapping[bytes, bytes], last: int) -> Iterator[Finding]:
    """Of one page; `last` is the number of the row before it."""
    for row in page.rows:
        yield from _gap(last, row.number - 1)
        last = row.number
        text = told.get(row.entry)
        if text is None:
            yield _finding(row, Fault.OPENING_WITHOUT_ENTRY)
        elif text_digest(text) != row.digest:
            yield _finding(row, Fault.ENTRY_CHANGED)
    if not page.rows:
        yield from _gap(last, page.last)


def _gap(before: int, behind: int) -> Iterator[Finding]:
    """Numbers behind `before` up to `behind` that are not listed."""
    if behind > before:
        numbers = f"{before + 1}" if behind == before + 1 else f"{before + 1}–{behind}"
        yield Finding("", Fault.OPENING_MISSING, numbers)


def _finding(row: OpeningRow, fault: Fault) -> Finding:
    at = datetime.fromtimestamp(row.at_us / 1_000_000, UTC).isoformat(timespec="milliseconds")
    return Finding(row.entry.hex(), fault, f"{row.act} {at}")
