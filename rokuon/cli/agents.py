"""`rokuon agents import|list`.

Knows nothing of how agents are matched to calls.
"""

from pathlib import Path
from typing import Annotated

import typer

from rokuon.cli.commands import Commands
from rokuon.cli.output import Output, OutputOption, show_rows, show_value
from rokuon.cli.session import config_of
from rokuon.i18n import tr

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
    from rokuon.compose.people import import_agents

    show_value(import_agents(config_of(context), file, zone), output)


@app.command("list", help=tr("Show the agents and since when they have which extension"))
def list_(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """Write every period of every agent."""
    from rokuon.compose.people import list_agents

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
    show_rows(list_agents(config_of(context)), titles, output)
