"""`rokuon prompt list|check`.

Knows nothing of what makes a prompt good.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.exits import Exit
from rokuon.cli.terminal.output import Output, OutputOption, show_rows, show_value
from rokuon.messages.i18n import tr

if TYPE_CHECKING:
    from rokuon.prompts.prompt_rows import ShownCheck

app = Commands()
# A table has room for the beginning of a digest; JSON has all of it.
TABLE_DIGITS: Final = 12


@app.command("list", help=tr("The prompts that can be played, with their wording"))
def list_prompts(output: OutputOption = Output.TABLE) -> None:
    """Those that come with Rokuon."""
    from rokuon.prompts.prompt_rows import built_in_rows

    rows = built_in_rows()
    if output is Output.TABLE:
        rows = [row | {"sha256": str(row["sha256"])[:TABLE_DIGITS]} for row in rows]
    titles = {
        "name": tr("prompt"),
        "language": tr("language"),
        "seconds": tr("seconds"),
        "level_dbov": "dBov",
        "sketch": tr("sound"),
        "sha256": "SHA-256",
        "text": tr("wording"),
    }
    show_rows(rows, titles, output)


@app.command("check", help=tr("Can this file be played as a prompt, and how well?"))
def check(
    file: Annotated[Path, typer.Argument(help=tr("an audio file: WAV or FLAC"))],
    output: OutputOption = Output.TABLE,
) -> None:
    """Exit 0 when it can, also with warnings; 3 when it cannot."""
    from rokuon.prompts.prompt_rows import checked_file

    checked = checked_file(file)
    if output is Output.JSON:
        show_value(checked.file | {"findings": checked.findings}, output)
    else:
        _show_file(checked)
        _show_findings(checked)
    if not checked.can_be_played:
        raise typer.Exit(Exit.FINDINGS)


def _show_file(checked: "ShownCheck") -> None:
    titles = {
        "file": tr("file"),
        "sha256": "SHA-256",
        "seconds": tr("seconds"),
        "rate_hz": tr("samples a second"),
        "level_dbov": tr("speech level, dBov"),
        "peak_dbov": tr("peak, dBov"),
        "sketch": tr("sound"),
    }
    show_value({titles[key]: inner for key, inner in checked.file.items()}, Output.TABLE)


def _show_findings(checked: "ShownCheck") -> None:
    print()
    if not checked.findings:
        print(tr("{name}: nothing to object to").format(name=checked.file["file"]))
        return
    titles = {"code": tr("code"), "severity": tr("result"), "message": tr("what")}
    show_rows(checked.findings, titles, Output.TABLE)
    for finding in checked.findings:
        print(tr("{check}: to fix: {fix}").format(check=finding["code"], fix=finding["advice"]))
