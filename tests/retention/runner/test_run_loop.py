"""The part `retention`: round after round, whatever a round meets."""

import asyncio
from collections.abc import Iterator
from typing import cast

import pytest

from archive.errors import KeyUnavailable
from retention.runner import run_loop
from retention.runner.run_loop import serve_retention
from retention.runner.schedule import Runner


class Rounds:
    """What each round raises or returns; stops the part behind the last one."""

    def __init__(self, stop: asyncio.Event, *each: Exception | float) -> None:
        self._each: Iterator[Exception | float] = iter(each)
        self._left = len(each)
        self._stop, self._loop = stop, asyncio.get_running_loop()

    def round(self) -> float:
        """The next one."""
        self._left -= 1
        if not self._left:
            self._loop.call_soon_threadsafe(self._stop.set)
        said = next(self._each)
        if isinstance(said, Exception):
            raise said
        return said


async def test_what_cannot_be_reached_now_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key daemon is restarted, a disk is full for a while."""
    monkeypatch.setattr(run_loop, "AFTER_FAILURE_S", 0.0)
    stop = asyncio.Event()
    rounds = Rounds(stop, 0.0, KeyUnavailable("away"), OSError(28, "full"), 3_600.0)
    await serve_retention(cast(Runner, rounds), stop)

    assert not rounds._left
