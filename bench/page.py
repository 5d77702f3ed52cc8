"""The page of benchmarks, made from the files that the measurements wrote.

Run `python -m bench.page build > docs/benchmarks.md`. Measures nothing; what has no file is said to
be not measured.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from bench.answers import AnswerFigures
from bench.calls import CallFigures
from bench.ingest import IngestFigures
from bench.inline import InlineFigures
from bench.journal import JournalFigures
from bench.linear_sip import HEADS as LINEAR_HEADS, Growth
from bench.listeners import ListenerFigures
from bench.page_texts import (
    ANSWERS_TEXT,
    COMMANDS_TEXT,
    DELAY_TEXT,
    HEAD_TEXT,
    HELD_TEXT,
    INGEST_TEXT,
    INLINE_RATES_TEXT,
    JOURNAL_COST_TEXT,
    JOURNAL_TEXT,
    LINEAR_TEXT,
    LISTENERS_TEXT,
    PAGES_TEXT,
    RATES_TEXT,
    RELAY_TEXT,
    SEARCH_TEXT,
    SHOWN,
    SHOWN_TEXT,
    SOAK_TEXT,
    WITHIN_TEXT,
)
from bench.report import table
from bench.soak import SoakFigures

INGEST: Final = "bench-ingest.json"
CALLS: Final = "bench-calls.json"
ANSWERS: Final = "bench-answers.json"
LISTENERS: Final = "bench-listeners.json"
INLINE: Final = "bench-inline.json"
JOURNAL: Final = "bench-journal.json"
SOAK: Final = "soak.json"
LINEAR: Final = ("bench-linear-sip.json", "bench-linear-bodies.json")
NOT_MEASURED: Final = "Not measured yet.\n"

_Read = TypeVar("_Read")
_Measured = (
    IngestFigures
    | CallFigures
    | AnswerFigures
    | ListenerFigures
    | JournalFigures
    | InlineFigures
    | SoakFigures
)


def read(path: Path, kind: type[_Read]) -> _Read | None:
    """What a measurement wrote; None where it has not run. Raises `msgspec.ValidationError`."""
    if not path.exists():
        return None
    return msgspec.convert(json.loads(path.read_text()), kind)


def page(folder: Path) -> str:
    """The whole page, from the files of `folder`."""
    ingest, calls = read(folder / INGEST, IngestFigures), read(folder / CALLS, CallFigures)
    inline, soaked = read(folder / INLINE, InlineFigures), read(folder / SOAK, SoakFigures)
    answers = read(folder / ANSWERS, AnswerFigures)
    listened = read(folder / LISTENERS, ListenerFigures)
    journal = read(folder / JOURNAL, JournalFigures)
    linear = [read(folder / name, list[Growth]) or [] for name in LINEAR]
    sections = [
        HEAD_TEXT,
        _machine(
            [
                each
                for each in (ingest, calls, answers, listened, journal, inline, soaked)
                if each is not None
            ]
        ),
        INGEST_TEXT,
        _ingest(ingest),
        *_calls(calls),
        *_answers(answers),
        LISTENERS_TEXT,
        _listened(listened),
        *_journal(journal),
        *_inline(inline),
        SOAK_TEXT,
        _soaked(soaked),
        LINEAR_TEXT,
        *(_fastest(found) for found in linear if found),
    ]
    if not any(linear):
        sections.append(NOT_MEASURED)
    return "\n".join(section.strip() + "\n" for section in sections)


def _machine(
    measured: Sequence[_Measured],
) -> str:
    if not measured:
        return NOT_MEASURED
    facts: Mapping[str, object] = measured[0].machine
    rows: list[list[object]] = [[name, value] for name, value in facts.items()]
    told = [f"{table(('machine', ''), rows)}\nMeasured by:\n"]
    # One command measures all, unless each was run alone.
    for command, machine in {" ".join(each.command): each.machine for each in measured}.items():
        told.append(f"    {command}\n{elsewhere(facts, machine)}")
    return "\n".join(told)


def elsewhere(facts: Mapping[str, object], machine: Mapping[str, object]) -> str:
    """What was not as the page's first table says when this was measured; empty if all was."""
    rows = [[name, value] for name, value in machine.items() if facts.get(name) != value]
    return f"\nwith\n\n{table(('other than above', ''), rows)}" if rows else ""


def _ingest(figures: IngestFigures | None) -> str:
    if figures is None:
        return NOT_MEASURED
    runs = max((len(each.ours) for each in figures.runs), default=0)
    told = f"{runs} × {figures.seconds} s of each.\n\n"
    return told + figures.table() + _verdict(figures.missed)


def _calls(figures: CallFigures | None) -> list[str]:
    if figures is None:
        return [HELD_TEXT, NOT_MEASURED, RATES_TEXT, NOT_MEASURED, SEARCH_TEXT, NOT_MEASURED]
    held, rates, searches = figures.tables()
    return [HELD_TEXT, held, RATES_TEXT, rates, SEARCH_TEXT, searches, _verdict(figures.missed)]


def _answers(figures: AnswerFigures | None) -> list[str]:
    if figures is None:
        texts = (ANSWERS_TEXT, PAGES_TEXT, WITHIN_TEXT, SHOWN_TEXT, COMMANDS_TEXT)
        return [part for text in texts for part in (text, NOT_MEASURED)]
    by_id, pages, within, shown, commands = figures.tables()
    told = [ANSWERS_TEXT, figures.told() + "\n" + by_id, PAGES_TEXT, pages, WITHIN_TEXT, within]
    return [*told, SHOWN_TEXT, shown, COMMANDS_TEXT, commands, _verdict(figures.missed)]


def _listened(figures: ListenerFigures | None) -> str:
    return NOT_MEASURED if figures is None else figures.table() + _verdict(figures.missed)


def _journal(figures: JournalFigures | None) -> list[str]:
    if figures is None:
        return [JOURNAL_TEXT, NOT_MEASURED, JOURNAL_COST_TEXT, NOT_MEASURED]
    questions, entries = figures.tables()
    told = figures.told() + "\n" + questions
    return [JOURNAL_TEXT, told, JOURNAL_COST_TEXT, entries, _verdict(figures.missed)]


def _inline(figures: InlineFigures | None) -> list[str]:
    if figures is None:
        return [RELAY_TEXT, NOT_MEASURED, DELAY_TEXT, NOT_MEASURED, INLINE_RATES_TEXT, NOT_MEASURED]
    cost, delay, rates = figures.tables()
    runs = max((len(each.ours) for each in figures.runs), default=0)
    told = f"{runs} × {figures.seconds} s of each.\n\n"
    return [
        RELAY_TEXT,
        told + cost,
        DELAY_TEXT,
        delay,
        INLINE_RATES_TEXT,
        rates,
        _verdict(figures.missed),
    ]


def _soaked(figures: SoakFigures | None) -> str:
    if figures is None:
        return NOT_MEASURED
    failed = sum(figures.failures.values())
    told = (
        f"{figures.calls:,} calls up at any time, {figures.placed:,} in {figures.minutes:g} minutes"
    )
    secure = ", SRTP on both sides" if figures.secure else ""
    told += f"{secure}; {failed or 'none'} failed.\n\n"
    return told + figures.table() + _verdict(figures.missed)


def _fastest(found: Sequence[Growth]) -> str:
    ranked = sorted(found, key=lambda each: each.ratio, reverse=True)
    return table(LINEAR_HEADS, [each.row() for each in ranked[:SHOWN]])


def _verdict(missed: Sequence[str]) -> str:
    if not missed:
        return "\nEvery promise that was measured is kept.\n"
    return "\n**Not kept:** " + "; ".join(missed) + ".\n"


def main() -> int:
    """Write the page to standard output."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("build")
    sys.stdout.write(page(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
