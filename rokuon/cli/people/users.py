"""`rokuon user`: persons, their roles, their logins, and tokens; and whether rows are believed.

Knows nothing of who may.
"""

import os
from http import HTTPStatus
from typing import Annotated, Any, Final

import typer

from rokuon.cli.terminal.api import client_of
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.output import Output, OutputOption, Row, moment, show_rows, show_value
from rokuon.cli.terminal.session import config_of
from rokuon.machine.api_client import ApiRefused, Client, part
from rokuon.machine.logins import name_of
from rokuon.messages.i18n import tr

app = Commands()

# What a token of a service may do unless something else is said.
SERVICE_SCOPES: Final = (
    "calls:search",
    "calls:read",
    "calls:correct",
    "audio:listen",
    "audio:export",
    "live:read",
    "live:control",
    "purpose:case",
)
TECHNICAL: Final = "technical"
_KINDS: Final = ("queues", "teams", "controllers", "numbers")

Name = Annotated[str, typer.Argument(help=tr("the user"))]
Own = Annotated[
    str, typer.Option("--purpose", help=tr("stated where a command or request says none"))
]
Several = list[str] | None


@app.command("add", help=tr("Make a user, who may do nothing yet"))
def add(
    context: typer.Context, name: Name, purpose: Own = "", output: OutputOption = Output.TABLE
) -> None:
    """A name is given once."""
    made = client_of(context).post("/users", {"name": name, "purpose": purpose})
    _show(made, output)


@app.command("list", help=tr("Show the users with their roles and logins"))
def list_(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """Also who is disabled."""
    users = client_of(context).get("/users")["users"]
    rows = users if output is Output.JSON else [_row(each) for each in users]
    show_rows(rows, _titles(), output)


@app.command("show", help=tr("Show one user"))
def show(context: typer.Context, name: Name, output: OutputOption = Output.TABLE) -> None:
    """Roles with their reach and the number of each gift."""
    _show(client_of(context).get(f"/users/{part(name)}"), output)


@app.command("disable", help=tr("End a user for good; what it follows ends within seconds"))
def disable(context: typer.Context, name: Name) -> None:
    """It stays in the register, for the journal names it."""
    client_of(context).delete(f"/users/{part(name)}")


@app.command(
    "reset", help=tr("End what a user signs in by, and make a sign-in code; it is shown once")
)
def reset(context: typer.Context, name: Name, output: OutputOption = Output.TABLE) -> None:
    """Its sessions end, too; whoever has the code chooses a new password."""
    path = f"/users/{part(name)}/sign-in-code"
    made = client_of(context).post(path, {"end_credentials": True})
    if output is Output.JSON:
        show_value(made, output)
        return
    told = tr("Sign-in code of {name}, shown once, for the page /welcome, until {until}: {code}")
    until = moment(made["expires_at"])
    print(told.format(name=name, until=until, code=made["code"]))


@app.command(
    "confirm", help=tr("Say that a user is who it says; root does, or whom its maker did not make")
)
def confirm(context: typer.Context, name: Name) -> None:
    """It counts for what takes two persons then."""
    client_of(context).post(f"/users/{part(name)}/confirm", {})
    print(tr("{name} is confirmed.").format(name=name))


@app.command("role", help=tr("Give a role within a reach, or take it away"))
def role(  # a reach has so many kinds
    context: typer.Context,
    name: Name,
    role: Annotated[str, typer.Argument(help=tr("the role, e.g. reviewer (docs/roles.md)"))],
    queue: Annotated[Several, typer.Option("--queue", help=tr("reach: a queue"))] = None,
    team: Annotated[Several, typer.Option("--team", help=tr("reach: a team of agents"))] = None,
    controller: Annotated[
        Several, typer.Option("--controller", help=tr("reach: a controller"))
    ] = None,
    numbers: Annotated[
        Several, typer.Option("--numbers", help=tr("reach: +81312*, 1001-1099 or one number"))
    ] = None,
    remove: Annotated[
        bool, typer.Option("--remove", help=tr("take every gift of this role away"))
    ] = False,
) -> None:
    """Without a reach it is a role for everything, and that is said."""
    client, path = client_of(context), f"/users/{part(name)}"
    named = (each or [] for each in (queue, team, controller, numbers))
    reach = dict(zip(_KINDS, named, strict=True))
    if remove:
        for gift in client.get(path)["roles"]:
            if gift["role"] == role:
                client.delete(f"{path}/roles/{gift['gift']}")
        return
    given = client.post(f"{path}/roles", {"role": role, **reach})
    print(tr("{name} has the role {role}: {reach}").format(
        name=name, role=role, reach=_reach(given)
    ))  # fmt: skip


@app.command(
    "seals",
    help=tr("Show rows of the register that are not as they were written, and so are not believed"),
)
def seals(
    context: typer.Context,
    again: Annotated[
        bool,
        typer.Option("--again", help=tr("believe all rows as they stand now; look at them before")),
    ] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """On the server alone, by who may read the key of the part `api`: root."""
    from rokuon.compose.api.row_seals import altered_rows, seal_again

    config = config_of(context)
    if again:
        found = seal_again(config, f"os:{name_of(os.geteuid())}")
        rows: list[Row] = [{"table": each, "rows": count} for each, count in found.items()]
        show_rows(rows, {"table": tr("table"), "rows": tr("sealed again")}, output)
        return
    altered = [{"table": table, "row": row} for table, row in altered_rows(config)]
    show_rows(altered, {"table": tr("table"), "row": tr("row")}, output)


@app.command("os-name", help=tr("Let a user of the operating system be a user, or no more"))
def os_name(
    context: typer.Context,
    name: Name,
    login: Annotated[str, typer.Argument(help=tr("the login, as id -un shows it"))],
    remove: Annotated[bool, typer.Option("--remove", help=tr("take it away"))] = False,
) -> None:
    """Commands of that login are the user's from now on."""
    client, path = client_of(context), f"/users/{part(name)}/os-names"
    if remove:
        client.delete(f"{path}/{part(login)}")
    else:
        client.post(path, {"os_name": login})


@app.command("token", help=tr("Make an API token; it is shown once"))
def token(  # a token has so many terms
    context: typer.Context,
    service: Annotated[
        str, typer.Argument(help=tr("the service, made if there is none; else it is your own"))
    ] = "",
    scope: Annotated[
        Several, typer.Option("--scope", help=tr("what it may do (docs/roles.md), several times"))
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=365, help=tr("until it ends"))] = 90,
    note: Annotated[str, typer.Option("--note", help=tr("what it is for"))] = "",
    purpose: Own = "",
) -> None:
    """Write a new token to the terminal, and nowhere else."""
    client = client_of(context)
    body: dict[str, Any] = {"scopes": scope or [], "days": days, "note": note, "purpose": purpose}
    if service:
        _add_service(client, service)
        body |= {
            "service": service,
            "scopes": scope or list(SERVICE_SCOPES),
            "purpose": purpose or TECHNICAL,
        }
    print(client.post("/tokens", body)["secret"])


def _add_service(client: Client, name: str) -> None:
    try:
        client.post("/services", {"name": name})
    except ApiRefused as refused:
        if refused.status != HTTPStatus.CONFLICT:
            raise


def _show(user: dict[str, Any], output: Output) -> None:
    if output is Output.JSON:
        show_value(user, output)
    else:
        show_rows([_row(user)], _titles(), output)


def _row(user: dict[str, Any]) -> Row:
    roles = (f"{each['role']} ({_reach(each)})" for each in user["roles"])
    return {
        **user,
        "roles": ", ".join(roles),
        "os_names": ", ".join(user["os_names"]),
        "created_at": moment(user["created_at"]),
        "disabled_at": moment(user["disabled_at"]),
    }


def _reach(gift: dict[str, Any]) -> str:
    named = [value for kind in _KINDS for value in gift[kind]]
    return " ".join(named) or tr("everything")


def _titles() -> dict[str, str]:
    return {
        "name": tr("user"),
        "roles": tr("roles"),
        "os_names": tr("logins"),
        "purpose": tr("purpose"),
        "created_at": tr("made"),
        "created_by": tr("made by"),
        "disabled_at": tr("disabled"),
    }
