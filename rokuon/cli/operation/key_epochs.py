"""`rokuon keys status|rotate|epoch`: the epochs of the keys.

Knows nothing of keys; the key daemon does what is asked here, whether or not anybody waits.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Final

import typer

from rokuon.cli.terminal.api import client_of
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.exits import Exit
from rokuon.cli.terminal.output import Output, OutputOption, Row, moment, show_rows, show_value
from rokuon.cli.terminal.progress import progress
from rokuon.machine.api_client import Client
from rokuon.messages.errors import NotReady
from rokuon.messages.i18n import tr

app = Commands()

# A turn takes seconds; how far it is is looked at several times in each.
_LOOK_S: Final = 0.2
_SHUT: Final[Mapping[str, Callable[[], str]]] = {
    "": lambda: "",
    "count": lambda: tr("it is older than the count beside the epoch keys"),
    "keystore": lambda: tr("it is older than the catalog"),
    "catalog": lambda: tr("the catalog is older than it"),
}


@app.command("status", help=tr("Show the epoch in force, a turn under way, what is backed up"))
def status(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """Exit 0 when all is as it should be, 3 where a turn is stopped or an epoch held back."""
    found = client_of(context).get("/keys")
    held = [each for each in found["epochs"] if each["held_back"]]
    if output is Output.JSON:
        show_value(found, output)
    else:
        show_value(_summary(found), output)
        if held:
            show_rows([_row(each) for each in held], _titles(), output)
    if held or (found["turn"] or {}).get("fault") or not found["gate"]["is_open"]:
        raise typer.Exit(Exit.FINDINGS)


@app.command("epoch", help=tr("List the epochs, newest first"))
def epoch(
    context: typer.Context,
    number: Annotated[int | None, typer.Argument(min=1, help=tr("of an epoch"))] = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """From when each was in force, and since when its key is destroyed."""
    found = client_of(context).get("/keys")["epochs"]
    chosen = [each for each in found if number in (None, each["number"])]
    show_rows(
        chosen if output is Output.JSON else [_row(each) for each in chosen], _titles(), output
    )


@app.command("rotate", help=tr("Turn the epoch now"))
def rotate(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """Waits until it has turned; who stops waiting stops nothing."""
    client = client_of(context)
    before = client.post("/keys/turn", {})["epoch"]
    with progress(tr("turning the epoch")) as step:
        for found in _looks(client):
            turn = found["turn"]
            if turn is None and current_of(found)["number"] > before:
                break
            if turn and turn["fault"]:
                raise NotReady(tr("the turn does not go on: {why}").format(why=turn["fault"]))
            if turn:
                step(turn["done"], turn["total"])
    show_value(found if output is Output.JSON else _summary(found), output)


@app.command("free", help=tr("Free a keystore that is shut: it and the catalog know different"))
def free(
    context: typer.Context,
    destroy: Annotated[
        bool, typer.Option("--destroy", help=tr("destroy what the catalog alone says is destroyed"))
    ] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Says which proposal another person approves; then the same command does it."""
    show_value(client_of(context).post("/keys/free", {"destroys": destroy}), output)


def current_of(found: dict[str, Any]) -> dict[str, Any]:
    """The epoch in force."""
    current: dict[str, Any] = next(each for each in found["epochs"] if each["state"] == "current")
    return current


def _looks(client: Client) -> Iterator[dict[str, Any]]:
    while True:
        yield client.get("/keys")
        time.sleep(_LOOK_S)


def _summary(found: dict[str, Any]) -> Row:
    current, newest, turn = current_of(found), found["newest_set"], found["turn"]
    return {
        "epoch": current["number"],
        "in_force_since": moment(current["created_at"]),
        "turn_every_h": found["turn_every_h"],
        "keep_epochs": found["keep_epochs"],
        "assurance": found["assurance"],
        "destroyed_now_is_gone_from_backups": moment(found["gone_at"]) if found["gone_at"] else "",
        "turn": (turn["fault"] or f"{turn['done']}/{turn['total']}") if turn else "",
        "newest_keystore_set": newest["name"] if newest else "",
        "keys_in_no_set": found["unbacked"],
        "destructions_known": f"{found['gate']['known']}/{found['gate']['counted']}",
        "is_open": found["gate"]["is_open"],
        "shut": _SHUT[found["gate"]["shut"]](),
        "claims": found["gate"]["claims"],
    }


def _row(each: dict[str, Any]) -> Row:
    return {
        "number": each["number"],
        "state": each["state"],
        "created_at": moment(each["created_at"]),
        "destroyed_at": moment(each["destroyed_at"]) if each["destroyed_at"] else "",
        "held_back": ", ".join(each["held_back"]),
    }


def _titles() -> dict[str, str]:
    return {
        "number": tr("epoch"),
        "state": tr("state"),
        "created_at": tr("in force from"),
        "destroyed_at": tr("destroyed"),
        "held_back": tr("held back by"),
    }
