"""Asks the key daemon, over the one socket that the asker can reach.

Knows nothing of keystores. One request at a time; a daemon that was restarted is found again.
"""

import socket
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Final, TypeVar

from archive.errors import KeyRefused, KeyUnavailable
from archive.floe import zero
from archive.ids import KeyId
from archive.keys.errors import MessageMalformed, Refusal
from archive.keys.keystore import KeyState
from archive.keys.protocol import (
    LENGTH,
    Adopt,
    Ask,
    Confirm,
    DataKeyAnswer,
    KeyStateAnswer,
    MarkArchived,
    Open,
    OpenUnarchived,
    Refused,
    Status,
    StatusAnswer,
    body_bytes,
    decode_answer,
    encode,
)

# The daemon answers in milliseconds; a slow disk under its keystore may take a second.
ANSWER_TIMEOUT_S: Final = 10.0

_AnswerT = TypeVar("_AnswerT", KeyStateAnswer, DataKeyAnswer, StatusAnswer)


class _HungUp(Exception):
    """The connection ended before an answer came."""


@dataclass(frozen=True, slots=True)
class Adopted:
    """A key that the keystore holds."""

    key_id: KeyId
    state: KeyState


@dataclass(slots=True)
class KeyClient:
    """The keeper's or the API's line to the key daemon; may be shared by threads.

    Everything raises `KeyRefused` where the daemon says no (its word is the text), and
    `KeyUnavailable` where it cannot be reached or cannot reach its own keys.
    """

    socket_path: Path
    timeout_s: float = ANSWER_TIMEOUT_S
    _connection: socket.socket | None = None
    _turn: Lock = field(default_factory=Lock)

    def adopt(self, page: bytes, header: bytes) -> Adopted:
        """Hand over the first two blocks (4,096 bytes each) of a spool file."""
        answer = self._ask(Adopt(page=page, header=header), KeyStateAnswer)
        return Adopted(KeyId(answer.key_id), KeyState(answer.state))

    def open_unarchived(self, key_id: KeyId) -> bytearray:
        """The 32-byte key of a part that the catalog does not have yet; zero it after use."""
        return self._ask(OpenUnarchived(key_id=key_id.raw), DataKeyAnswer).data_key

    def confirm(self, key_id: KeyId) -> None:
        """Say that the part's object is whole."""
        self._ask(Confirm(key_id=key_id.raw), KeyStateAnswer)

    def mark_archived(self, key_id: KeyId) -> None:
        """Say that the catalog has the part: the keeper will not ask for its key again."""
        self._ask(MarkArchived(key_id=key_id.raw), KeyStateAnswer)

    def open(self, key_id: KeyId, reason: str, journal_id: int) -> bytearray:
        """The 32-byte key for one reason, journalled before; zero it after use."""
        ask = Open(key_id=key_id.raw, reason=reason, journal_id=journal_id)
        return self._ask(ask, DataKeyAnswer).data_key

    def status(self) -> StatusAnswer:
        """How many keys are in which state."""
        return self._ask(Status(), StatusAnswer)

    def close(self) -> None:
        """Hang up; the next request connects again."""
        with self._turn:
            self._hang_up()

    def _ask(self, ask: Ask, expected: type[_AnswerT]) -> _AnswerT:
        with self._turn:
            answer = self._exchange(encode(ask), expected)
        if isinstance(answer, Refused):
            if answer.refused == Refusal.KEYS_UNAVAILABLE:
                raise KeyUnavailable("the key daemon cannot reach its own keys")
            raise KeyRefused(answer.refused)
        return answer

    def _exchange(self, message: bytes, expected: type[_AnswerT]) -> _AnswerT | Refused:
        """Ask once; once more where a kept connection turns out to be dead. All asks may repeat."""
        was_kept = self._connection is not None
        try:
            return self._exchange_once(message, expected)
        except _HungUp:
            if was_kept:
                return self._exchange_again(message, expected)
            raise KeyUnavailable("the key daemon hung up") from None

    def _exchange_again(self, message: bytes, expected: type[_AnswerT]) -> _AnswerT | Refused:
        try:
            return self._exchange_once(message, expected)
        except _HungUp:
            raise KeyUnavailable("the key daemon hung up twice") from None

    def _exchange_once(self, message: bytes, expected: type[_AnswerT]) -> _AnswerT | Refused:
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
