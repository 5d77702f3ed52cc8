"""Rows and values on the terminal: a table for people, JSON for programs.

Knows nothing of what is shown.
"""

import json
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

import typer

from rokuon.cli.words import cell, label
from rokuon.i18n import tr

if TYPE_CHECKING:
    from rich.console import Console

# In a pipe nothing is folded: grep wants whole lines.
PIPE_WIDTH: Final = 10_000

Row = dict[str, object]


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
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in titles.values():
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*(cell(key, row.get(key)) for key in titles))
    _console().print(table)


def show_value(value: Row, output: Output) -> None:
    """Write one thing: a line for each of its keys, or JSON."""
    if output is Output.JSON:
        print(json.dumps(value, ensure_ascii=False, indent=2))
        return
    from rich.table import Table

    table = Table(box=None, show_header=False, pad_edge=False)
    for key, inner in value.items():
        table.add_row(label(key), cell(key, inner))
    _console().print(table)
