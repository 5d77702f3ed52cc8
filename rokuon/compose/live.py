"""Calls that are up, and what signalling is told to do, over its socket.

Knows the socket and the form of its answers, nothing of how calls are watched.
"""

import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import msgspec

from capture.status import LiveCall, LiveCalls, Question, Reloaded, Wish
from rokuon.compose.capture import status_socket
from rokuon.compose.errors import NothingFound, ReloadRefused
from rokuon.config.schema import Config
from rokuon.i18n import tr

ANSWER_S: Final = 5.0
_READ_BYTES: Final = 1 << 16
Shown = dict[str, object]


def live_rows(config: Config) -> list[Shown]:
    """A row for each recording that grows. Raises `NothingFound` where capture does not run."""
    return [_row(each) for each in _ask(config, Question()).calls]


def live_row(config: Config, recording: str) -> Shown | None:
    """The recording of this id while it grows, else None."""
    wanted = recording.replace("-", "").lower()
    try:
        found = _ask(config, Question(recording=wanted)).calls
    except NothingFound:
        return None
    return _row(found[0]) if found else None


@dataclass(frozen=True, slots=True)
class NodeState:
    """Whether new calls are refused, and how many recordings grow."""

    draining: bool
    calls: int


def drain_node(config: Config, *, wanted: bool) -> NodeState:
    """Have new calls refused, or taken again. Raises `NothingFound` where capture does not run."""
    said = _ask(config, Question(wish=Wish.DRAIN if wanted else Wish.TAKE_CALLS))
    return NodeState(said.draining, said.total)


def reload_node(config: Config) -> Reloaded:
    """Have sources and certificates read again: what the node has now.

    Raises `NothingFound` where capture does not run, `ReloadRefused` where it keeps what it has.
    """
    said = _ask(config, Question(wish=Wish.RELOAD)).reloaded
    if said.refused:
        raise ReloadRefused(said.refused)
    return said


def _ask(config: Config, question: Question) -> LiveCalls:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.settimeout(ANSWER_S)
        try:
            sock.connect(str(status_socket(config)))
        except (FileNotFoundError, ConnectionRefusedError):
            raise NothingFound(tr("capture does not run here")) from None
        sock.sendall(msgspec.json.encode(question) + b"\n")
        answer = bytearray()
        while data := sock.recv(_READ_BYTES):
            answer += data
    return msgspec.json.decode(bytes(answer), type=LiveCalls)


def _row(call: LiveCall) -> Shown:
    started = datetime.fromtimestamp(call.started_us / 1_000_000, UTC)
    return {
        "recording": call.recording,
        "started_at": started.isoformat(timespec="seconds"),
        "source": call.source,
        "caller": call.caller,
        "called": call.called,
        "streams": call.streams,
        "state": "on hold" if call.on_hold else "live",
        "troubles": [trouble.value for trouble in call.troubles],
    }
