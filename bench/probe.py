"""The delay of one relayed call: packets sent by one socket, stamped by the kernel at the other.

`python -m bench.probe` is a process of its own: no load generator holds its interpreter up. Delay
is from just before `sendto` to the kernel's time of arrival, so loopback itself is in it.
"""

import argparse
import json
import socket
import statistics
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from pylibsrtp import Error, Session

from bench.call_load import percentile
from bench.chorus import SIDES, SSRCS, Voice, opening
from bench.inline_sdp import Told
from capture.holder.kernel import SO_TIMESTAMPNS
from rokuon.selftest.sender import BEAT_S

_NANO: Final = 1_000_000_000
_SEQUENCES: Final = 1 << 16
_STAMP: Final = struct.Struct("=qq")
# Behind the last packet sent: later than that is lost.
_LINGER_S: Final = 0.5
_HEADER_BYTES: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """One-way delay of both directions in ms.

    `right`: packets whose audio was what had been said, opened where they were sealed. `resealed`:
    none of them came as it had been sent.
    """

    sent: int
    heard: int
    right: int
    p50_ms: float
    p99_ms: float
    worst_ms: float
    resealed: bool

    @property
    def lost(self) -> int:
        """Packets that did not come."""
        return self.sent - self.heard


@dataclass(slots=True)
class _Way:
    """One direction: what was sent when, and what arrived when. `opening` is of the hearer."""

    sender: socket.socket
    hearer: socket.socket
    to: tuple[str, int]
    voice: Voice
    opening: Session | None
    sent: list[tuple[bytes, int]] = field(default_factory=list)
    heard: list[tuple[bytes, int]] = field(default_factory=list)

    def say(self) -> None:
        packet = self.voice.next()
        self.sent.append((packet, time.time_ns()))
        self.sender.sendto(packet, self.to)

    def hear(self) -> None:
        while True:
            try:
                data, control, _, _ = self.hearer.recvmsg(2048, 64)
            except BlockingIOError:
                return
            if len(data) < _HEADER_BYTES or not control:
                continue
            seconds, rest = _STAMP.unpack_from(control[0][2])
            self.heard.append((data, seconds * _NANO + rest))

    def delays_ms(self) -> list[float]:
        numbers = [(int.from_bytes(data[2:4], "big"), at_ns) for data, at_ns in self.heard]
        return delays_of([at_ns for _, at_ns in self.sent], numbers)

    def right(self, plain: Voice) -> int:
        """How many packets say what was said; `plain` says the same again."""
        said = {plain.next_plain()[_HEADER_BYTES:] for _ in self.sent}
        return sum(self._opened(data)[_HEADER_BYTES:] in said for data, _ in self.heard)

    def _opened(self, data: bytes) -> bytes:
        if self.opening is None:
            return data
        try:
            return self.opening.unprotect(data)
        except Error:
            return b""

    def is_resealed(self) -> bool:
        said = {data[_HEADER_BYTES:] for data, _ in self.sent}
        return not any(data[_HEADER_BYTES:] in said for data, _ in self.heard)


def delays_of(sent_ns: Sequence[int], heard: Sequence[tuple[int, int]]) -> list[float]:
    """Delay in ms of each packet; servers shift sequence numbers by something of their own.

    The shift that most packets have is the one: it is right even where the first ones were lost.
    """
    if not heard:
        return []
    shifts, at = [], 0
    for number, came_ns in heard:
        while at + 1 < len(sent_ns) and sent_ns[at + 1] <= came_ns:
            at += 1
        shifts.append((number - at) % _SEQUENCES)
    shift = statistics.mode(shifts)
    found = [((number - shift) % _SEQUENCES, came_ns) for number, came_ns in heard]
    return [(came_ns - sent_ns[at]) / 1e6 for at, came_ns in found if at < len(sent_ns)]


def _stamped(sock: socket.socket) -> socket.socket:
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    sock.settimeout(0)
    return sock


def measure(ways: Sequence[_Way], seconds: float) -> Delays:
    """Both directions for `seconds`, a packet each per beat, half a beat apart."""
    begun_s = time.monotonic()
    for beat in range(round(seconds / BEAT_S)):
        for at, way in enumerate(ways):
            due_s = begun_s + (beat + at / len(ways)) * BEAT_S
            time.sleep(max(0.0, due_s - time.monotonic()))
            way.say()
            for each in ways:
                each.hear()
    time.sleep(_LINGER_S)
    for way in ways:
        way.hear()
    return _told_of(ways)


def _told_of(ways: Sequence[_Way]) -> Delays:
    delays = [delay_ms for way in ways for delay_ms in way.delays_ms()]
    again = [Voice(side, ssrc, b"") for side, ssrc in zip(SIDES, SSRCS, strict=True)]
    return Delays(
        sent=sum(len(way.sent) for way in ways),
        heard=sum(len(way.heard) for way in ways),
        right=sum(way.right(voice) for way, voice in zip(ways, again, strict=True)),
        p50_ms=percentile(delays, 0.50),
        p99_ms=percentile(delays, 0.99),
        worst_ms=max(delays, default=0.0),
        resealed=all(way.is_resealed() for way in ways),
    )


@contextmanager
def probe_sockets(host: str) -> Iterator[list[socket.socket]]:
    """The caller's and the callee's; their ports are in the call's SDP."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as callee,
    ):
        for sock in (caller, callee):
            sock.bind((host, 0))
        yield [caller, callee]


class Probe:
    """The process that probes for `seconds`; `result` waits for it."""

    def __init__(
        self, sockets: Sequence[socket.socket], told: Sequence[Told], keys: Sequence[bytes],
        seconds: float,
    ) -> None:  # fmt: skip
        descriptors = [sock.fileno() for sock in sockets]
        command = [sys.executable, "-m", "bench.probe", "--seconds", str(seconds)]
        for option, values in (
            ("--sockets", [str(each) for each in descriptors]),
            ("--to", [f"{each.host}:{each.port}" for each in told]),
        ):
            command += [option, *values]
        # Keys of a bench protect nothing, but a command line is read by everybody.
        self._process = subprocess.Popen(
            command, pass_fds=descriptors, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(_words([*keys, *(each.key for each in told)])) + "\n")
        self._process.stdin.close()

    def result(self) -> Delays:
        """What it measured, once its time is over."""
        assert self._process.stdout is not None
        with self._process:
            return Delays(**json.loads(self._process.stdout.read()))


def _words(keys: Sequence[bytes]) -> list[str]:
    return [key.hex() for key in keys]


def _ways(arguments: argparse.Namespace, keys: Sequence[bytes]) -> list[_Way]:
    """Both directions; `keys` are those of what caller and callee say, then of what they hear."""
    socks = [_stamped(socket.socket(fileno=each)) for each in arguments.sockets]
    ways = []
    for at, side in enumerate(SIDES):
        host, _, port = arguments.to[at].partition(":")
        heard = keys[len(SIDES) + 1 - at]
        hears = opening(SIDES[1 - at], heard) if heard else None
        voice = Voice(side, SSRCS[at], keys[at])
        ways.append(_Way(socks[at], socks[1 - at], (host, int(port)), voice, hears))
    return ways


def main() -> int:
    """Probe over the sockets that were handed down; the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, nargs=2, required=True)
    parser.add_argument("--to", nargs=2, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    arguments = parser.parse_args()
    ways = _ways(arguments, [bytes.fromhex(key) for key in json.loads(sys.stdin.readline())])
    figures = measure(ways, arguments.seconds)
    json.dump({name: getattr(figures, name) for name in Delays.__slots__}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
