"""`rokuon retention clock [confirm]`: whether anything is destroyed by the clock of the machine.

Knows nothing of clocks; the key daemon looks at them.
"""

from typing import Annotated, Any

import typer

from rokuon.cli.terminal.api import client_of
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.exits import Exit
from rokuon.cli.terminal.output import Output, OutputOption, Row, moment, show_value
from rokuon.messages.i18n import tr

# By itself it shows the state.
app = Commands(no_args_is_help=False)


@app.callback(invoke_without_command=True)
def show(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """Exit 3 where nothing is destroyed because nobody knows whether the clock is right."""
    if context.invoked_subcommand is None:
        _show(client_of(context).get("/retention/clock"), output)


@app.command("confirm", help=tr("Say that date and time of the machine are right"))
def confirm(
    context: typer.Context,
    is_right: Annotated[
        bool, typer.Option("--yes", help=tr("do not ask whether they are"))
    ] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Good until the next boot, or until the clock is set."""
    client = client_of(context)
    now = client.get("/retention/clock")["now"]
    if not is_right:
        question = tr("Is it {now} by another clock, too?").format(now=moment(now))
        typer.confirm(question, abort=True)
    _show(client.post("/retention/clock/confirm", {"at": now}), output)


def _show(found: dict[str, Any], output: Output) -> None:
    shown: Row = found
    if output is not Output.JSON:
        shown = {
            "clock_now": moment(found["now"]),
            "clock_doubt": found["doubt"],
            "clock_kernel": found["kernel"],
            "doubted_since": moment(found["doubted_since"]),
            "last_life": moment(found["last_life"]),
        }
    show_value(shown, output)
    if found["doubt"]:
        raise typer.Exit(Exit.FINDINGS)
