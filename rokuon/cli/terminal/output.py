"""Rows and values on the terminal: a table for people, JSON for programs.

Knows nothing of what is shown.
"""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from textwrap import indent
from typing import TYPE_CHECKING, Annotated, Final

import typer

from rokuon.cli.words.values import cell, label
from rokuon.machine.visible_text import visible
from rokuon.messages.i18n import tr

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions
    from rich.table import Table

# In a pipe nothing is folded: grep wants whole lines.
PIPE_WIDTH: Final = 10_000
# Narrower than any terminal began: columns of two letters tear words, and the mark of a guess.
NARROW: Final = 80

Row = dict[str, object]
# Of cells by their keys; what says more than its colour stands in its words.
Styles = Mapping[str, str]


class Output(StrEnum):
    """How results are written."""

    TABLE = "table"
    JSON = "json"


OutputOption = Annotated[
    Output, typer.Option("--output", "-o", help=tr("table for people, json for programs"))
]


def _console() -> "Console":
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else PIPE_WIDTH, highlight=False, markup=False)


def show_rows(rows: Sequence[Row], titles: dict[str, str], output: Output) -> None:
    """Write rows; `titles` names the columns of the table and their order, JSON has all keys."""
    if output is Output.JSON:
        print(json.dumps(list(rows), ensure_ascii=False, indent=2))
        return
    _show_table(rows, titles)


def show_pages(pages: Iterable[Sequence[Row]], titles: dict[str, str], output: Output) -> None:
    """Write rows as `show_rows` does, a page at a time: a table for each, one array in JSON."""
    if output is Output.JSON:
        _show_array(row for page in pages for row in page)
        return
    for page in pages:
        _show_table(page, titles)


def _show_array(rows: Iterable[Row]) -> None:
    """The text of the whole array, of which only one row is ever held."""
    before = "[\n"
    for row in rows:
        text = json.dumps(row, ensure_ascii=False, indent=2)
        print(before, indent(text, "  "), sep="", end="")
        before = ",\n"
    print("[]" if before == "[\n" else "\n]")


def show_whole(rows: Sequence[Row], titles: dict[str, str], styles: Sequence[Styles]) -> None:
    """Write rows for people: a table where every cell has room in one line, else a block for each.

    `styles` are of the cells of each row: a second sign beside their words.
    """
    console, table = _console(), _table(rows, titles, styles)
    if console.measure(table, options=_unbounded(console)).maximum <= console.width:
        console.print(table)
        return
    _show_blocks(rows, titles, styles)


def _show_table(rows: Sequence[Row], titles: dict[str, str]) -> None:
    styles: list[Styles] = [{} for _ in rows]
    console, table = _console(), _table(rows, titles, styles)
    if _would_tear(console, table):
        _show_blocks(rows, titles, styles)
        return
    console.print(table)


def _table(rows: Sequence[Row], titles: dict[str, str], styles: Sequence[Styles]) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in titles.values():
        table.add_column(title, overflow="fold")
    for row, own in zip(rows, styles, strict=True):
        cells = ((key, visible(cell(key, row.get(key)))) for key in titles)
        table.add_row(*(Text(said, own.get(key, "")) for key, said in cells))
    return table


def _show_blocks(rows: Sequence[Row], titles: dict[str, str], styles: Sequence[Styles]) -> None:
    """A block for each row, of the lines of what it has."""
    for row, own in zip(rows, styles, strict=True):
        told = ((key, title, cell(key, row.get(key))) for key, title in titles.items())
        _show_lines((title, said, own.get(key, "")) for key, title, said in told if said)
        print()


def _would_tear(console: "Console", table: "Table") -> bool:
    """Whether a narrow terminal has no room for the words of a table beside each other."""
    least = console.measure(table, options=_unbounded(console)).minimum
    return console.width < min(NARROW, least)


def _unbounded(console: "Console") -> "ConsoleOptions":
    return console.options.update(width=PIPE_WIDTH)


def show_lines(told: Iterable[tuple[str, str]]) -> None:
    """A line for each thing that is told, as the terminal has room."""
    _show_lines((what, said, "") for what, said in told)


def _show_lines(told: Iterable[tuple[str, str, str]]) -> None:
    """A line for each thing that is told; what is too long goes on in the next one."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False)
    for _ in ("what", "is"):
        table.add_column(overflow="fold")
    for what, said, style in told:
        table.add_row(what, Text(visible(said), style))
    _console().print(table)


def show_value(value: Row, output: Output) -> None:
    """Write one thing: a line for each of its keys, or JSON."""
    if output is Output.JSON:
        print(json.dumps(value, ensure_ascii=False, indent=2))
        return
    _show_lines((label(key), cell(key, inner), "") for key, inner in value.items())


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def moment(text: str | None, zone: tzinfo = UTC) -> str:
    """A time of an answer as a clock of the zone shows it; "" for none."""
    return "" if text is None else _at(text).astimezone(zone).isoformat(timespec="seconds")


def exact(text: str | None, zone: tzinfo = UTC) -> str:
    """The same to the microsecond."""
    return "" if text is None else _at(text).astimezone(zone).isoformat(timespec="microseconds")
