"""`rokuon selftest`.

Knows nothing of how calls are made.
"""

from pathlib import Path
from typing import Annotated

import typer

from rokuon.cli.node.inline_trial import inline_selftest
from rokuon.cli.terminal.output import Output, OutputOption, show_value
from rokuon.cli.terminal.session import config_of
from rokuon.messages.i18n import tr
from rokuon.selftest.phones.kinds import Phone


def selftest(
    context: typer.Context,
    calls: Annotated[int, typer.Option("--calls", min=1, max=50, help=tr("how many calls"))] = 2,
    inline: Annotated[
        bool,
        typer.Option(
            "--inline", help=tr("one call through route selftest: notice, bridge, recording")
        ),
    ] = False,
    phone: Annotated[
        Phone | None,
        typer.Option(
            "--phone", help=tr("with --inline: a telephone that is not ours places the call")
        ),
    ] = None,
    phone_python: Annotated[
        Path | None,
        typer.Option(
            "--phone-python", help=tr("the Python that has the phone's library, where ours has not")
        ),
    ] = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Send calls with real speech, paced, over UDP and TCP in turn; or one inline call."""
    if phone and not inline:
        raise typer.BadParameter(tr("--phone needs --inline"))
    if phone_python and not phone:
        raise typer.BadParameter(tr("--phone-python needs --phone"))
    if inline:
        inline_selftest(config_of(context), output, phone, phone_python)
        return
    from rokuon.compose.selftest.siprec_trial import run_selftest

    show_value(run_selftest(config_of(context), calls), output)
