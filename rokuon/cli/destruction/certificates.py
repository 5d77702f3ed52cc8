"""`rokuon retention certificate list|show|export|key`: what was destroyed, as it was signed.

Writes files whole or not at all. Knows nothing of how a certificate is made or checked.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final

import typer

from archive.disk.files import LocalDisk, publish
from rokuon.cli.destruction.certificate_check import own_fingerprint
from rokuon.cli.terminal.api import client_of
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.output import Output, OutputOption, moment, show_rows, show_value
from rokuon.machine.api_client import Client, part, pieces
from rokuon.messages.i18n import tr

app = Commands()

PROOF: Final = "proof.txt"
Number = Annotated[int, typer.Argument(min=1, help=tr("of the plan that was carried out"))]


@app.command("list", help=tr("Show which runs have a certificate, the latest first"))
def list_(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """One for each run."""
    found = client_of(context).get("/certificates")["certificates"]
    if output is Output.TABLE:
        found = [
            {
                **each,
                "signed_at": moment(each["signed_at"]),
                "sha256": each["sha256"][:16],
            }
            for each in found
        ]
    show_rows(found, _titles(), output)


@app.command("show", help=tr("Tell what a certificate says"))
def show(context: typer.Context, number: Number, output: OutputOption = Output.TABLE) -> None:
    """In sentences; whether it is right says rokuon verify."""
    found = client_of(context).get(f"/certificates/{number}")
    if output is Output.JSON:
        show_value(found, output)
        return
    for line in found["told"]:
        print(line)


@app.command("export", help=tr("Write a certificate and what belongs to it into a folder"))
def export(
    context: typer.Context,
    number: Number,
    folder: Annotated[Path, typer.Argument(file_okay=False, help=tr("a folder, made if needed"))],
    recording: Annotated[
        str,
        typer.Option(
            "--recording",
            help=tr("id of a recording: its proof is drawn, and the list of all is left out"),
        ),
    ] = "",
) -> None:
    """For who is to check it; with a recording it tells of no other one."""
    client = client_of(context)
    paths = {
        name: f"/certificates/{number}/files/{part(name)}"
        for name in client.get(f"/certificates/{number}")["files"]
        if not (recording and name == "recordings.txt")
    }
    if recording:
        paths[PROOF] = f"/certificates/{number}/proofs/{part(recording)}"
    folder.mkdir(exist_ok=True)
    for name, path in paths.items():
        print(_written(client, path, folder / name))


@app.command("key", help=tr("Show the fingerprint of the key that signs certificates here"))
def key(context: typer.Context) -> None:
    """For who has to know it from another way than with a certificate."""
    print(
        own_fingerprint(context)
        or tr("there is no key here that you may read: start rokuon serve first")
    )


def _written(client: Client, path: str, file: Path) -> Path:
    """The file; one that is there already stays, and must be the same."""
    with client.download("GET", path) as answer:
        if not file.exists():
            publish(LocalDisk(), file, pieces(answer))
        elif not _is_same(file, pieces(answer)):
            said = tr("{file} is there already, and is another one; name another folder")
            raise typer.BadParameter(said.format(file=file))
    return file


def _is_same(file: Path, content: Iterable[bytes]) -> bool:
    with file.open("rb") as there:
        return all(there.read(len(piece)) == piece for piece in content) and not there.read(1)


def _titles() -> dict[str, str]:
    return {
        "number": tr("number"),
        "signed_at": tr("signed"),
        "recordings": tr("recordings"),
        "one_person": tr("one person"),
        "run": tr("run"),
        "sha256": tr("SHA-256"),
    }
