"""Whoever scores goes beside others; whoever writes goes alone, and nobody begins before him.

Knows nothing of what is read or written.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition, Lock


@dataclass(slots=True)
class Turns:
    """Of threads of one process; `work` is for who prepares what he will write."""

    work: Lock = field(default_factory=Lock)
    _changed: Condition = field(default_factory=Condition)
    _readers: int = 0
    _writers: int = 0  # at work or waiting

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Beside other readers."""
        with self._changed:
            self._changed.wait_for(lambda: not self._writers)
            self._readers += 1
        try:
            yield
        finally:
            with self._changed:
                self._readers -= 1
                self._changed.notify_all()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Alone; whoever has `work`."""
        with self._changed:
            assert not self._writers
            self._writers += 1
            self._changed.wait_for(lambda: not self._readers)
        try:
            yield
        finally:
            with self._changed:
                self._writers -= 1
                self._changed.notify_all()
