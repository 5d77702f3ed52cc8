"""What runs beside a test and does not end is named."""

import asyncio
from collections.abc import Callable

import pytest

from tests.loop_thread import running


def test_what_is_told_to_leave_has_ended_when_the_block_ends() -> None:
    """Not later: what it used is taken away then."""
    stop, ended = asyncio.Event(), []

    async def serve(ready: Callable[[], None]) -> None:
        ready()
        await stop.wait()
        ended.append(True)

    with running(serve, stop.set):
        assert not ended

    assert ended


def test_what_does_not_leave_is_named() -> None:
    """With the task that waits, and where."""

    async def stubborn(ready: Callable[[], None]) -> None:
        ready()
        await asyncio.Event().wait()

    with pytest.raises(AssertionError, match="stubborn"), running(stubborn, int, patience_s=0.1):
        pass
