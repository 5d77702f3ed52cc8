"""A Rokuon for inline calls: the caller as a source, our callee as the target, one route.

Knows the recorder's configuration file and nothing of its inside.
"""

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.inline_peers import CALLEE_HOST, callee_socket
from bench.server import FIRST_RTP_PORT, LAST_RTP_PORT, Running, start_rokuon
from rokuon.selftest.signalling import Target

# Numbers that are called begin so where the caller hears a notice.
NOTICED: Final = "+8180"
_PEERS: Final = """
[[source]]
name = "bench"
address = ["127.0.0.1"]

[[target]]
name = "callee"
uri = "sip:{host}:{port}"
srtp = "{srtp}"
check_s = 0

"""
_NOTICED: Final = """
[[route]]
name = "noticed"
number = ["{prefix}*"]
to = ["callee"]
notice = ["notice-en"]
record = "yes"
"""
_ROUTE: Final = """
[[route]]
name = "plain"
to = ["callee"]
record = "yes"
"""


@dataclass(frozen=True, slots=True)
class InlineServer:
    """A Rokuon that answers, and the socket of the callee that it calls."""

    running: Running
    callee: socket.socket

    @property
    def target(self) -> Target:
        """Where it is called."""
        return Target(port=self.running.sip_port)


def inline_config(callee_port: int, *, secure: bool, noticed: bool = False) -> str:
    """The tables of the configuration that inline calls need."""
    srtp = "require" if secure else "never"
    peers = _PEERS.format(host=CALLEE_HOST, port=callee_port, srtp=srtp)
    return peers + (_NOTICED.format(prefix=NOTICED) if noticed else "") + _ROUTE


@contextmanager
def fresh_inline(
    *,
    max_calls: int,
    secure: bool = False,
    noticed: bool = False,
    quarantine_s: int = 30,
    last_port: int = LAST_RTP_PORT,
) -> Iterator[InlineServer]:
    """A recorder with an empty archive for as long as the block lasts."""
    with tempfile.TemporaryDirectory() as folder, callee_socket() as callee:
        running = start_rokuon(
            Path(folder),
            max_calls=max_calls,
            quarantine_s=quarantine_s,
            rtp_ports=(FIRST_RTP_PORT, last_port),
            more=inline_config(callee.getsockname()[1], secure=secure, noticed=noticed),
        )
        try:
            yield InlineServer(running, callee)
        finally:
            running.stop()
