"""Ports for the media of phones: a run of them each, none given twice by one process.

Knows nothing of phones. The ports for signalling are those of `server.free_port`.
"""

import itertools
import socket
from typing import Final

# Beside those of rtpengine (22 000, 24 000) and of the recorder (26 000).
_FIRST, _LAST = 24_200, 25_980
_EACH: Final = 20
_RUNS: Final = itertools.cycle(range(_FIRST, _LAST - _EACH, _EACH))


def media(host: str) -> range:
    """Ports on which nobody listens at this address."""
    for first in itertools.islice(_RUNS, (_LAST - _FIRST) // _EACH):
        ports = range(first, first + _EACH)
        if all(_is_free(host, port) for port in ports):
            return ports
    raise AssertionError(f"no ports for media are free on {host}")


def _is_free(host: str, port: int) -> bool:
    with socket.socket(type=socket.SOCK_DGRAM) as trial:
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True
