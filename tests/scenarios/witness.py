"""The independent witness: what tcpdump saw on loopback, and pcap files read back.

Shares no code with the recorder. Knows nothing of RTP or of what a call is.
"""

import getpass
import signal
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from tests.scenarios.waiting import met

_MAGIC_US: Final = 0xA1B2C3D4
_ETHERNET, _RAW = 1, 101
_LINK_BYTES: Final = {_ETHERNET: 14, _RAW: 0}
_TCP, _UDP = 6, 17
# More than a burst of all our senders together while tcpdump does not get the processor.
_BUFFER_KIB: Final = 8192


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
    """Every UDP and TCP payload of a classic pcap file with IPv4; a last record cut is left out."""
    data = path.read_bytes()
    order = ">" if data[:4] == struct.pack(">I", _MAGIC_US) else "<"
    magic, *_, link = struct.unpack_from(f"{order}IHHiIII", data)
    assert magic == _MAGIC_US
    found, at = [], 24
    while at + 16 <= len(data):
        second, micro, kept, whole = struct.unpack_from(f"{order}IIII", data, at)
        if at + 16 + kept > len(data):
            break
        assert kept == whole, "the witness must see whole packets"
        packet = data[at + 16 + _LINK_BYTES[link] : at + 16 + kept]
        datagram = _open(packet, second * 1_000_000 + micro)
        found += [datagram] if datagram is not None else []
        at += 16 + kept
    return found


def _open(packet: bytes, at_us: int) -> Datagram | None:
    """RFC 791, RFC 768, RFC 9293: what an IPv4 packet carries; None where that is nothing."""
    if packet[0] >> 4 != 4 or packet[9] not in {_TCP, _UDP}:
        return None
    (size,) = struct.unpack_from(">H", packet, 2)
    inner = packet[(packet[0] & 0x0F) * 4 : size]
    source, target = struct.unpack_from(">HH", inner)
    payload = inner[8:] if packet[9] == _UDP else inner[(inner[12] >> 4) * 4 :]
    if packet[9] == _TCP and not payload:
        return None
    hosts = [".".join(map(str, packet[i : i + 4])) for i in (12, 16)]
    return Datagram(at_us, packet[9], Place(hosts[0], source), Place(hosts[1], target), payload)


@dataclass(frozen=True, slots=True)
class Witness:
    """A capture that is going on."""

    file: Path

    def seen(self) -> list[Datagram]:
        """Everything so far."""
        return read_pcap(self.file)


@contextmanager
def watching_loopback(folder: Path, only: str) -> Iterator[Witness]:
    """Capture what a filter names while the block lasts; nothing was dropped."""
    file, log = folder / "oracle.pcap", folder / "tcpdump.log"
    command = ["tcpdump", "-i", "lo", "-n", "-s", "0", "-B", str(_BUFFER_KIB), "-U"]
    command += ["--immediate-mode", "-Z", getpass.getuser(), "-w", str(file)]
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


def may_capture() -> bool:
    """Whether tcpdump is allowed to capture loopback here."""
    command = ["tcpdump", "-i", "lo", "-c", "1", "-w", "/dev/null", "less 1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        allowed = any("listening on" in line for line in iter(running.stderr.readline, ""))
        running.kill()
    return allowed
