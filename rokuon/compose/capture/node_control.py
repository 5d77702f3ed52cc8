"""What signalling is told to do as a whole, over its socket: take no calls, read settings again.

Knows the socket and the form of its answers, nothing of calls.
"""

import socket
from dataclasses import dataclass
from typing import Final

import msgspec

from archive.call.live import LiveCalls, Question, Reloaded, Wish
from rokuon.compose.processes.sockets import status_socket
from rokuon.config.schema import Config
from rokuon.messages.errors import NothingFound, ReloadRefused
from rokuon.messages.i18n import tr

ANSWER_S: Final = 5.0
_READ_BYTES: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class NodeState:
    """Whether new calls are refused, and how many recordings grow."""

    draining: bool
    calls: int


def drain_node(config: Config, *, wanted: bool) -> NodeState:
    """Have new calls refused, or taken again. Raises `NothingFound` where capture does not run."""
    said = ask(config, Question(wish=Wish.DRAIN if wanted else Wish.TAKE_CALLS))
    return NodeState(said.draining, said.total)


def reload_node(config: Config) -> Reloaded:
    """Have sources and certificates read again: what the node has now.

    Raises `NothingFound` where capture does not run, `ReloadRefused` where it keeps what it has.
    """
    said = ask(config, Question(wish=Wish.RELOAD)).reloaded
    if said.refused:
        raise ReloadRefused(said.refused)
    return said


def ask(config: Config, question: Question, *, timeout_s: float = ANSWER_S) -> LiveCalls:
    """Ask signalling. Raises `NothingFound` where capture does not run, `OSError`."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.settimeout(timeout_s)
        try:
            sock.connect(str(status_socket(config)))
        except (FileNotFoundError, ConnectionRefusedError):
            raise NothingFound(tr("capture does not run here")) from None
        sock.sendall(msgspec.json.encode(question) + b"\n")
        answer = bytearray()
        while data := sock.recv(_READ_BYTES):
            answer += data
    return msgspec.json.decode(bytes(answer), type=LiveCalls)
