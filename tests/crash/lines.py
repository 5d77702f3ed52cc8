"""The lines of some modules as the places where a process is killed: all that it does is there.

A write through a map is no system call; a line is what lies between two of either. Knows nothing
of what the lines do.
"""

import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]


@dataclass(slots=True)
class Lines:
    """Counts the lines that are come to in `modules`, and is killed before number `at`."""

    modules: Sequence[str]  # files or folders, from the root of the sources
    at: int = sys.maxsize
    seen: list[tuple[str, int]] = field(default_factory=list)

    @contextmanager
    def lit(self) -> Iterator[None]:
        """While this lasts, in this thread."""
        sys.settrace(self._entered)
        try:
            yield
        finally:
            sys.settrace(None)

    def _entered(self, frame: FrameType, _event: str, _what: object) -> Any:
        name = frame.f_code.co_filename
        inside = any(name.startswith(f"{ROOT}/{each}") for each in self.modules)
        return self._stepped if inside else None

    def _stepped(self, frame: FrameType, event: str, _what: object) -> Any:
        if event == "line":
            if len(self.seen) == self.at:
                os.kill(os.getpid(), signal.SIGKILL)
            self.seen.append((frame.f_code.co_filename, frame.f_lineno))
        return self._stepped


def child(work: Callable[[], object]) -> int:
    """Do it in a process of its own; 0, or minus the signal that ended it."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 - whatever it is, this process must not go on
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def steps(work: Callable[[], object], modules: Sequence[str], note: Path) -> list[int]:
    """The places in a whole life: of each line the first and the last time that it is come to."""

    def counted() -> None:
        lines = Lines(modules)
        with lines.lit():
            work()
        first = {line: at for at, line in reversed([*enumerate(lines.seen)])}
        last = {line: at for at, line in enumerate(lines.seen)}
        note.write_text(" ".join(map(str, sorted({*first.values(), *last.values()}))))

    assert child(counted) == 0
    return [int(at) for at in note.read_text().split()]


def killed(work: Callable[[], object], modules: Sequence[str], at: int) -> None:
    """Do it in a process that is killed before that line."""

    def cut() -> None:
        with Lines(modules, at).lit():
            work()

    ended = child(cut)
    assert ended == -signal.SIGKILL, f"it ended with {ended} before line {at}"
