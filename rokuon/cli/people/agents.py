"""`rokuon agents import|assign|list`.

Knows nothing of how agents are matched to calls.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from rokuon.cli.terminal.api import client_of
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.output import Output, OutputOption, Row, moment, show_rows, show_value
from rokuon.cli.terminal.time_options import Since, Until, Zone, window_of
from rokuon.messages.i18n import tr

app = Commands()


@app.command("import", help=tr("Read the extension table (CSV) of the agents"))
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=tr("CSV file, UTF-8"))],
    zone: Annotated[
        str, typer.Option("--zone", help=tr("zone of valid_from and valid_to without offset"))
    ] = "Asia/Tokyo",
    output: OutputOption = Output.TABLE,
) -> None:
    """Columns: agent_id, name, kana, romaji, aliases, extension, valid_from, valid_to, team."""
    client = client_of(context)
    show_value(client.put("/agents", file.read_bytes(), "text/csv", zone=zone), output)


@app.command("assign", help=tr("Say which agent sat at an extension for a stretch of time"))
def assign(
    context: typer.Context,
    agent: Annotated[str, typer.Argument(help=tr("id of the agent, as in the table"))],
    extension: Annotated[str, typer.Argument(help=tr("the extension, as calls show it"))],
    since: Since,
    until: Until,
    reason: Annotated[str, typer.Option("--reason", help=tr("why it is so"))],
    zone: Zone = "",
    output: OutputOption = Output.TABLE,
) -> None:
    """One more period of the table; calls are found by who it was before, too."""
    _, (begin, end) = window_of(context, since, until, zone)
    said = {
        "agent_id": agent,
        "extension": extension,
        "from": begin.isoformat(),
        "to": end.isoformat(),
        "reason": reason,
    }
    show_value(client_of(context).post("/agents/assign", said), output)


@app.command("list", help=tr("Show the agents and since when they have which extension"))
def list_(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """Write every period of every agent."""
    titles = {
        "agent_id": tr("agent"),
        "name": tr("name"),
        "kana": tr("kana"),
        "romaji": tr("romaji"),
        "extension": tr("extension"),
        "team": tr("team"),
        "valid_from": tr("from"),
        "valid_to": tr("to"),
    }
    show_rows([_row(each) for each in client_of(context).get("/agents")["agents"]], titles, output)


def _row(period: dict[str, Any]) -> Row:
    """A period, "" where the table leaves it open on either side."""
    begin, end = moment(period["valid_from"]), moment(period["valid_to"])
    return {**period, "valid_from": begin, "valid_to": end}
