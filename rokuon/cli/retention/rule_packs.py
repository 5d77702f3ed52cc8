"""`rokuon retention pack list|show|diff|take`: rules that laws ask for, as Rokuon ships them.

Knows nothing of what a rule means. A pack is a template, not legal advice.
"""

import json
from typing import Annotated, Final

import typer

from rokuon.cli.retention.policies import Retroactive, show_taken_over
from rokuon.cli.terminal.api import client_of
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.output import Output, OutputOption, show_rows, show_value
from rokuon.machine.api_client import Json, part
from rokuon.messages.i18n import tr

app = Commands()

_JSON: Final = "application/json"
Pack = Annotated[str, typer.Argument(help=tr("id of a pack, as jp-appi"))]


@app.command("list", help=tr("Show the rule packs; templates, not legal advice"))
def list_(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """And which of them the latest revision has as they are."""
    packs = client_of(context).get("/rule-packs")["packs"]
    titles = {
        "id": tr("pack"),
        "version": tr("version"),
        "title": tr("about"),
        "rules": tr("rules"),
        "in_policy": tr("in the policy"),
        "sha256": tr("SHA-256"),
    }
    shorter = [{**each, "sha256": each["sha256"][:16]} for each in packs]
    show_rows(packs if output is Output.JSON else shorter, titles, output)


@app.command("show", help=tr("Write the text of a rule pack, with its citations"))
def show(context: typer.Context, pack: Pack, output: OutputOption = Output.TABLE) -> None:
    """As it is shipped; its digest is that of the file."""
    found = _pack(context, pack)
    if output is Output.JSON:
        show_value(found, output)
    else:
        print(found["text"], end="")


@app.command("diff", help=tr("Show what a rule pack would change in the policy"))
def diff(context: typer.Context, pack: Pack, output: OutputOption = Output.TABLE) -> None:
    """Beside the latest revision, line by line."""
    found = _pack(context, pack)
    if output is Output.JSON:
        show_value(found, output)
        return
    for line in found["difference"]:
        print(line)


@app.command("take", help=tr("Take the rules of a pack over into the retention policy"))
def take(
    context: typer.Context,
    pack: Pack,
    retroactive: Retroactive = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """As `policy import` of the latest revision with these rules."""
    body = json.dumps({"retroactive": retroactive}).encode()
    show_taken_over(client_of(context).put(f"/rule-packs/{part(pack)}", body, _JSON), output)


def _pack(context: typer.Context, own: str) -> Json:
    return client_of(context).get(f"/rule-packs/{part(own)}")
