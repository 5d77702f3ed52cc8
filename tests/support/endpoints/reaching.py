"""What tests of reaching share."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from capture.sip.flow import Address

PATIENCE_S = 10.0


@contextmanager
def silent_peer() -> Iterator[Address]:
    """A peer that answers no further connection: its queue is full and nobody accepts."""
    with ExitStack() as stack:
        server = stack.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        address = Address(*server.getsockname())
        stack.enter_context(socket.create_connection(address, PATIENCE_S))
        yield address
