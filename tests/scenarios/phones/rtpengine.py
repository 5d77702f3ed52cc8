"""Debian's rtpengine in user space: it relays and forks media as others tell it.

Knows nothing of whose media they are.
"""

import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tests.scenarios.phones.ports import relayed
from tests.scenarios.waiting import met

_GRACE_S: Final = 20
_PING: Final = b"1 d7:command4:pinge"


def said(host: str, port: int, words: bytes) -> bytes:
    """What somebody answers to a datagram; nothing where nobody does."""
    with socket.socket(type=socket.SOCK_DGRAM) as ours:
        ours.settimeout(0.2)
        ours.connect((host, port))
        try:
            ours.send(words)
            return ours.recv(4096)
        except (TimeoutError, ConnectionRefusedError):
            return b""


@contextmanager
def running(host: str) -> Iterator[int]:
    """One at this address while the block lasts, and its control port; it answers."""
    with socket.socket(type=socket.SOCK_DGRAM) as trial:
        trial.bind((host, 0))
        port = trial.getsockname()[1]
    media = relayed(host)
    command = [
        "rtpengine", "--config-file=none", "--foreground", "--log-stderr", "--log-level=3",
        "--table=-1", f"--interface=public/{host}", f"--listen-ng={host}:{port}",
        f"--port-min={media[0]}", f"--port-max={media[-1]}",
    ]  # fmt: skip
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            met(lambda: said(host, port, _PING).endswith(b"ponge"), "rtpengine")
            yield port
        finally:
            process.terminate()
            process.wait(_GRACE_S)
