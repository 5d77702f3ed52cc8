"""The system calls by which a part is written, with a fuse before each of them.

Replaces functions of `os` and `fcntl` while it is lit: the code under test is the real one.
"""

import errno
import fcntl
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

CALLS = (
    (os, "mkdir"), (os, "open"), (fcntl, "flock"), (os, "pwrite"), (os, "fdatasync"),
    (os, "rename"), (os, "close"),
)  # fmt: skip


@dataclass(slots=True)
class SystemCalls:
    """Counts the calls and does `blow` before number `at`."""

    at: int
    blow: Callable[[], None]
    seen: list[str] = field(default_factory=list)
    after_sync: Callable[[], None] = lambda: None

    @contextmanager
    def lit(self) -> Iterator[None]:
        """While this lasts, the calls go through the fuse."""
        with ExitStack() as stack:
            patch = stack.enter_context(pytest.MonkeyPatch.context())
            for module, name in CALLS:
                patch.setattr(module, name, self._fused(name, getattr(module, name)))
            yield

    def _fused(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def fused(*arguments: Any, **named: Any) -> Any:
            self.seen.append(name)
            if len(self.seen) - 1 == self.at:
                self.blow()
            result = call(*arguments, **named)
            if name == "fdatasync":
                self.after_sync()
            return result

        return fused


def die() -> None:
    """As kill -9 does, before the call."""
    os.kill(os.getpid(), signal.SIGKILL)


def fail() -> None:
    """As a disk does that is broken or full."""
    raise OSError(errno.EIO, os.strerror(errno.EIO))
