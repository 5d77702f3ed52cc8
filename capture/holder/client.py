"""How a part asks the holder for what it keeps.

The client's side of the holder's socket. Knows nothing of what the descriptors are for.
"""

import os
import socket
from pathlib import Path
from types import TracebackType
from typing import Self

from capture.errors import CaptureError
from capture.holder.server import MAX_DESCRIPTORS, MAX_REQUEST_BYTES


class HolderUnreachable(CaptureError):
    """The holder does not answer; without it there is nothing to capture with."""


class HolderClient:
    def __init__(self, socket_path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._socket.connect(str(socket_path))
        except OSError as error:
            raise HolderUnreachable(f"no holder at {socket_path.name}: {error.strerror}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    @property
    def is_away(self) -> bool:
        """Whether the holder has ended: what it gave out is here, and nowhere else any more."""
        try:
            return not self._socket.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def count(self, name: str) -> int:
        """How many descriptors the holder has under `name`."""
        return int(self._ask(f"count {name}")[0])

    def take(self, name: str) -> list[int]:
        """All descriptors of `name`, in the holder's order."""
        return self.take_some(name, 0, self.count(name))

    def take_one(self, name: str) -> int:
        """The only descriptor of `name`; `HolderUnreachable` where there is none."""
        found = self.take_some(name, 0, 1)
        if not found:
            raise HolderUnreachable(f"the holder has no {name}")
        return found[0]

    def take_some(self, name: str, first: int, count: int) -> list[int]:
        """`count` descriptors of `name` from `first` on, in batches."""
        found: list[int] = []
        while len(found) < count:
            wanted = min(MAX_DESCRIPTORS, count - len(found))
            _, batch = self._ask(f"take {name} {first + len(found)} {wanted}")
            if not batch:
                break
            found += batch
        return found

    def keep(self, name: str, descriptor: int) -> None:
        """Let the holder keep a copy of an open descriptor under `kept-<name>`."""
        socket.send_fds(self._socket, [f"keep kept-{name}".encode()], [descriptor])
        self._receive()

    def drop(self, name: str) -> None:
        """Let the holder close what it keeps under `kept-<name>`."""
        self._ask(f"drop kept-{name}")

    def kept(self) -> list[str]:
        return [name.removeprefix("kept-") for name in self._ask("kept")[0].decode().split()]

    def take_kept(self, name: str) -> int:
        """A copy of what is kept under `kept-<name>`."""
        return self.take_one(f"kept-{name}")

    def _ask(self, request: str) -> tuple[bytes, list[int]]:
        try:
            self._socket.send(request.encode())
        except OSError as error:
            raise HolderUnreachable("the holder is gone") from error
        return self._receive()

    def _receive(self) -> tuple[bytes, list[int]]:
        # A list of all kept names is longer than a request.
        size = MAX_REQUEST_BYTES * 1024
        answer, descriptors, _, _ = socket.recv_fds(self._socket, size, MAX_DESCRIPTORS)
        if not answer:
            raise HolderUnreachable("the holder is gone")
        for descriptor in descriptors:
            os.set_inheritable(descriptor, False)  # noqa: FBT003 — the standard library's signature
        return answer, descriptors
