"""Ports for phones and their peers, on the address of each: none is given twice by one process.

Where two runs of the scenarios are at work at once, they begin at different ports: who looks for
one by binding it takes it away for a moment. Knows nothing of phones.
"""

import itertools
import os
import socket
from collections.abc import Iterator
from typing import Final

# Above those of the servers (6000), which anybody tries who looks for one.
_SIGNALLING: Final = range(7_000, 9_000)
_TOGETHER: Final = 4
_ALL: Final = "0.0.0.0"  # noqa: S104  # as a phone does that is told no address
# Those of rtpengine, which takes them one by one as calls come, and of phones; beside those of the
# recorder (26 000).
_RELAYED: Final = range(22_000, 24_200)
_RELAYS: Final = 200
_MEDIA: Final = range(24_200, 25_980)
_CALLS: Final = 20
# Above the range that a recorder has by default, below what the kernel gives away by itself: for
# who takes them at every address, and for all where another recorder has that range at every one.
_ANYWHERE: Final = range(32_100, 32_560)
_RELAYED_ANYWHERE: Final = range(32_560, 32_760)


def _runs(ports: range, each: int) -> Iterator[range]:
    """Runs of so many ports, over and over, from one on that depends on the process."""
    starts = range(ports[0], ports[-1] + 2 - each, each)
    first = os.getpid() * 7 % len(starts)
    for start in itertools.cycle([*starts[first:], *starts[:first]]):
        yield range(start, start + each)


_SIGNALLING_RUNS: Final = _runs(_SIGNALLING, _TOGETHER)
_RELAYED_RUNS: Final = _runs(_RELAYED, _RELAYS)
_RELAYED_ANYWHERE_RUNS: Final = _runs(_RELAYED_ANYWHERE, _RELAYS)
_MEDIA_RUNS: Final = _runs(_MEDIA, _CALLS)
_ANYWHERE_RUNS: Final = _runs(_ANYWHERE, _CALLS)


def signalling(host: str) -> range:
    """Four ports in a row on which nobody listens at this address, over UDP or TCP."""
    found = _free(
        _SIGNALLING_RUNS, host, len(_SIGNALLING) // _TOGETHER, socket.SOCK_DGRAM, socket.SOCK_STREAM
    )
    return _there(found, host)


def media(host: str) -> range:
    """Twenty, over UDP."""
    found = _free(_MEDIA_RUNS, host, len(_MEDIA) // _CALLS, socket.SOCK_DGRAM)
    return found or _there(
        _free(_ANYWHERE_RUNS, host, len(_ANYWHERE) // _CALLS, socket.SOCK_DGRAM), host
    )


def relayed(host: str) -> range:
    """Two hundred, for a relay of media."""
    found = _free(_RELAYED_RUNS, host, len(_RELAYED) // _RELAYS, socket.SOCK_DGRAM)
    return found or _there(_free(_RELAYED_ANYWHERE_RUNS, host, 1, socket.SOCK_DGRAM), host)


def media_anywhere() -> range:
    """Twenty that nobody has at any address: for a phone that takes them at all of them."""
    found = _free(_ANYWHERE_RUNS, _ALL, len(_ANYWHERE) // _CALLS, socket.SOCK_DGRAM)
    return _there(found, _ALL)


def _there(ports: range | None, host: str) -> range:
    assert ports, f"no ports are free on {host}"
    return ports


def _free(runs: Iterator[range], host: str, tries: int, *kinds: socket.SocketKind) -> range | None:
    """The next of them that nobody has; None where somebody has each."""
    for ports in itertools.islice(runs, tries):
        if all(_is_free(host, port, kind) for port in ports for kind in kinds):
            return ports
    return None


def _is_free(host: str, port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(type=kind) as trial:
        # As a server does: what an ended connection has left behind is no listener.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, kind == socket.SOCK_STREAM)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True
