"""`rokuon user token`.

Knows nothing of what a token opens.
"""

from typing import Annotated

import typer

from rokuon.cli.commands import Commands
from rokuon.cli.session import config_of
from rokuon.i18n import tr

app = Commands()


@app.callback()
def users() -> None:
    """Keep `token` a command of its own while it is the only one."""


@app.command("token", help=tr("Make an API token; it is shown once"))
def token(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help=tr("the service; made if there is none"))],
) -> None:
    """Write a new token to the terminal, and nowhere else."""
    from rokuon.compose.people import make_token

    print(make_token(config_of(context), name))
