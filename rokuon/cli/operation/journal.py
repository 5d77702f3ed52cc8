"""`rokuon audit tail|who-heard|reach|broken-glass`: the journal as auditors read it.

Knows nothing of how it is kept.
"""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from rokuon.cli.terminal.api import client_of
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.output import Output, OutputOption, Row, moment, show_pages, show_rows
from rokuon.cli.terminal.time_options import Since, Until, Zone, in_zone, place_of, window_of
from rokuon.machine.api_client import Client
from rokuon.messages.i18n import tr

app = Commands()

Account = Annotated[str, typer.Option("--actor", help=tr("an account as the journal names it"))]
Action = Annotated[str, typer.Option("--action", help=tr("entries of one kind, e.g. listened"))]
Limit = Annotated[int, typer.Option("--limit", min=1, max=500, help=tr("at most so many entries"))]


@app.command("tail", help=tr("The latest entries of the journal"))
def tail(
    context: typer.Context,
    actor: Account = "",
    action: Action = "",
    zone: Zone = "",
    limit: Limit = 50,
    output: OutputOption = Output.TABLE,
) -> None:
    """Newest first."""
    _show_latest(context, {"account": actor, "action": action, "limit": limit}, zone, output)


@app.command("broken-glass", help=tr("When somebody went past the purposes of a recording"))
def broken_glass(
    context: typer.Context,
    zone: Zone = "",
    limit: Limit = 500,
    output: OutputOption = Output.TABLE,
) -> None:
    """Newest first, with the reasons that were given."""
    _show_latest(context, {"action": "broke_glass", "limit": limit}, zone, output)


@app.command("who-heard", help=tr("Who saw, heard or took a call"))
def who_heard(
    context: typer.Context,
    call: Annotated[str, typer.Argument(help=tr("id of a call or recording, also a former one"))],
    zone: Zone = "",
    output: OutputOption = Output.TABLE,
) -> None:
    """All of them, in the order of writing."""
    place = place_of(zone)
    path = f"/journal/heard/{call.strip().replace('-', '').lower()}"
    pages = _pages(client_of(context), path)
    rows = ([entry_row(each, place) for each in page] for page in pages)
    show_pages(rows, _titles(place), output)


@app.command("reach", help=tr("Whose calls an account reached in a time"))
def reach(
    context: typer.Context,
    actor: Annotated[str, typer.Argument(help=tr("an account as the journal names it"))],
    since: Since,
    until: Until,
    zone: Zone = "",
    output: OutputOption = Output.TABLE,
) -> None:
    """Counts by action, and every call."""
    _, (begin, end) = window_of(context, since, until, zone)
    asked = {"actor": actor, "from": begin.isoformat(), "to": end.isoformat()}
    found = _reached(client_of(context), asked)
    calls = [_call_row(each) for each in found["calls"]]
    if output is Output.JSON:
        show_rows([found], {}, output)
        return
    counted = {
        "action": tr("action"),
        "entries": tr("entries"),
        "calls": tr("calls"),
        "recordings": tr("recordings"),
    }
    show_rows(found["counts"], counted, output)
    show_rows(calls, {"call": tr("call"), "acts": tr("what was done")}, output)


def _show_latest(
    context: typer.Context, asked: dict[str, str | int], zone: str, output: Output
) -> None:
    place = place_of(zone)
    found = client_of(context).get("/journal", **asked)["entries"]
    show_rows([entry_row(each, place) for each in found], _titles(place), output)


def _pages(client: Client, path: str) -> Iterator[list[dict[str, Any]]]:
    behind: int | None = 0
    while behind is not None:
        page = client.get(path, behind=behind)
        yield page["entries"]
        behind = page["behind"]


def _reached(client: Client, asked: dict[str, str]) -> dict[str, Any]:
    """What the first page says, with the calls of all pages."""
    found: dict[str, Any] = client.post("/journal/reach", asked)
    behind = found.pop("behind")
    while behind is not None:
        page = client.post("/journal/reach", {**asked, "behind": behind})
        found["calls"] += page["calls"]
        behind = page["behind"]
    return found


def entry_row(entry: dict[str, Any], place: Any) -> Row:
    """One entry; what it tells beside is in words of its own."""
    told = [f"{key}={value}" for key, value in entry["detail"].items()]
    if entry["texts_destroyed"]:
        gone = moment(entry["texts_destroyed"], place)
        told.append(tr("Text destroyed by its rule: {at}").format(at=gone))
    return {**entry, "at": moment(entry["at"], place), "told": " ".join(told)}


def _call_row(call: dict[str, Any]) -> Row:
    acts = ", ".join(f"{action} {times}" for action, times in call["acts"].items())
    return {**call, "acts": acts}


def _titles(place: Any) -> dict[str, str]:
    return {
        "seq": tr("place"),
        "at": in_zone(tr("at"), place),
        "actor": tr("actor"),
        "action": tr("action"),
        "target": tr("about"),
        "purpose": tr("purpose"),
        "told": tr("detail"),
    }
