"""The exit codes of the command, and which error leads to which.

Knows the errors' roots, nothing of what raises them.
"""

import sys
from collections.abc import Callable
from enum import IntEnum
from typing import Final

from archive.errors import ArchiveError, KeyRefused
from capture.errors import CertificatesUnusable
from rokuon.config.config_problems import ConfigRefused
from rokuon.machine.api_client import FORBIDDEN, ApiAway, ApiClosed, ApiRefused
from rokuon.messages.errors import (
    IdentityRefused,
    JobNotDone,
    NothingFound,
    NotReady,
    PartFailed,
    ReloadRefused,
    SeveralFound,
)
from rokuon.messages.i18n import tr


class Exit(IntEnum):
    """What a script may rely on."""

    OK = 0
    ERROR = 1
    USAGE = 2
    FINDINGS = 3
    NOT_PERMITTED = 4


# What the API says to who is not known, or may not; and to a question that is none.
_NOT_PERMITTED: Final = frozenset({401, 403})
_USAGE: Final = 422


def code_for(error: Exception) -> Exit:
    """The exit code of an error that ends a command."""
    if isinstance(error, ApiRefused):
        return _of_api(error)
    is_closed = isinstance(error, ApiClosed | KeyRefused | PermissionError)
    return Exit.NOT_PERMITTED if is_closed else Exit.ERROR


def _of_api(refused: ApiRefused) -> Exit:
    if refused.status in _NOT_PERMITTED or refused.why in FORBIDDEN:
        return Exit.NOT_PERMITTED
    return Exit.USAGE if refused.status == _USAGE else Exit.ERROR


def text_for(error: Exception) -> str:
    """What the person at the terminal reads."""
    if isinstance(error, ConfigRefused):
        return error.render()
    # What all errors are is loaded when there is one: commands start faster without it.
    from rokuon.messages.error_words import words_of

    return tr("error: {text}").format(text=words_of(error))


def guarded(command: Callable[[], None]) -> int:
    """Run the command line; named errors become a message and a code, others are our bugs."""
    try:
        command()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else Exit.OK
    except _named() as error:
        print(text_for(error), file=sys.stderr)
        return code_for(error)
    return Exit.OK


def _named() -> tuple[type[Exception], ...]:
    """What becomes a message; looked at when there is an error: commands start faster so."""
    from sqlalchemy.exc import SQLAlchemyError

    return (
        ApiAway,
        ApiRefused,
        ArchiveError,
        CertificatesUnusable,
        ConfigRefused,
        IdentityRefused,
        JobNotDone,
        NothingFound,
        NotReady,
        OSError,
        PartFailed,
        ReloadRefused,
        SeveralFound,
        SQLAlchemyError,
    )
