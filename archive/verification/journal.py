"""Whether the journal is whole: a place behind every place, and no time before an earlier one.

Knows nothing of what entries tell of.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from sqlalchemy import Engine

from archive.catalog.checks.journal_walk import Mark, last_given_seq, marks
from archive.catalog.database.engine import reading
from archive.verification.faults import Fault, Finding

# An entry is committed some seconds after its time, and one of a long act some minutes.
LATE_US: Final = 5 * 60 * 1_000_000
# Says that the clock was set, or that a person looked at it.
CLOCK_ACTS: Final = frozenset({"clock_set", "clock_confirmed"})


def journal_findings(engine: Engine) -> Iterator[Finding]:
    """What is missing in it, and what stands out of its time."""
    with reading(engine) as connection:
        last = last_given_seq(connection)
    every = list(marks(engine))
    yield from gaps(every, last)
    yield from out_of_order(every)


def gaps(every: Iterable[Mark], last: int) -> Iterator[Finding]:
    """Places without an entry, up to `last`."""
    before = 0
    for mark in every:
        yield from _gap(before, mark.seq - 1)
        before = mark.seq
    yield from _gap(before, last)


def out_of_order(every: Iterable[Mark]) -> Iterator[Finding]:
    """Entries of a time more than `LATE_US` before that of an earlier one.

    Of a clock that was set back the first is none where the next act about the clock says so.
    """
    latest_us, jumped = 0, None
    for mark in every:
        if mark.action in CLOCK_ACTS:
            latest_us, jumped = mark.at_us, None
        elif mark.at_us < latest_us - LATE_US:
            if jumped is not None:
                yield _finding(jumped)
            latest_us, jumped = mark.at_us, mark
        else:
            latest_us = max(latest_us, mark.at_us)
    if jumped is not None:
        yield _finding(jumped)


def _gap(before: int, behind: int) -> Iterator[Finding]:
    if behind > before:
        places = f"{before + 1}" if behind == before + 1 else f"{before + 1}–{behind}"
        yield Finding(f"journal {places}", Fault.ENTRY_GONE)


def _finding(mark: Mark) -> Finding:
    return Finding(f"journal {mark.seq}", Fault.ENTRY_OUT_OF_TIME, mark.action)
