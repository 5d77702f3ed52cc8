"""`rokuon retention simulate`: what another policy would make of the archive.

Knows nothing of what a rule means.
"""

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from rokuon.cli.api import client_of
from rokuon.cli.commands import Commands
from rokuon.cli.jobs import followed
from rokuon.cli.output import Output, OutputOption, Row, show_rows, show_value
from rokuon.client import Client
from rokuon.compose.errors import JobNotDone
from rokuon.i18n import tr

_MIB: Final = 1 << 20


def add_to(app: Commands) -> None:
    """The command under its noun."""
    app.command(
        "simulate", help=tr("Show what a policy would make of the archive; changes nothing")
    )(simulate)


def simulate(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=tr("a policy, TOML"))],
    output: OutputOption = Output.TABLE,
) -> None:
    """What falls due sooner or later than today, how all would stand, and when they would go.

    Ctrl-C ends the waiting and has the job cancelled.
    """
    found = _simulated(client_of(context), file.read_text("utf-8"))
    if output is Output.JSON:
        show_value(found, output)
        return
    sums = found["result"]
    show_rows([*_rows(sums, "changes"), *_rows(sums, "stands")], _titles(tr("what")), output)
    if sums["months"]:
        print()
        months = [_row(month, own) for month, own in sums["months"].items()]
        show_rows(months, _titles(tr("month in which they go")), output)


def _simulated(client: Client, text: str) -> dict[str, Any]:
    """The simulation when its job has ended; raises `JobNotDone` where that came to nothing."""
    started = client.post("/simulations", {"text": text})
    number = started["job"]["number"]
    try:
        found = followed(client, f"/simulations/{number}", tr("judging recordings"), started)
    except KeyboardInterrupt:
        client.post(f"/jobs/{number}/cancel", {})
        raise
    if found["result"] is None:
        raise JobNotDone(
            tr("the job has ended without a result; rokuon jobs show {number} says why").format(
                number=number
            )
        )
    return found


def _rows(found: dict[str, Any], key: str) -> list[Row]:
    return [_row(_words()[code], own) for code, own in found[key].items()]


def _row(what: str, own: dict[str, int]) -> Row:
    return {"what": what, "recordings": own["recordings"], "mib": f"{own['bytes'] / _MIB:.1f}"}


def _titles(what: str) -> dict[str, str]:
    return {"what": what, "recordings": tr("recordings"), "mib": tr("MiB")}


def _words() -> dict[str, str]:
    return {
        "newly_due": tr("due at once, not today"),
        "earlier": tr("go earlier"),
        "later": tr("go later"),
        "same": tr("go as today"),
        "due": tr("then: due"),
        "dated": tr("then: with a day on which they go"),
        "protected": tr("then: protected by a minimum, a hold or a case"),
        "unknown": tr("then: kept, for something is not known"),
        "no_end": tr("then: kept, without an end"),
    }
