"""What the composition itself can refuse.

Knows nothing of the command line.
"""

from collections.abc import Iterator
from contextlib import contextmanager


class NotReady(Exception):
    """Something must be started or made first; the text says what."""


class AlreadyRunning(NotReady):
    """What is to be started runs already, in the same folder."""


class NothingFound(Exception):
    """What was asked for by its id is not here."""


class SeveralFound(Exception):
    """The id that was given is that of several calls; carries theirs."""

    def __init__(self, given: str, calls: tuple[str, ...]) -> None:
        super().__init__(given, calls)
        self.given = given
        self.calls = calls


class JobNotDone(Exception):
    """A job that a command waits for has ended without a result; the text says which."""


class ReloadRefused(Exception):
    """Sources or certificates that cannot be used; the running node keeps what it has."""


class IdentityRefused(Exception):
    """The node's identity file is exposed, of another version, or damaged."""


class PartFailed(Exception):
    """A part ended or stayed silent before it was ever ready; carries its name."""

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(f"{name}: {detail}")
        self.name = name
        self.detail = detail


@contextmanager
def failures_of_parts() -> Iterator[None]:
    """Raise `PartFailed` alone where a group of tasks ended by nothing else."""
    try:
        yield
    except BaseExceptionGroup as group:
        failed, others = group.split(PartFailed)
        if failed is None or others is not None:
            raise
        raise first_of(failed) from None


def first_of(error: BaseException) -> BaseException:
    """The first error in a group of errors, however deep."""
    return first_of(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error
