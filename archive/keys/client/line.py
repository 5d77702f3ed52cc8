"""One line to the key daemon: a request goes out, its answer comes back.

Knows nothing of what is asked. A daemon that was restarted is found again.
"""

import socket
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Final

from archive.errors import KeyRefused, KeyUnavailable
from archive.format.floe import zero
from archive.keys.errors import MessageMalformed, Refusal
from archive.keys.wire.message import AnswerT, Question
from archive.keys.wire.protocol import LENGTH, RefusedAnswer, body_bytes, decode_answer, encode

# The daemon answers in milliseconds; a slow disk under its keystore may take a second.
ANSWER_TIMEOUT_S: Final = 10.0


class _HungUp(Exception):
    """The connection ended before an answer came."""


def _nothing() -> None:
    """Nobody wants to know."""


@dataclass(slots=True)
class KeyLine:
    """A connection that is made with the first request; may be shared by threads.

    `on_connect` is called with each new one: the daemon may be another than it was.
    """

    socket_path: Path
    timeout_s: float = ANSWER_TIMEOUT_S
    on_connect: Callable[[], None] = _nothing
    _connection: socket.socket | None = None
    _turn: Lock = field(default_factory=Lock)

    def close(self) -> None:
        """Hang up; the next request connects again."""
        with self._turn:
            self._hang_up()

    def ask(self, question: Question[AnswerT]) -> AnswerT:
        """Ask once and return the answer. Raises `KeyRefused` or `KeyUnavailable`."""
        with self._turn:
            answer = self._exchange(encode(question), question.answer_type())
        if isinstance(answer, RefusedAnswer):
            if answer.refused == Refusal.KEYS_UNAVAILABLE:
                raise KeyUnavailable("the key daemon cannot reach its own keys")
            raise KeyRefused(answer.refused)
        return answer

    def _exchange(self, message: bytes, expected: type[AnswerT]) -> AnswerT | RefusedAnswer:
        """Ask once; once more where a kept connection turns out to be dead. All asks may repeat."""
        was_kept = self._connection is not None
        try:
            return self._exchange_once(message, expected)
        except _HungUp:
            if was_kept:
                return self._exchange_again(message, expected)
            raise KeyUnavailable("the key daemon hung up") from None

    def _exchange_again(self, message: bytes, expected: type[AnswerT]) -> AnswerT | RefusedAnswer:
        try:
            return self._exchange_once(message, expected)
        except _HungUp:
            raise KeyUnavailable("the key daemon hung up twice") from None

    def _exchange_once(self, message: bytes, expected: type[AnswerT]) -> AnswerT | RefusedAnswer:
        try:
            connection = self._connected()
            connection.sendall(message)
            body = _receive(connection, body_bytes(bytes(_receive(connection, LENGTH.size))))
            answer = decode_answer(body, expected)
        except (BrokenPipeError, ConnectionResetError):
            self._hang_up()
            raise _HungUp from None
        except _HungUp:
            self._hang_up()
            raise
        except (OSError, MessageMalformed) as failed:
            self._hang_up()
            raise KeyUnavailable(f"no answer from the key daemon: {_reason(failed)}") from failed
        zero(body)
        return answer

    def _connected(self) -> socket.socket:
        if self._connection is None:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(self.timeout_s)
            self._connection = connection
            connection.connect(str(self.socket_path))
            with ExitStack() as undo:
                undo.callback(self._hang_up)
                self.on_connect()
                undo.pop_all()
        return self._connection

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _receive(connection: socket.socket, size: int) -> bytearray:
    """Exactly `size` bytes into a buffer that can be zeroed; raises `_HungUp` at the end."""
    buffer = bytearray(size)
    view = memoryview(buffer)
    while view:
        received = connection.recv_into(view)
        if not received:
            raise _HungUp
        view = view[received:]
    return buffer


def _reason(failed: OSError | MessageMalformed) -> str:
    """In words; an error of the system without its number."""
    return (failed.strerror if isinstance(failed, OSError) else "") or str(failed)
