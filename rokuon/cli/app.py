"""The root of the command line: the options before the noun, and the nouns.

Knows which commands there are, nothing of what they do.
"""

from pathlib import Path
from typing import Annotated

import typer

from rokuon.cli.calls import retrieval
from rokuon.cli.destruction import holds
from rokuon.cli.node import (
    doctor,
    node_control,
    prompts,
    routes,
    selftest,
    serve,
    settings,
    sources,
)
from rokuon.cli.operation import archive_maintenance, backups, jobs, journal, key_epochs
from rokuon.cli.people import agents, approvals, tokens, users
from rokuon.cli.retention import command_group
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.session import Session
from rokuon.messages import i18n
from rokuon.messages.i18n import tr

app = Commands(
    name="rokuon",
    help=tr("Records calls over SIP, sealed from the first byte; finds the right one."),
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        import importlib.metadata

        print(importlib.metadata.version("rokuon"))
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config", "-c", envvar="ROKUON_CONFIG", help=tr("configuration file (TOML)")
        ),
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help=tr("language: en or ja"))] = "",
    version: Annotated[  # noqa: ARG001  # it acts in its callback
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help=tr("show the version")
        ),
    ] = False,
) -> None:
    """Keep the options before the noun for the command that follows."""
    context.obj = Session(config, lang or i18n.language())


app.command("serve", help=tr("Run Rokuon, or one part of it"))(serve.serve)
app.command("drain", help=tr("Take no new calls; those that are up go on"))(node_control.drain)
app.command("reload", help=tr("Read sources, routes and certificates again"))(node_control.reload)
app.add_typer(journal.app, name="audit", help=tr("Read the journal"))
app.add_typer(retrieval.app, name="calls", help=tr("Find, show and export calls"))
app.command(
    "verify", help=tr("Check every archived part; or a certificate of destruction, offline")
)(archive_maintenance.verify)
app.command("recover", help=tr("Adopt what lies in the spool, also after a crash"))(
    archive_maintenance.recover
)
app.add_typer(archive_maintenance.index, name="index", help=tr("The index of recordings"))
app.add_typer(agents.app, name="agents", help=tr("The people whose calls are recorded"))
app.add_typer(users.app, name="user", help=tr("Persons, their roles, logins and tokens"))
app.add_typer(tokens.app, name="token", help=tr("Tokens of the API"))
app.add_typer(approvals.app, name="approval", help=tr("What takes two persons"))
app.add_typer(command_group.app, name="retention", help=tr("How long recordings are kept"))
app.add_typer(jobs.app, name="jobs", help=tr("Work that goes on in the background"))
app.add_typer(key_epochs.app, name="keys", help=tr("Epochs of the keys"))
app.add_typer(backups.app, name="backup", help=tr("Backup sets of keystore and catalog"))
app.add_typer(holds.app, name="hold", help=tr("Legal holds: what is kept for a matter"))
app.add_typer(settings.app, name="config", help=tr("The configuration"))
app.add_typer(sources.app, name="source", help=tr("Peers that send us calls"))
app.add_typer(prompts.app, name="prompt", help=tr("What callers hear of us"))
app.add_typer(routes.app, name="route", help=tr("Where inline calls go"))
app.command("doctor", help=tr("Is this machine fit to record what is promised?"))(doctor.doctor)
app.command("selftest", help=tr("Send self-test calls to a running Rokuon"))(selftest.selftest)
