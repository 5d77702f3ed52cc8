"""`rokuon serve [all|capture|keys|keeper|retention|api]`.

Knows the names of the parts, nothing of what they do.
"""

import importlib
import os
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Final

import typer

from rokuon.cli.terminal.session import Session, session_of
from rokuon.machine.notify import stand_by
from rokuon.messages.choices import FirstStart, Part
from rokuon.messages.i18n import tr

if TYPE_CHECKING:
    from rokuon.config.schema import Config

# What a spare loads before its turn; no other process loads it here.
_SIGNALLING: Final = "rokuon.compose.capture.signalling"
_MEDIA: Final = "rokuon.compose.capture.media"


def serve(
    context: typer.Context,
    part: Annotated[Part, typer.Argument(help=tr("the part to run"))] = Part.ALL,
    number: Annotated[
        int, typer.Option("--number", help=tr("which of several ingest workers"), hidden=True)
    ] = 0,
    welcome: Annotated[
        bool,
        typer.Option(
            "--welcome",
            help=tr("--one-person; on an empty archive: record two self-test calls, show a token"),
        ),
    ] = False,
    one_person: Annotated[
        bool,
        typer.Option(
            "--one-person",
            help=tr("where there is no user yet: be the first with every role, and enough for two"),
        ),
    ] = False,
    local_browser: Annotated[
        bool,
        typer.Option(
            "--local-browser",
            help=tr("as http.local_browser = true, of the part api"),
            hidden=True,
        ),
    ] = False,
) -> None:
    """Run until SIGTERM or Ctrl-C."""
    from rokuon.doctor.sizing_table import descriptors_for, pairs_in
    from rokuon.machine import logs, process_limits

    needed = _SIGNALLING if part is Part.SIGNALLING else _MEDIA
    stand_by(os.environ, lambda: importlib.import_module(needed))
    session = session_of(context)
    config = session.config()
    logs.configure(part.value)
    process_limits.close_to_others()
    process_limits.raise_descriptors(descriptors_for(pairs_in(config.rtp)))
    if part is Part.ALL:
        from rokuon.compose.start.embedded import serve_all

        first = FirstStart.ONE_PERSON if one_person else FirstStart.NOTHING
        first = FirstStart.WELCOME if welcome else first
        serve_all(config, session.arguments(), session.config_option(), first)
    else:
        from rokuon.compose.start.foreground_part import serve_part

        serve_part(part.value, _reread(session, local_browser), session.arguments(), number)


def _reread(session: Session, is_local: bool) -> "Callable[[], Config]":
    """How a part reads its configuration, with what the command line says beside it."""
    if not is_local:
        return session.config

    def with_local_browser() -> "Config":
        config = session.config()
        return replace(config, http=replace(config.http, local_browser=True))

    return with_local_browser
