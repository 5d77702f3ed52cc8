"""What runs on an event loop of its own, in a thread beside a test."""

import asyncio
import sys
import threading
import traceback
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

# Of a machine on which other tests take all there is.
PATIENCE_S = 60.0


@contextmanager
def running(
    serve: Callable[[Callable[[], None]], Coroutine[Any, Any, None]],
    leave: Callable[[], None],
    *,
    patience_s: float = PATIENCE_S,
) -> Iterator[None]:
    """Run `serve` while the block lasts; it calls what it is given when it is ready.

    `leave` is called on the loop, and has to end it. What does not end in time is named.
    """
    ready, loop = threading.Event(), asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(serve(ready.set)), daemon=True)
    thread.start()
    assert ready.wait(patience_s), _what_runs(loop)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(leave)
        thread.join(patience_s)
        assert not thread.is_alive(), _what_runs(loop)
        loop.close()


def _what_runs(loop: asyncio.AbstractEventLoop) -> str:
    """Each task of it that has not ended, and where each thread is."""
    tasks = [str(each) for each in asyncio.all_tasks(loop)]
    frames = sys._current_frames().values()
    places = ["".join(traceback.format_stack(frame, limit=8)) for frame in frames]
    return "\n".join(["no answer of:", *tasks, *places])
