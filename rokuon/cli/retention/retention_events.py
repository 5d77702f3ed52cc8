"""`rokuon retention event add|import|list`: what happened outside of calls and begins periods.

Knows nothing of what a rule means.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from rokuon.cli.terminal.api import client_of
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.output import Output, OutputOption, Row, moment, show_pages, show_value
from rokuon.cli.terminal.progress import progress
from rokuon.machine.api_client import Client
from rokuon.messages.i18n import tr

app = Commands()

_NONE = "none"


@app.command("add", help=tr("Tell that a contract ended, a case was closed, an agent left"))
def add(
    context: typer.Context,
    kind: Annotated[
        str, typer.Argument(help=tr("contract_end, case_closed, agent_left or event:NAME"))
    ],
    key: Annotated[str, typer.Argument(help=tr("as calls carry it: K-17 of a tag contract:K-17"))],
    date: Annotated[
        str, typer.Argument(help=tr("the day, as 2026-04-01; none: it has not happened"))
    ],
    output: OutputOption = Output.TABLE,
) -> None:
    """A wrong day is corrected by telling the right one; what was told before is kept."""
    body = {"kind": kind, "key": key, "date": None if date == _NONE else date}
    show_value(client_of(context).post("/retention-events", body), output)


@app.command("import", help=tr("Tell all that a table (CSV) has: kind, key, date"))
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=tr("CSV file, UTF-8"))],
    output: OutputOption = Output.TABLE,
) -> None:
    """All or nothing; told again it changes nothing."""
    with progress(tr("telling events")):
        done = client_of(context).put("/retention-events", file.read_bytes(), "text/csv")
    show_value(done, output)


@app.command("list", help=tr("Show what was told, the last word first"))
def list_(
    context: typer.Context,
    key: Annotated[str, typer.Option("--key", help=tr("of this key alone"))] = "",
    output: OutputOption = Output.TABLE,
) -> None:
    """Also what was corrected later; what counts says so."""
    titles = {
        "event_kind": tr("event"),
        "key": tr("key"),
        "date": tr("day"),
        "in_force": tr("counts"),
        "told_by": tr("by"),
        "told_at": tr("told"),
        "one_person": tr("one person"),
    }
    show_pages(_pages(client_of(context), key, output), titles, output)


def _pages(client: Client, key: str, output: Output) -> Iterator[list[Row]]:
    before = 0
    while True:
        page = client.get("/retention-events", key=key, before=before)
        events = page["events"]
        yield events if output is Output.JSON else [_row(each) for each in events]
        before = page["before"]
        if not before:
            return


def _row(event: dict[str, Any]) -> Row:
    return {
        **event,
        "event_kind": event["kind"],
        "date": event["date"] or tr("has not happened"),
        "told_at": moment(event["told_at"]),
    }
