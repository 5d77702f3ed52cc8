"""The peer: Debian's rtpengine in user space, relaying calls, with and without pcap recording.

Speaks its ng protocol over UDP. Knows nothing of our recorder.
"""

import re
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.bencode import Value, decode, encode
from bench.generator import Generated, begin_streams, generated
from bench.processes import cpu_s
from bench.server import FIRST_RTP_PORT, LAST_RTP_PORT, free_port
from rokuon.selftest.engine import MediaEngine
from rokuon.selftest.sources import open_sources

WARM_S: Final = 3.0
ANSWER_WITHIN_S: Final = 2.0
READY_TRIES: Final = 25
MAX_DATAGRAM_BYTES: Final = 65_535
# It relays as well as records; beyond a thousand streams that is another comparison.
MAX_STREAMS: Final = 1_000
_PORT: Final = re.compile(rb"m=audio ([0-9]+) ")
_SDP: Final = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio {port} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n"
)


class PeerRefused(Exception):
    """rtpengine did not start, did not answer, or said no."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerRun:
    """What rtpengine used per packet that came in, in `seconds` of steady state."""

    recording: bool
    streams: int
    packets: int
    seconds: float
    cpu_s: float
    us_per_packet: float
    recorded_bytes: int
    generator: Generated


class Rtpengine:
    """A running daemon and its control socket."""

    def __init__(self, pid: int, control: socket.socket, folder: Path, *, recording: bool) -> None:
        self.pid = pid
        self.folder = folder
        self.recording = recording
        self._control = control
        self._cookie = 0

    def ask(self, command: dict[str, Value]) -> dict[str, Value]:
        """One request and its answer; raises `PeerRefused`."""
        self._cookie += 1
        cookie = b"%d " % self._cookie
        self._control.send(cookie + encode(command))
        try:
            answer = self._control.recv(MAX_DATAGRAM_BYTES)
        except (TimeoutError, ConnectionRefusedError) as silent:
            raise PeerRefused from silent
        value = decode(answer.removeprefix(cookie))
        if not isinstance(value, dict) or value.get("result") not in (b"ok", b"pong"):
            raise PeerRefused(answer)
        return value

    def relay(self, number: int, port: int) -> list[int]:
        """Set up a call whose two parties are both at `port`; where each has to send to."""
        sdp = _SDP.format(port=port).encode()
        answered, offered = self.connect(number, sdp, lambda _: sdp)
        return [_port_of(answered), _port_of(offered)]

    def connect(
        self, number: int, offer: bytes, answer: Callable[[bytes], bytes]
    ) -> tuple[bytes, bytes]:
        """Set up a call; what the caller and what the callee is told.

        `answer` says what the callee answers to that.
        """
        call: dict[str, Value] = {
            "call-id": f"bench-{number}",
            "from-tag": "a",
            "replace": [b"origin"],
            "ICE": "remove",
            "DTLS": "off",
        }
        if self.recording:
            call["record call"] = "yes"
        told_callee = _sdp_of(self.ask({"command": "offer", "sdp": offer, **call}))
        said: dict[str, Value] = {**call, "to-tag": "b", "sdp": answer(told_callee)}
        return _sdp_of(self.ask({"command": "answer", **said})), told_callee

    def recorded_bytes(self) -> int:
        """What it has written so far."""
        return sum(path.stat().st_size for path in self.folder.rglob("*.pcap"))


def _sdp_of(answer: dict[str, Value]) -> bytes:
    sdp = answer.get("sdp")
    if not isinstance(sdp, bytes):
        raise PeerRefused
    return sdp


def _port_of(sdp: bytes) -> int:
    match = _PORT.search(sdp)
    if match is None:
        raise PeerRefused
    return int(match[1])


def _command(folder: Path, port: int, *, recording: bool) -> list[str]:
    command = [
        "rtpengine", "--config-file=none", "--foreground", "--log-stderr", "--log-level=3",
        "--table=-1", "--interface=127.0.0.1", f"--listen-ng=127.0.0.1:{port}",
        f"--port-min={FIRST_RTP_PORT}", f"--port-max={LAST_RTP_PORT}",
    ]  # fmt: skip
    if recording:
        command += ["--recording-method=pcap", f"--recording-dir={folder}"]
    return command


@contextmanager
def running(*, recording: bool) -> Iterator[Rtpengine]:
    """The daemon for as long as the block lasts; raises `PeerRefused`."""
    port = free_port()
    with tempfile.TemporaryDirectory() as name, socket.socket(type=socket.SOCK_DGRAM) as control:
        folder = Path(name)
        with subprocess.Popen(_command(folder, port, recording=recording)) as process:
            control.connect(("127.0.0.1", port))
            control.settimeout(ANSWER_WITHIN_S)
            peer = Rtpengine(process.pid, control, folder, recording=recording)
            try:
                _wait_until_ready(peer)
                yield peer
            finally:
                process.terminate()


def _wait_until_ready(peer: Rtpengine) -> None:
    for _ in range(READY_TRIES):
        try:
            peer.ask({"command": "ping"})
        except PeerRefused:
            time.sleep(WARM_S / READY_TRIES)
        else:
            return
    raise PeerRefused


def ports_of(peer: Rtpengine, calls: int, from_port: int) -> list[int]:
    """Set up so many calls of parties at `from_port`; where their streams have to be sent."""
    return [port for number in range(calls) for port in peer.relay(number, from_port)]


def run_rtpengine(streams: int, seconds: int, *, recording: bool) -> PeerRun:
    """Relay `streams` streams (two a call) for `seconds` after a warm-up; raises `PeerRefused`."""
    assert streams <= MAX_STREAMS
    with (
        running(recording=recording) as peer,
        open_sources("127.0.0.1", 1) as sources,
        MediaEngine(sources, max_streams=streams) as engine,
    ):
        ports = ports_of(peer, streams // 2, sources[0].port)
        begin_streams(engine, [("127.0.0.1", port) for port in ports])
        time.sleep(WARM_S)
        used_s, before = cpu_s(peer.pid), engine.report()
        time.sleep(seconds)
        used_s, after = cpu_s(peer.pid) - used_s, engine.report()
        sent = generated(before, after)
        return PeerRun(
            recording=recording,
            streams=len(ports),
            packets=sent.packets,
            seconds=sent.seconds,
            cpu_s=used_s,
            us_per_packet=1e6 * used_s / sent.packets,
            recorded_bytes=peer.recorded_bytes(),
            generator=sent,
        )
