"""One source floods the recorder and never acknowledges; another one's calls go on beside it.

Run `python -m bench.flood --door recording --json FILE` (or `inline`); exit code 3 where a promise
is missed. The flood's INVITEs are answered or refused as they come; the calls beside it speak.
"""

import argparse
import asyncio
import socket
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from bench.call_load import SetupReport, open_load
from bench.facts import machine_facts
from bench.inline_peers import CALLEE_HOST, Callee, callee_socket
from bench.inline_sdp import Party
from bench.ours import dropped
from bench.promises import FINDINGS
from bench.report import table, write_json
from bench.server import refusals, start_rokuon
from rokuon.machine.clock import monotonic_s
from rokuon.selftest.signalling import Target

Door = Literal["recording", "inline"]
# Of 1,424 INVITEs in 6 s, which once took all room.
FLOOD_PER_S: Final = 240
FLOOD_S: Final = 30
CALLS: Final = 500
SETUPS_PER_S: Final = 100
NEW_PER_S: Final = 5
# The promises: who is not the flood is answered so soon, and the flood's own source again.
ANSWERED_WITHIN_MS: Final = 100.0
RECOVERED_WITHIN_S: Final = 5.0
FLOODER: Final = "127.0.0.9"
NUMBER: Final = b"+81355501234"
HEADS: Final = (
    "door", "INVITEs of the flood", "answered 200", "refused 503", "new calls of the other",
    "failed", "p50 ms", "p99 ms", "worst ms", "p99 ms before", "packets lost",
    "flooder calls again after s",
)  # fmt: skip
_PROBE_EVERY_S: Final = 0.1
_GIVE_UP_S: Final = 60.0
_CONFIG: Final = """
[[source]]
name = "bench"
address = ["127.0.0.1"]

[[source]]
name = "flood"
address = ["{flooder}"]

[[target]]
name = "callee"
uri = "sip:{host}:{port}"
check_s = 0

[[route]]
name = "plain"
source = ["flood"]
to = ["callee"]
"""
_SDP: Final = (
    b"v=0\r\no=- 1 1 IN IP4 127.0.0.9\r\ns=-\r\nc=IN IP4 127.0.0.9\r\nt=0 0\r\n"
    b"m=audio 40000 RTP/AVP 0\r\na=label:1\r\na=sendonly\r\n"
)


@dataclass(slots=True, kw_only=True)
class FloodFigures:
    """What became of both sources' calls; `again_s` is from the last INVITE of the flood on.

    `full`: why the recorder refused calls for want of something, as its log says.
    `before_p99_ms` is of new calls of the other before the flood: what the machine takes by itself.
    """

    command: list[str]
    machine: dict[str, object]
    door: Door
    sent: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    before_p99_ms: float = 0.0
    setup: SetupReport | None = None
    lost: int = 0
    full: tuple[str, ...] = ()
    again_s: float = 0.0

    @property
    def missed(self) -> list[str]:
        """The promises that were not kept, in words."""
        assert self.setup is not None
        told = (
            (bool(self.setup.failures), f"other calls failed: {self.setup.failures} {self.full}"),
            (self.setup.p99_ms > ANSWERED_WITHIN_MS, f"p99 of {self.setup.p99_ms:.0f} ms"),
            (self.lost > 0, f"{self.lost} packets lost"),
            (self.again_s > RECOVERED_WITHIN_S, f"the flooder called again after {self.again_s} s"),
        )
        return [words for is_missed, words in told if is_missed]

    def told(self) -> str:
        """The table."""
        setup = self.setup
        assert setup is not None
        row = (
            self.door, f"{self.sent:,}", self.statuses.get(200, 0), self.statuses.get(503, 0),
            setup.tried, sum(setup.failures.values()), setup.p50_ms, setup.p99_ms, setup.worst_ms,
            self.before_p99_ms, self.lost, self.again_s,
        )  # fmt: skip
        return table(HEADS, [row])


def invite(number: int, port: int, door: Door) -> bytes:
    """The flood's INVITE of that number: a recording session, or a call to be routed."""
    asks = b"Require: siprec\r\n" if door == "recording" else b""
    local = b"%s:%d" % (FLOODER.encode(), port)
    return b"".join((
        b"INVITE sip:%s@127.0.0.1 SIP/2.0\r\n" % NUMBER,
        b"Via: SIP/2.0/UDP %s;branch=z9hG4bKflood%d\r\nMax-Forwards: 70\r\n" % (local, number),
        b"From: <sip:flood@%s>;tag=f%d\r\nTo: <sip:%s@127.0.0.1>\r\n" % (local, number, NUMBER),
        b"Call-ID: flood-%d@bench\r\nCSeq: 1 INVITE\r\n" % number,
        b"Contact: <sip:flood@%s>;+sip.src\r\n" % local, asks,
        b"Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n" % len(_SDP), _SDP,
    ))  # fmt: skip


class Flood(asyncio.DatagramProtocol):
    """Its socket; `first` is the first final answer to each call, by its number."""

    def __init__(self, target: Target, door: Door) -> None:
        self._target, self._door = (target.host, target.port), door
        self.first: dict[int, int] = {}
        self.sent = 0

    def send_over(self, transport: asyncio.DatagramTransport) -> None:
        """Flood from this socket."""
        self._transport = transport
        self._port = int(transport.get_extra_info("sockname")[1])

    def datagram_received(self, data: bytes, _address: object) -> None:
        if not data.startswith(b"SIP/2.0 ") or data.startswith(b"SIP/2.0 1"):
            return
        at = data.find(b"flood-") + len(b"flood-")
        number = int(data[at : data.index(b"@", at)])
        self.first.setdefault(number, int(data[8:11]))

    def send(self) -> int:
        """One more INVITE; its number."""
        self.sent += 1
        self._transport.sendto(invite(self.sent, self._port, self._door), self._target)
        return self.sent

    async def run(self, per_s: float, seconds: float) -> None:
        """So many a second, by the clock."""
        begun_s = monotonic_s()
        while (done_s := monotonic_s() - begun_s) < seconds:
            while self.sent < done_s * per_s:
                self.send()
            await asyncio.sleep(0.002)

    async def until_taken(self) -> float:
        """How long it takes until a call of its own is answered 200 again."""
        begun_s = monotonic_s()
        while (waited_s := monotonic_s() - begun_s) < _GIVE_UP_S:
            number = self.send()
            await asyncio.sleep(_PROBE_EVERY_S)
            if self.first.get(number) == 200:
                return waited_s
        return _GIVE_UP_S


@asynccontextmanager
async def _peers(target: Target, door: Door, answering: socket.socket) -> AsyncIterator[Flood]:
    """The flood, and who answers its calls at the inline door."""
    loop = asyncio.get_running_loop()
    callee_transport, callee = await loop.create_datagram_endpoint(Callee, sock=answering.dup())
    callee.send_over(callee_transport)
    callee.expect(NUMBER, Party(host=CALLEE_HOST, port=41_000))
    transport, flood = await loop.create_datagram_endpoint(
        lambda: Flood(target, door), local_addr=(FLOODER, 0)
    )
    flood.send_over(transport)
    with closing(transport), closing(callee_transport):
        yield flood


async def measure(
    figures: FloodFigures, target: Target, answering: socket.socket, calls: int, seconds: int
) -> None:
    """Hold calls, flood beside new ones of the same source, then see when the flooder is heard."""
    new = NEW_PER_S * seconds
    async with open_load(target, max_calls=calls + 2 * new) as load:
        await load.place(calls, per_s=SETUPS_PER_S)
        figures.before_p99_ms = (await load.place(new, per_s=NEW_PER_S)).p99_ms
        before = dropped()
        async with _peers(target, figures.door, answering) as flood:
            async with asyncio.TaskGroup() as group:
                group.create_task(flood.run(FLOOD_PER_S, seconds))
                placing = group.create_task(load.place(new, per_s=NEW_PER_S))
            figures.setup = placing.result()
            figures.sent, figures.statuses = flood.sent, dict(Counter(flood.first.values()))
            figures.again_s = await flood.until_taken()
        figures.lost = dropped() - before
        await load.end(per_s=SETUPS_PER_S)


def at_fresh_recorder(figures: FloodFigures, calls: int, seconds: int) -> FloodFigures:
    """With a recorder that has an empty archive."""
    with tempfile.TemporaryDirectory() as folder, callee_socket() as answering:
        more = _CONFIG.format(flooder=FLOODER, host=CALLEE_HOST, port=answering.getsockname()[1])
        running = start_rokuon(Path(folder), max_calls=4_500, more=more)
        try:
            target = Target(port=running.sip_port)
            asyncio.run(measure(figures, target, answering, calls, seconds))
            figures.full = refusals(running.log.read_text(errors="replace"))
        finally:
            running.stop()
    return figures


def main(given: Sequence[str] | None = None) -> int:
    """Measure, write the JSON file, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--door", choices=("recording", "inline"), default="recording")
    parser.add_argument("--calls", type=int, default=CALLS, help="calls of the other source")
    parser.add_argument("--seconds", type=int, default=FLOOD_S)
    parser.add_argument("--json", type=Path, default=Path("build/bench-flood.json"))
    arguments = parser.parse_args(given)
    command = ["python", "-m", "bench.flood", *sys.argv[1:]]
    figures = FloodFigures(command=command, machine=machine_facts(), door=arguments.door)
    at_fresh_recorder(figures, arguments.calls, arguments.seconds)
    write_json(arguments.json, figures)
    print(figures.told())
    print("\n".join(f"missed: {each}" for each in figures.missed))
    return FINDINGS if figures.missed else 0


if __name__ == "__main__":
    sys.exit(main())
