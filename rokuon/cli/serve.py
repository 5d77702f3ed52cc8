"""`rokuon serve [all|capture|keys|keeper|api]`.

Knows the names of the parts, nothing of what they do.
"""

from enum import StrEnum
from typing import Annotated

import typer

from rokuon import limits, logs
from rokuon.cli.session import session_of
from rokuon.compose.embedded import serve_all
from rokuon.compose.parts import serve_part
from rokuon.doctor.sizing import descriptors_for, pairs_in
from rokuon.i18n import tr


class Part(StrEnum):
    """What can be run on its own; `all` is every part under one supervisor."""

    ALL = "all"
    CAPTURE = "capture"
    KEYS = "keys"
    KEEPER = "keeper"
    API = "api"


def serve(
    context: typer.Context,
    part: Annotated[Part, typer.Argument(help=tr("the part to run"))] = Part.ALL,
    welcome: Annotated[
        bool,
        typer.Option(
            "--welcome", help=tr("on an empty archive: record two self-test calls, show a token")
        ),
    ] = False,
) -> None:
    """Run until SIGTERM or Ctrl-C."""
    session = session_of(context)
    config = session.config()
    logs.configure(part.value)
    limits.close_to_others()
    limits.raise_descriptors(descriptors_for(pairs_in(config.rtp)))
    if part is Part.ALL:
        serve_all(config, session.arguments(), welcome=welcome)
    else:
        serve_part(part.value, config)
