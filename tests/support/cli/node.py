"""What tests of node share."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.call.live import LiveCalls, Question
from capture.status.status_socket import StatusSocket


@contextmanager
def signalling(path: Path, answer: Callable[[Question], LiveCalls]) -> Iterator[list[Question]]:
    """Somebody who answers like signalling; what he was asked."""
    asked: list[Question] = []

    def noted(question: Question) -> LiveCalls:
        asked.append(question)
        return answer(question)

    loop = asyncio.new_event_loop()
    socket = StatusSocket(path, noted)
    path.parent.mkdir(parents=True, exist_ok=True)
    loop.run_until_complete(socket.open())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield asked
    finally:
        loop.call_soon_threadsafe(socket.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
