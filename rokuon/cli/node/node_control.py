"""`rokuon drain` and `rokuon reload`: what an operator tells the node that runs.

Knows the words, nothing of how they get there.
"""

import time
from typing import Annotated, Final

import typer

from rokuon.cli.terminal.exits import Exit
from rokuon.cli.terminal.output import Output, OutputOption, show_value
from rokuon.cli.terminal.progress import progress
from rokuon.cli.terminal.session import config_of
from rokuon.messages.i18n import tr

LOOK_EVERY_S: Final = 1.0


def drain(
    context: typer.Context,
    off: Annotated[bool, typer.Option("--off", help=tr("take new calls again"))] = False,
    wait: Annotated[bool, typer.Option("--wait", help=tr("until no call is up"))] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """New calls are refused with 503; those that are up go on."""
    from rokuon.compose.capture.node_control import drain_node

    config = config_of(context)
    state = drain_node(config, wanted=not off)
    if wait and not off:
        first = state.calls
        with progress(tr("calls that are up")) as step:
            while state.calls:
                step(first - state.calls, first)
                time.sleep(LOOK_EVERY_S)
                state = drain_node(config, wanted=True)
    show_value({"draining": state.draining, "calls": state.calls}, output)


def reload(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """Sources and certificates; calls that are up go on. Exit 1 where they cannot be used.

    Exit 3 where other settings have changed, which wait for a restart, or a prompt cannot be read.
    """
    from rokuon.compose.capture.node_control import reload_node

    reloaded = reload_node(config_of(context))
    shown = {"sources": reloaded.names, "restart_for": reloaded.later}
    show_value({**shown, "unread_prompts": reloaded.unread}, output)
    if reloaded.later or reloaded.unread:
        raise typer.Exit(Exit.FINDINGS)
