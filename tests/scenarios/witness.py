"""The independent witness: what tcpdump saw on loopback, and pcap files read back.

Shares no code with the recorder. Knows nothing of RTP or of what a call is.
"""

import getpass
import shutil
import signal
import struct
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import IO, Final

from tests.scenarios.waiting import met

_MAGIC_US: Final = 0xA1B2C3D4
_ETHERNET, _RAW = 1, 101
_LINK_BYTES: Final = {_ETHERNET: 14, _RAW: 0}
_TCP, _UDP = 6, 17
_IP6_BYTES: Final = 40
# More than a burst of all our senders together while tcpdump does not get the processor. Without a
# delay each packet takes as much of it as the longest may: on loopback some 64 KiB.
_BUFFER_KIB: Final = 65_536


@dataclass(frozen=True, slots=True)
class Place:
    """An address and a port."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Datagram:
    """What one packet carried: when it was seen (µs since 1970 UTC), from where to where."""

    at_us: int
    transport: int
    source: Place
    target: Place
    payload: bytes

    @property
    def is_udp(self) -> bool:
        """Whether it is a datagram; else a piece of a TCP connection."""
        return self.transport == _UDP


def read_pcap(path: Path) -> list[Datagram]:
    """Every UDP and TCP payload of a classic pcap file; a last record that is cut is left out."""
    return _read(path.read_bytes(), 24)[0]


def _read(data: bytes, at: int) -> tuple[list[Datagram], int]:
    """The payloads of the records from a position on, and where the next one begins."""
    order = ">" if data[:4] == struct.pack(">I", _MAGIC_US) else "<"
    magic, *_, link = struct.unpack_from(f"{order}IHHiIII", data)
    assert magic == _MAGIC_US
    found = []
    while at + 16 <= len(data):
        second, micro, kept, whole = struct.unpack_from(f"{order}IIII", data, at)
        if at + 16 + kept > len(data):
            break
        assert kept == whole, "the witness must see whole packets"
        packet = data[at + 16 + _LINK_BYTES[link] : at + 16 + kept]
        datagram = _open(packet, second * 1_000_000 + micro)
        found += [datagram] if datagram is not None else []
        at += 16 + kept
    return found, at


def _open(packet: bytes, at_us: int) -> Datagram | None:
    """RFC 791, RFC 8200, RFC 768, RFC 9293: what a packet carries; None where that is nothing."""
    version, transport = packet[0] >> 4, packet[9] if packet[0] >> 4 == 4 else packet[6]
    if version not in {4, 6} or transport not in {_TCP, _UDP}:
        return None
    begin, size = _inner(packet)
    inner = packet[begin:size]
    source, target = struct.unpack_from(">HH", inner)
    payload = inner[8:] if transport == _UDP else inner[(inner[12] >> 4) * 4 :]
    if transport == _TCP and not payload:
        return None
    places = ((12, 4), (16, 4)) if version == 4 else ((8, 16), (24, 16))
    hosts = [str(ip_address(packet[at : at + length])) for at, length in places]
    return Datagram(at_us, transport, Place(hosts[0], source), Place(hosts[1], target), payload)


def _inner(packet: bytes) -> tuple[int, int]:
    """Where the transport's header begins, and where the packet ends; no extension headers."""
    if packet[0] >> 4 == 4:
        return (packet[0] & 0x0F) * 4, int.from_bytes(packet[2:4])
    return _IP6_BYTES, _IP6_BYTES + int.from_bytes(packet[4:6])


@dataclass(frozen=True, slots=True)
class Witness:
    """A capture that is going on."""

    file: Path
    _found: list[Datagram] = field(default_factory=list, compare=False, repr=False)
    _next: list[int] = field(default_factory=lambda: [24], compare=False, repr=False)

    def seen(self) -> list[Datagram]:
        """Everything so far; only what is new is read."""
        with self.file.open("rb") as file:
            head = file.read(24)
            file.seek(self._next[-1])
            more, read = _read(head + file.read(), 24)
        self._found.extend(more)
        self._next.append(self._next.pop() + read - 24)
        return list(self._found)


@contextmanager
def watching(
    folder: Path, only: str, *, interface: str = "lo", within: Sequence[str] = (), longest: int = 0
) -> Iterator[Witness]:
    """Capture what a filter names while the block lasts; nothing was dropped.

    `longest` says how long a packet may be: the shorter, the more of them wait for a busy machine.
    `within` is a command line that runs another one in a network namespace.
    """
    file, log = folder / "oracle.pcap", folder / "tcpdump.log"
    command = [*within, "tcpdump", "-i", interface, "-n", "-s", str(longest)]
    command += ["-B", str(_BUFFER_KIB), "-U", "--immediate-mode"]
    command += ["-Z", getpass.getuser(), "-w", str(file)]
    with log.open("wb") as output:
        running = _start([*command, only], output)
        try:
            met(lambda: _listens(log, running), "tcpdump's capture")
            yield Witness(file)
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(20)
    assert "\n0 packets dropped by kernel" in log.read_text(), "the witness must see every packet"


def _start(command: list[str], output: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)


def _listens(log: Path, running: subprocess.Popen[bytes]) -> bool:
    assert running.poll() is None, log.read_text()
    return "listening on" in log.read_text()


def why_not() -> str:
    """Why nothing can be said and witnessed here; "" where it can."""
    missing = [tool for tool in ("ffmpeg", "tcpdump") if shutil.which(tool) is None]
    if missing:
        return f"not installed: {', '.join(missing)}"
    return "" if _may_capture() else "tcpdump may not capture loopback here"


def _may_capture() -> bool:
    command = ["tcpdump", "-i", "lo", "-c", "1", "-w", "/dev/null", "less 1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        allowed = any("listening on" in line for line in iter(running.stderr.readline, ""))
        running.kill()
    return allowed
