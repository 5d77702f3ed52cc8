"""What a cell of the catalog may hold, and what is wrong with one that holds something else.

Pure: judges values as a driver gives them, without their tables' types. Knows nothing of databases.
"""

import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import Final, get_args

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, SmallInteger, Table

from archive.access.approvals import Kind
from archive.catalog.accounts.credentials import CredentialKind
from archive.catalog.accounts.sessions import Stage
from archive.catalog.accounts.sign_in_codes import CodeMaker
from archive.catalog.journal.entries import Action
from archive.job_queue import JobKind
from archive.jobs import State
from archive.lifecycle.intention import Scope
from archive.lifecycle.measures import MeasureKind


class CellFlaw(StrEnum):
    MISSING = "missing"
    NO_NUMBER = "no_number"
    OUT_OF_RANGE = "out_of_range"
    NO_BYTES = "no_bytes"
    WRONG_LENGTH = "wrong_length"
    NO_TEXT = "no_text"
    NOT_UTF8 = "not_utf8"
    HAS_NUL = "has_nul"
    NO_JSON = "no_json"
    UNKNOWN_WORD = "unknown_word"


# Of a kind of whole number, the narrower one first: the first that it cannot hold.
_BOUNDS: Final[Mapping[type[Integer], int]] = {
    SmallInteger: 1 << 15,
    BigInteger: 1 << 63,
    Integer: 1 << 31,
}
_TIME: Final = "_us"
# The year 10000: nothing that shows a time can show a later one.
_LAST_US: Final = 253_402_300_800_000_000
# Forms of rows that are put aside are below zero; an agent may have sat there since before 1970.
_MAY_BE_NEGATIVE: Final = frozenset({"derived", "valid_from_us", "valid_to_us"})
# Empty where nothing is to be told.
JSON_TEXTS: Final = frozenset(
    {
        "correction.was",
        "due_count.reasons",
        "hold.scope",
        "job.arguments",
        "job.history",
        "job.result",
        "journal.detail",
        "journal_text.text",
        "naming.content",
        "part.gaps",
        "part.replays",
        "part.sequences",
        "part.sounds",
        "retention_class.content",
        "role_gift.reach",
        "service.reach",
        "tombstone.controllers",
        "tombstone.queues",
        "tombstone.teams",
    }
)
_MUST_TELL: Final = frozenset({"journal.detail", "journal_text.text"})
WORDS: Final[Mapping[str, frozenset[str]]] = {
    "case_measure.kind": frozenset(MeasureKind),
    "credential.kind": frozenset(get_args(CredentialKind)),
    "hold_recording.because": frozenset({"placed", "part", "changed"}),
    "hold_recording.state": frozenset({"meant", "held", "destroyed", "unknown"}),
    "job.kind": frozenset(JobKind),
    "job.state": frozenset(State),
    "journal.action": frozenset(get_args(Action)),
    "part.lost": frozenset({"", "missing", "damaged"}),
    "planned_recording.scope": frozenset(get_args(Scope)),
    "proposal.kind": frozenset(Kind),
    "session.stage": frozenset(get_args(Stage)),
    "sign_in_code.maker": frozenset(get_args(CodeMaker)),
    "sign_in_code.stage": frozenset(get_args(Stage)),
    "tombstone.scope": frozenset(get_args(Scope)),
}


def cell_flaws(table: Table, row: Mapping[str, object]) -> Iterator[tuple[str, CellFlaw]]:
    """The columns of a row that cannot be read as what they are, each with why."""
    for column in _columns(table):
        flaw = _flaw(column, row[column.name])
        if flaw is not None:
            yield column.name, flaw


def is_readable(table: Table, row: Mapping[str, object]) -> bool:
    """Whether every column of a row can be read."""
    return next(cell_flaws(table, row), None) is None


@cache
def _columns(table: Table) -> tuple[Column[object], ...]:
    return tuple(table.c)


def _flaw(column: Column[object], value: object) -> CellFlaw | None:
    if value is None:
        return None if column.nullable else CellFlaw.MISSING
    if isinstance(column.type, Integer):
        return _of_number(column, value)
    if isinstance(column.type, LargeBinary):
        return _of_bytes(column.type, value)
    return _of_text(f"{column.table.name}.{column.name}", value)


def _of_number(column: Column[object], value: object) -> CellFlaw | None:
    if not isinstance(value, int):
        return CellFlaw.NO_NUMBER
    bound = next(bound for kind, bound in _BOUNDS.items() if isinstance(column.type, kind))
    is_time = column.name.endswith(_TIME)
    first = -bound if column.name in _MAY_BE_NEGATIVE else 0
    fits = first <= value < (_LAST_US if is_time else bound)
    return None if fits else CellFlaw.OUT_OF_RANGE


def _of_bytes(kind: LargeBinary, value: object) -> CellFlaw | None:
    if not isinstance(value, bytes):
        return CellFlaw.NO_BYTES
    is_short = len(value) != kind.length if kind.length else not value
    return CellFlaw.WRONG_LENGTH if is_short else None


def _of_text(name: str, value: object) -> CellFlaw | None:
    if not isinstance(value, str):
        return CellFlaw.NO_TEXT
    if "\0" in value:
        return CellFlaw.HAS_NUL
    if not value.isascii() and any("\ud800" <= each <= "\udfff" for each in value):
        return CellFlaw.NOT_UTF8
    if name in WORDS:
        return None if value in WORDS[name] else CellFlaw.UNKNOWN_WORD
    if name in JSON_TEXTS and (value or name in _MUST_TELL):
        return None if _is_json(value) else CellFlaw.NO_JSON
    return None


def _is_json(value: str) -> bool:
    try:
        json.loads(value)
    except (ValueError, RecursionError):
        return False
    return True
