"""`rokuon source unknown|test|report`.

Knows nothing of SIP.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.exits import Exit
from rokuon.cli.terminal.output import Output, OutputOption, show_rows, show_value
from rokuon.cli.terminal.session import config_of
from rokuon.cli.words.values import setting_label
from rokuon.messages.i18n import tr

if TYPE_CHECKING:
    from rokuon.config.schema import Config

app = Commands()


@app.command("unknown", help=tr("Who sent us calls without being configured"))
def unknown(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """Exit 3 when there is one, with the block to add."""
    from rokuon.compose.capture.sources import unknown_sources

    config = config_of(context)
    rows = unknown_sources(config)
    titles = {"address": tr("address"), "count": tr("calls"), "last_at": tr("last")}
    show_rows(rows, titles, output)
    if output is Output.TABLE:
        for number, row in enumerate(rows, start=1):
            print("\n" + _advice(config, str(row["address"]), number))
    if rows:
        raise typer.Exit(Exit.FINDINGS)


def _advice(config: "Config", address: str, number: int) -> str:
    """The block to add; an address that a source has already lacks something else."""
    from rokuon.compose.capture.sources import source_at

    source = source_at(config, address)
    if source is None:
        return f'[[source]]\nname = "new-{number}"\naddress = ["{address}"]'
    return tr('{address} is of source "{name}", which must show its certificate').format(
        address=address, name=source.name
    )


@app.command("test", help=tr("Which source an address would be, and with which settings"))
def probe(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help=tr("IP address of a peer"))],
    output: OutputOption = Output.TABLE,
) -> None:
    """Exit 3 when no source has the address."""
    from rokuon.compose.capture.sources import source_of

    row = source_of(config_of(context), address)
    if row is None:
        print(tr("no source has this address; calls from it are refused"))
        raise typer.Exit(Exit.FINDINGS)
    if output is Output.TABLE:
        row = {setting_label(key): value for key, value in row.items()}
    show_value(row, output)


@app.command("report", help=tr("What a source does otherwise than the RFCs say"))
def report(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help=tr("name of a source"))],
    output: OutputOption = Output.TABLE,
) -> None:
    """All of it was tolerated; `rokuon calls trace` shows the messages of the example."""
    from rokuon.doctor.source_deviations import report_of

    config = config_of(context)
    if name not in {source.name for source in config.source}:
        raise typer.BadParameter(tr("there is no source of this name"))
    rows = report_of(config, name)
    titles = {
        "code": tr("code"),
        "what": tr("what"),
        "recordings": tr("recordings"),
        "last": tr("last"),
        "example": tr("example"),
    }
    show_rows(rows, titles, output)
