"""`rokuon token list|revoke`.

Knows nothing of who may.
"""

from typing import Annotated, Any

import typer

from rokuon.cli.terminal.api import client_of
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.output import Output, OutputOption, Row, moment, show_rows
from rokuon.messages.i18n import tr

app = Commands()


@app.command("list", help=tr("Show the tokens that are in force, without their secrets"))
def list_(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """Your own; everybody's for who may see the users."""
    titles = {
        "token": tr("number"),
        "holder": tr("whose"),
        "scopes": tr("scopes"),
        "expires_at": tr("until"),
        "last_used_at": tr("last used"),
        "issued_by": tr("issued by"),
        "note": tr("note"),
    }
    found = client_of(context).get("/tokens")["tokens"]
    show_rows(found if output is Output.JSON else [_row(each) for each in found], titles, output)


@app.command("revoke", help=tr("End a token now; what it follows ends within seconds"))
def revoke(
    context: typer.Context,
    number: Annotated[int, typer.Argument(min=1, help=tr("its number in the list"))],
) -> None:
    """For good."""
    client_of(context).delete(f"/tokens/{number}")


def _row(token: dict[str, Any]) -> Row:
    return {
        **token,
        "scopes": " ".join(token["scopes"]),
        "expires_at": moment(token["expires_at"]),
        "last_used_at": moment(token["last_used_at"]),
    }
