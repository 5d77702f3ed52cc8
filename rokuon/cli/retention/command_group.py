"""`rokuon retention explain`: why a call is kept, and until when; and what is beside it.

Knows nothing of how a policy decides.
"""

from typing import Any

import typer

from rokuon.cli.calls.live_calls import Call
from rokuon.cli.destruction import certificates, measures, plans
from rokuon.cli.operation import machine_clock
from rokuon.cli.retention import policies, retention_events, rule_packs, simulations
from rokuon.cli.terminal.api import BreakGlass, Purpose, client_of, recordings_of
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.output import Output, OutputOption, Row, show_rows, show_value
from rokuon.messages.i18n import tr

app = Commands()

app.add_typer(policies.app, name="policy", help=tr("The retention policy and its revisions"))
app.add_typer(rule_packs.app, name="pack", help=tr("Rules that laws ask for; templates"))
app.add_typer(
    retention_events.app, name="event", help=tr("What happened and begins periods of retention")
)
app.add_typer(
    machine_clock.app,
    name="clock",
    help=tr("Whether anything is destroyed by the clock of the machine"),
)
app.add_typer(certificates.app, name="certificate", help=tr("Certificates of what was destroyed"))


@app.command("explain", help=tr("Why a call is kept, until when, and what would change that"))
def explain(
    context: typer.Context,
    call: Call,
    purpose: Purpose = "",
    break_glass: BreakGlass = "",
    output: OutputOption = Output.TABLE,
) -> None:
    """Each of its recordings, by the policy in force."""
    client = client_of(context, purpose, break_glass)
    found = recordings_of(client, call, "/retention")
    if output is Output.JSON:
        show_rows(found, {}, output)
        return
    for at, each in enumerate(found):
        if at:
            print()
        show_value(_told(each), Output.TABLE)


def _told(recording: dict[str, Any]) -> Row:
    """The sentences; of the rest about a call only where it does not go with the audio."""
    audio, metadata = recording["audio"], recording["metadata"]
    told: Row = {"recording": recording["recording"], **_sentences("", audio)}
    if metadata != audio:
        told |= _sentences("metadata_", metadata)
    told["judged_by"] = recording["judged_by"]
    return told | (_of_texts(recording["texts"]) if recording["texts"] else {})


def _of_texts(texts: dict[str, Any]) -> Row:
    """Of those of the journal: how many, and why and until when the last of them is kept."""
    told = {"texts": texts["count"], **_sentences("texts_", texts["last"])}
    return {**told, "texts_judged_by": texts["judged_by"]}


def _sentences(before: str, retained: dict[str, Any]) -> Row:
    return {
        f"{before}kept": retained["kept"],
        f"{before}because": "\n".join(retained["because"]),
        f"{before}changes": "\n".join(retained["changes"]),
    }


simulations.add_to(app)
measures.add_to(app)
plans.add_to(app)
