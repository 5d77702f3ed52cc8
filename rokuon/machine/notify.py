"""What a process and its supervisor tell each other: readiness, the turn of a spare, the end.

Knows nothing of parts or what they do.
"""

import contextlib
import ctypes
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from typing import Final

NOTIFY_VARIABLE: Final = "NOTIFY_SOCKET"
SUPERVISOR_VARIABLE: Final = "ROKUON_SUPERVISOR"
READY: Final = b"READY=1"
STOPPING: Final = b"STOPPING=1"
# What a spare process is started with, and the byte on its standard input that gives it its turn.
SPARE_VARIABLE: Final = "ROKUON_SPARE"
TURN: Final = b"\n"
_PR_SET_PDEATHSIG: Final = 1


def socket_address(environment: Mapping[str, str]) -> str:
    """The address in NOTIFY_SOCKET ("" when nobody listens); `@` means the abstract namespace."""
    name = environment.get(NOTIFY_VARIABLE, "")
    return "\0" + name[1:] if name.startswith("@") else name


def tell(message: bytes, environment: Mapping[str, str]) -> None:
    """Send one state line of sd_notify(3); nothing happens when nobody listens (any more)."""
    address = socket_address(environment)
    if not address:
        return
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as speaker,
        contextlib.suppress(OSError),
    ):
        speaker.sendto(message, address)


def end_with_supervisor(environment: Mapping[str, str]) -> None:
    """Ask the kernel for SIGTERM when the supervisor that started us dies (prctl(2))."""
    supervisor = environment.get(SUPERVISOR_VARIABLE, "")
    if not supervisor.isdigit():
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != int(supervisor):
        os.kill(os.getpid(), signal.SIGTERM)


def stand_by(environment: Mapping[str, str], prepare: Callable[[], object]) -> None:
    """Return at once in a process that is no spare; in one that is, prepare and wait for the turn.

    Raises `SystemExit` where nobody is left to give it.
    """
    if SPARE_VARIABLE not in environment:
        return
    end_with_supervisor(environment)
    prepare()
    if not os.read(sys.stdin.fileno(), len(TURN)):
        raise SystemExit(0)
