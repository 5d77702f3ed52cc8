"""`rokuon verify`, `rokuon recover`, `rokuon index rebuild`.

Knows nothing of how recordings are read or adopted.
"""

from pathlib import Path
from typing import Annotated

import typer

from rokuon.cli.destruction.certificate_check import CertificateCheck, check
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.exits import Exit
from rokuon.cli.terminal.output import Output, OutputOption, Row, show_rows, show_value
from rokuon.cli.terminal.progress import progress
from rokuon.cli.terminal.session import config_of
from rokuon.messages.error_words import words_of
from rokuon.messages.i18n import tr

index = Commands()

_TITLES = {
    "part": tr("part"),
    "damage": tr("damage"),
    "file": tr("file"),
    "problem": tr("problem"),
    "detail": tr("detail"),
}


Files = Annotated[
    list[Path] | None,
    typer.Argument(
        exists=True,
        dir_okay=False,
        help=tr("a certificate of destruction, and proofs, list and time stamps beside it"),
    ),
]
Fingerprint = Annotated[
    str, typer.Option("--key", help=tr("fingerprint of the key that has to have signed"))
]
Authorities = Annotated[
    Path | None,
    typer.Option(
        "--time-stamp-ca",
        exists=True,
        dir_okay=False,
        help=tr("certificates (PEM) of who vouches for servers of time stamps"),
    ),
]


Maps = Annotated[
    bool,
    typer.Option("--maps", help=tr("open every time map, and write those anew that do not open")),
]


ArchiveLost = Annotated[
    bool,
    typer.Option(
        "--archive-lost",
        help=tr("go on although the archive's folder looks as if its disk were not mounted"),
    ),
]


def verify(  # one option each of what can be said
    context: typer.Context,
    files: Files = None,
    key: Fingerprint = "",
    time_stamp_ca: Authorities = None,
    archive_lost: ArchiveLost = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Check a certificate of destruction offline; without one, all of the archive."""
    if files:
        asked = CertificateCheck(files=files, fingerprint=key.lower(), authorities=time_stamp_ca)
        check(context, asked, output)
    else:
        _verify_archive(context, output, archive_lost=archive_lost)


def _verify_archive(context: typer.Context, output: Output, *, archive_lost: bool) -> None:
    """Exit 0 when everything is whole and fits, 3 with a line for each thing that does not.

    Packets that no SRTP key proves are listed too: they came so, and the archive is whole.
    """
    from rokuon.cli.operation.verification_words import show_verified
    from rokuon.compose.archive.records import verify_archive

    with progress(tr("verifying")) as step:
        verified = verify_archive(config_of(context), step, archive_lost=archive_lost)
    show_verified(verified, output)
    if verified.findings:
        raise typer.Exit(Exit.FINDINGS)


def recover(
    context: typer.Context, maps: Maps = False, output: OutputOption = Output.TABLE
) -> None:
    """Exit 0 when nothing needs attention, 3 with what does.

    Time maps of archived parts that are not there, or are visibly damaged, are written anew.
    Root goes on as the owner of the archive.
    """
    from rokuon.compose.archive.keeper import mend_maps, readopt_kept, recover as recover_spool
    from rokuon.compose.archive.ownership import become_keeper

    config = config_of(context)
    become_keeper(config)
    done, stuck = recover_spool(config)
    again = readopt_kept(config)
    mended = mend_maps(config, opens_all=maps)
    problems: list[Row] = [
        {"file": str(problem.path), "problem": problem.reason.value, "detail": problem.detail}
        for problem in (*stuck, *again.problems)
    ]
    problems += [
        {"file": name, "problem": "map_not_made", "detail": words_of(failed)}
        for name, failed in mended.failed
    ]
    outcome: Row = {
        "archived": len(done.archived),
        "finalised": len(done.recovered),
        "with_holes": len(done.with_holes),
        "adopted_again": len(again.parts),
        "live": done.live,
        "removed": list(done.removed),
        "maps": mended.written,
    }
    if output is Output.JSON:
        show_value({**outcome, "problems": problems}, output)
    else:
        show_value(outcome, output)
        _show_findings(problems, output)
    if problems:
        raise typer.Exit(Exit.FINDINGS)


def _show_findings(rows: list[Row], output: Output) -> None:
    if rows:
        show_rows(rows, {key: _TITLES[key] for key in rows[0]}, output)


@index.callback()
def _index() -> None:
    """Keep `rebuild` a command of its own while it is the only one."""


@index.command("rebuild", help=tr("Build the index anew from the archived recordings"))
def rebuild(
    context: typer.Context,
    archive_lost: ArchiveLost = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Read every archived part; journal, users and agents stay, and everybody else goes on.

    Exit 3 if a part is damaged, out of place, or was known and is not there any more: its recording
    stays, and says so. Parts of recordings that were destroyed are left out, and counted.
    """
    from rokuon.cli.operation.rebuild_words import damage_rows, lost_rows, value_of
    from rokuon.compose.archive.restore import rebuild_index

    with progress(tr("rebuilding")) as step:
        built = rebuild_index(config_of(context), step, archive_lost=archive_lost)
    if output is Output.JSON:
        show_value(value_of(built), output)
    else:
        print(tr("{count} part(s) in the index").format(count=built.parts))
        if built.left_out:
            left = len(built.left_out)
            print(tr("{count} part(s) of destroyed recordings left out").format(count=left))
        _show_findings(damage_rows(built), output)
        _show_findings(lost_rows(built), output)
    if built.damaged or built.lost:
        raise typer.Exit(Exit.FINDINGS)
