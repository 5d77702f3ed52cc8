"""The sockets that self-test media leaves from: pairs of ports, RTP on the even one.

A shell around the kernel. Knows nothing of what is sent.
"""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

# An even port whose neighbour is free is found at the second try on average.
_MAX_TRIES: Final = 100
# The answers that a source gets (receiver reports) are not read; let few of them wait.
_RECEIVE_BUFFER_BYTES: Final = 4_096
# ip(7): with "don't fragment" the kernel need not draw an IP identification for each packet, a
# twentieth of what sending one costs.
_IP_MTU_DISCOVER: Final = 10
_IP_PMTUDISC_DO: Final = 2


class NoPortPair(Exception):
    """No even port with a free neighbour was found."""


@dataclass(frozen=True, slots=True)
class Source:
    """One pair of bound sockets."""

    rtp: socket.socket
    rtcp: socket.socket

    @property
    def port(self) -> int:
        """The RTP port; RTCP is the next one (RFC 3550 §11)."""
        return int(self.rtp.getsockname()[1])


def _bound(host: str, port: int, receive_bytes: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        sock.setsockopt(socket.IPPROTO_IP, _IP_MTU_DISCOVER, _IP_PMTUDISC_DO)
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock


def open_source(host: str, receive_bytes: int = _RECEIVE_BUFFER_BYTES) -> Source:
    """Bind a pair on `host` at ports that the kernel chooses; raises `NoPortPair`."""
    for _ in range(_MAX_TRIES):
        rtp = _bound(host, 0, receive_bytes)
        port = int(rtp.getsockname()[1])
        try:
            if port % 2 == 0:
                return Source(rtp, _bound(host, port + 1, receive_bytes))
        except OSError:
            pass  # the neighbour is taken: try the next port
        rtp.close()
    raise NoPortPair


@contextmanager
def open_sources(
    host: str, count: int, receive_bytes: int = _RECEIVE_BUFFER_BYTES
) -> Iterator[list[Source]]:
    """`count` pairs that are closed again at the end; each socket keeps so much unread."""
    with ExitStack() as stack:
        sources = [open_source(host, receive_bytes) for _ in range(count)]
        for source in sources:
            stack.enter_context(source.rtp)
            stack.enter_context(source.rtcp)
        yield sources
