"""`rokuon calls ledger`: every call of a time with its fate.

Knows nothing of how fates are kept.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Annotated, Any

import typer

from rokuon.cli.calls.clues import NumberIs
from rokuon.cli.terminal.api import Purpose, client_of
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.output import Output, OutputOption, Row, show_pages
from rokuon.cli.terminal.session import config_of
from rokuon.cli.terminal.time_options import Since, Until, Zone, in_zone, window_of
from rokuon.cli.words.values import cell, shown_party
from rokuon.machine.api_client import Client
from rokuon.messages.i18n import tr

# One question to the API.
PAGE = 500


def add_to(app: Commands) -> None:
    """Make it a verb of `calls`."""
    app.command("ledger", help=tr("Every call of a time with its fate: recorded, or why not"))(
        ledger
    )


def ledger(
    context: typer.Context,
    since: Since,
    until: Until,
    zone: Zone = "",
    source: Annotated[str, typer.Option("--source", help=tr("name of a source"))] = "",
    without_recording: Annotated[
        bool, typer.Option("--without-recording", help=tr("only calls that have no recording"))
    ] = False,
    number: NumberIs = "",
    name: Annotated[
        str, typer.Option("--name", help=tr("somebody who was in the call, or of whom it was told"))
    ] = "",
    purpose: Purpose = "",
    output: OutputOption = Output.TABLE,
) -> None:
    """All of them, however many; shown as they are read. It is in the journal that they were."""
    config = config_of(context)
    if source and source not in {each.name for each in config.source}:
        raise typer.BadParameter(tr("there is no source of this name"))
    place, ends = window_of(context, since, until, zone)
    begin, end = ends
    window = {"from": begin.isoformat(), "to": end.isoformat(), "zone": place.key}
    asked: Row = {
        "window": window,
        "source": source,
        "without_recording": without_recording,
        "number": number,
        "name": name,
        "limit": PAGE,
    }
    titles = {
        "at": in_zone(tr("begin"), place),
        "source": tr("source"),
        "parties": tr("parties"),
        "fate": tr("fate"),
        "status": tr("status"),
        "reason": tr("reason"),
        "detail": tr("detail"),
        "attempts": tr("who was called"),
        "recording": tr("recording"),
        "limit": tr("limit"),
        "call_id": tr("Call-ID"),
    }
    row = _row if output is Output.JSON else _row_for_people
    show_pages(_pages(client_of(context, purpose), asked, row), titles, output)


def _pages(client: Client, asked: Row, row: Callable[[Row], Row]) -> Iterator[list[Row]]:
    """Page after page, each when it is wanted."""
    cursor: str | None = ""
    while cursor is not None:
        page = client.post("/ledger/search", {**asked, **({"cursor": cursor} if cursor else {})})
        yield [row(each) for each in page["calls"]]
        cursor = page["next_cursor"]


def _row(call: dict[str, Any]) -> Row:
    at = datetime.fromisoformat(call["at"]).isoformat(timespec="milliseconds")
    answer, others = call["answer"], {key: call[key] for key in call if key != "answer"}
    return {
        **others,
        **answer,
        "at": at,
        "parties": " / ".join(call["parties"]),
        "attempts": " / ".join(map(_attempt, call["attempts"])),
        "recording": call["recording"] or "",
        "limit": call["limit"] or "",
    }


def _row_for_people(call: dict[str, Any]) -> Row:
    return {**_row(call), "parties": " / ".join(map(shown_party, call["parties"]))}


def _attempt(attempt: dict[str, Any]) -> str:
    """Return target, outcome and the status of the response, as far as there is one."""
    came_to = cell("outcome", attempt["outcome"])
    told = (attempt["target"], came_to, str(attempt["status"] or ""))
    return " ".join(each for each in told if each)
