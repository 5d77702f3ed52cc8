"""`rokuon backup create|list|verify|restore|drill`: sets of the keystore and of the catalog.

Knows nothing of what is in them.
"""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from rokuon.cli.terminal.api import client_of
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.output import Output, OutputOption, Row, moment, show_rows, show_value
from rokuon.cli.terminal.progress import progress
from rokuon.cli.terminal.session import config_of
from rokuon.machine.api_client import Client
from rokuon.messages.errors import NotReady
from rokuon.messages.i18n import tr

if TYPE_CHECKING:
    from archive.restore.set_restore import VerifiedSet

app = Commands()

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=tr("a backup set"))]
_LOOK_S: Final = 0.2


@app.command("create", help=tr("Make a set of the keystore and one of the catalog, both verified"))
def create(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """The key daemon makes the first, the API the second, while both are in use."""
    client = client_of(context)
    with progress(tr("backing up")) as step:
        keystore = _keystore_set(client)
        step(1, 2)
        catalog = client.post("/backups", {})
        step(2, 2)
    show_rows([_row(each) for each in (keystore, catalog)], _titles(), output)


@app.command("list", help=tr("List the sets, newest first"))
def list_(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """Those of the catalog, and the newest of the keystore."""
    client = client_of(context)
    newest = client.get("/keys")["newest_set"]
    sets = [*([newest] if newest else []), *client.get("/backups")["sets"]]
    show_rows([_row(each) for each in sets], _titles(), output)


@app.command("verify", help=tr("Open a set to its last byte and check what is in it"))
def verify(context: typer.Context, file: File, output: OutputOption = Output.TABLE) -> None:
    """Restores nothing; runs as the user who may read the epoch keys."""
    from rokuon.compose.archive.restore import verify_set

    with progress(tr("verifying")):
        verified = verify_set(config_of(context), file)
    show_value(_verified(verified), output)


@app.command("restore", help=tr("Put a set into a stopped installation"))
def restore(context: typer.Context, file: File, output: OutputOption = Output.TABLE) -> None:
    """What was there before is kept beside it, with .before-restore behind its name."""
    from rokuon.compose.archive.restore import restore_set

    with progress(tr("restoring")):
        restored = restore_set(config_of(context), file)
    show_value(_verified(restored), output)


@app.command("drill", help=tr("Try a restore: the newest sets, and one recording with them"))
def drill(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """In a folder that is removed afterwards; nothing of the installation changes."""
    from rokuon.compose.archive.restore import drill as tried

    with progress(tr("restoring on trial")):
        done = tried(config_of(context))
    show_value(
        {
            "keystore_set": done.keystore.file.name,
            "catalog_set": done.catalog.file.name,
            "recording": str(done.recording),
            "parts": done.parts,
        },
        output,
    )
    if output is not Output.JSON:
        print(tr("restored on trial: the recording opens, all its tags are right"))


def _keystore_set(client: Client) -> dict[str, Any]:
    before = client.get("/keys")["newest_set"]
    client.post("/keys/backup", {})
    while (found := client.get("/keys"))["newest_set"] in (None, before):
        if (found["turn"] or {}).get("fault"):
            raise NotReady(tr("no set can be made: {why}").format(why=found["turn"]["fault"]))
        time.sleep(_LOOK_S)
    newest: dict[str, Any] = found["newest_set"]
    return newest


def _verified(verified: "VerifiedSet") -> Row:
    return {
        "file": verified.file.name,
        "epoch": verified.epoch,
        "made_at": moment(verified.made_at.isoformat()),
        "holds": _content(verified),
    }


def _content(verified: "VerifiedSet") -> str:
    if verified.revision:
        return tr("catalog of version {revision}").format(revision=verified.revision)
    return tr("{count} key(s)").format(count=verified.keys)


def _row(each: dict[str, Any]) -> Row:
    return {"name": each["name"], "epoch": each["epoch"], "made_at": moment(each["made_at"])}


def _titles() -> dict[str, str]:
    return {"name": tr("set"), "epoch": tr("epoch"), "made_at": tr("made")}
