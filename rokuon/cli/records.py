"""`rokuon verify`, `rokuon recover`, `rokuon index rebuild`.

Knows nothing of how recordings are read or adopted.
"""

import typer

from rokuon.cli.exits import Exit
from rokuon.cli.output import Output, OutputOption, show_rows, show_value
from rokuon.cli.progress import progress
from rokuon.cli.session import config_of
from rokuon.compose import records
from rokuon.i18n import tr

index = typer.Typer(no_args_is_help=True)


def verify(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """Exit 0 when every part is whole, 3 with a line for each that is not."""
    with progress(tr("verifying")) as step:
        checked, damaged = records.verify_archive(config_of(context), step)
    if damaged:
        show_rows(damaged, {"part": tr("part"), "damage": tr("damage")}, output)
        raise typer.Exit(Exit.FINDINGS)
    if output is Output.JSON:
        show_rows([], {}, output)
    else:
        print(tr("{count} part(s): whole").format(count=checked))


def recover(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """Exit 0 when the spool is empty afterwards but for live calls, 3 with what is left."""
    with progress(tr("recovering")) as step:
        outcome, alarms = records.recover_spool(config_of(context), step)
    if output is Output.JSON:
        show_value({**outcome, "alarms": alarms}, output)
    else:
        show_value(outcome, output)
        show_rows(alarms, {"file": tr("file"), "alarm": tr("alarm")}, output)
    if alarms:
        raise typer.Exit(Exit.FINDINGS)


@index.command("rebuild", help=tr("Build the index anew from the archived recordings"))
def rebuild(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """Read every archived part; journal, users and agent tables stay as they are."""
    with progress(tr("rebuilding")) as step:
        outcome = records.rebuild_index(config_of(context), step)
    show_value(outcome, output)
