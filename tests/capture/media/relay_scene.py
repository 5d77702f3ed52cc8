"""A relay for tests, driven by hand: the sockets are real, the clock and signalling are not.

`Stage` has the holder's descriptors, both parties of a call, and hears what the relay says.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path

import msgspec

from capture.holder.client import HolderClient
from capture.holder.relay_buffer import RelayRing
from capture.holder.relay_table import RelayTable
from capture.links.framed_messages import framed
from capture.links.relay_messages import (
    Latch,
    Place,
    Playing,
    RelayAnswer,
    RelayCall,
    RelayedEnd,
    RelayStream,
)
from capture.media.relay.priority import PriorityWord
from capture.media.relay.worker import Relay, RelayPlan
from capture.native.choice import LoopWord
from capture.prompts.prompt_file import Prompt, encode_prompt
from tests.capture.media import scene
from tests.capture.media.scene import Node

CALL = b"c" * 16
SSRC_TO_CALLER = 0xAAAA0001
SSRC_TO_CALLEE = 0xBBBB0002
FIRST_SEQUENCE = 1_000
FIRST_TIMESTAMP = 5_000
LONGEST_S = 5.0


class HeldHere(HolderClient):
    """The holder of a `Node` is in this process: descriptors are copies of its own."""

    def __init__(self, node: Node) -> None:
        self._names = node.holder.names
        self.copies: list[int] = []

    def count(self, name: str) -> int:
        return len(self._names.get(name, []))

    def take_some(self, name: str, first: int, count: int) -> list[int]:
        found = [os.dup(each) for each in self._names.get(name, [])[first : first + count]]
        self.copies += found
        return found

    def close(self) -> None:
        """As the end of their process would: else their ports are never free again."""
        for each in self.copies:
            os.close(each)


@dataclass(slots=True)
class Party:
    """A phone: one socket for RTP, one for RTCP."""

    rtp: socket.socket
    rtcp: socket.socket

    @property
    def place(self) -> Place:
        return Place(*self.rtp.getsockname()[:2])

    @property
    def reports_place(self) -> Place:
        return Place(*self.rtcp.getsockname()[:2])

    def hears(self) -> bytes:
        """The next packet; waits for it."""
        return self.rtp.recv(4096)

    def hears_nothing(self) -> bool:
        return not scene.readable(self.rtp, 0)


@dataclass
class Stage:
    """One relay on a node, a call's parties, and signalling's end of the link."""

    node: Node
    folder: Path
    now_s: float = 1_000.0
    wall_us: int = 1_795_564_800_000_000
    loop: LoopWord = "auto"
    priority: PriorityWord = "normal"
    parties: list[Party] = field(default_factory=list)
    relays: list[Relay] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.holder = HeldHere(self.node)
        self.prompts = self.folder / "prompts"
        self.prompts.mkdir()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.folder / "relay.sock"))
        self.listener.listen()
        self.listener.settimeout(LONGEST_S)
        self.link: socket.socket | None = None
        self.caller, self.callee = self.party(), self.party()
        self.relay = self.begin()
        names = self.node.holder.names
        self.ring = RelayRing(os.dup(names["relay-ring-0"][0]))
        self.table = RelayTable(os.dup(names["relay-table"][0]), self.node.plan.pairs)

    def party(self) -> Party:
        wide = ":" in self.node.plan.rtp_bind
        made = []
        for _ in range(2):
            sock = socket.socket(socket.AF_INET6 if wide else socket.AF_INET, socket.SOCK_DGRAM)
            sock.bind((self.node.plan.rtp_bind, 0))
            sock.settimeout(LONGEST_S)
            made.append(sock)
        self.parties.append(Party(*made))
        return self.parties[-1]

    def begin(self) -> Relay:
        """A relay, or a successor of the one before, which is not asked."""
        for former in self.relays:
            former.link.close()
        plan = RelayPlan(
            number=0, workers=1,
            link=self.folder / "relay.sock", prompts=self.prompts, loop=self.loop,
            priority=self.priority,
        )  # fmt: skip
        made = Relay(plan, self.holder, lambda: self.wall_us)
        self.relays.append(made)
        self.relay = made
        made.take_over(self.now_s)
        return made

    # Signalling.

    def connect(self) -> None:
        """Let the relay find signalling, and hear who it is."""
        due_s = self.relay.link.next_due_s(self.now_s)
        self.pass_time(max(0.1, due_s - self.now_s) if isfinite(due_s) else 0.1)
        self.link, _ = self.listener.accept()
        self.link.settimeout(0)
        self.incoming = RelayStream()

    def says(self) -> list[RelayAnswer]:
        """What the relay has said to signalling since the last call."""
        if self.link is None:
            self.connect()
        assert self.link is not None
        found: list[RelayAnswer] = []
        while True:
            try:
                data = self.link.recv(1 << 16)
            except BlockingIOError:
                return found
            if not data:
                return found
            found += list(self.incoming.feed(data))  # type: ignore[arg-type]  # answers alone come

    def tell(self, *commands: msgspec.Struct) -> None:
        """Say it over the link, and let the relay hear it."""
        if self.link is None:
            self.connect()
        assert self.link is not None
        for command in commands:
            self.link.sendall(framed(command))  # type: ignore[arg-type]
        self.turn()

    # Time and packets.

    def turn(self, wait_s: float = 0.0) -> None:
        """Whatever is ready, until nothing is: the loop in C reads one packet at a time."""
        ready = self.relay.roster.epoll.poll(wait_s)
        self.relay.step(ready, self.now_s)
        while ready := self.relay.roster.epoll.poll(0):
            self.relay.step(ready, self.now_s)

    def pass_time(self, seconds: float) -> None:
        self.now_s += seconds
        self.wall_us += round(seconds * 1e6)
        self.turn()

    def send(self, party: Party, *datagrams: bytes, to: int, rtcp: bool = False) -> None:
        """From a party to a pair of ours; the relay takes it."""
        sock = party.rtcp if rtcp else party.rtp
        for datagram in datagrams:
            sock.sendto(datagram, (self.node.plan.rtp_bind, self.node.port(to) + rtcp))
        self.turn(LONGEST_S)

    def landed(self) -> list[tuple[int, bytes]]:
        """Owner and datagram of what is in the ring."""
        owners, tail = self.ring.waiting()
        found = []
        for at, owner in enumerate(owners.tolist()):
            slot = (tail + at) % len(self.ring.owners)
            if owner:
                length = int(self.ring.headers[slot, 14])
                found.append((owner, self.ring.datagram(slot, length)))
        return found

    def prompt(self, name: str, frames: int, **changes: int) -> Prompt:
        """A prepared prompt in the folder."""
        values = {"clock_hz": 8000, "packet_ms": 20, "stamp_step": 160} | changes
        made = Prompt(frames=tuple(bytes([n % 256]) * 160 for n in range(frames)), **values)  # type: ignore[arg-type]
        (self.prompts / name).write_bytes(encode_prompt(made))
        return made

    def close(self) -> None:
        for relay in self.relays:
            relay.roster.epoll.close()
            relay.link.close()
            for pair in relay.roster._sockets._open.values():
                for sock in pair:
                    sock.detach()
        self.listener.close()
        if self.link is not None:
            self.link.close()
        for party in self.parties:
            party.rtp.close()
            party.rtcp.close()
        self.holder.close()


@contextmanager
def stage_on(node: Node, folder: Path, loop: LoopWord = "auto") -> Iterator[Stage]:
    made = Stage(node, folder, loop=loop)
    try:
        yield made
    finally:
        made.close()


def end(party: Party | None, ssrc: int, changes: dict[str, object]) -> RelayedEnd:
    """An end as signalling says it; changes are fields of `RelayedEnd`."""
    values: dict[str, object] = {
        "places": () if party is None else (party.place,),
        "reports_to": None if party is None else party.reports_place,
        "latch": Latch.SIGNALLED,
        "ssrc": ssrc,
        "first_sequence": FIRST_SEQUENCE,
        "first_timestamp": FIRST_TIMESTAMP,
    }
    return msgspec.convert(values | changes, RelayedEnd)


def call(
    stage: Stage,
    caller: dict[str, object] | None = None,
    callee: dict[str, object] | None = None,
    **changes: object,
) -> RelayCall:
    """A call of the stage's parties on pairs 0 and 1, joined and landed."""
    values: dict[str, object] = {"is_joined": True, "is_landed": True, "gate_us": 1}
    ends = (
        end(stage.caller, SSRC_TO_CALLER, {"pair": 0, **(caller or {})}),
        end(stage.callee, SSRC_TO_CALLEE, {"pair": 1, **(callee or {})}),
    )
    return msgspec.structs.replace(
        RelayCall(call=CALL, ends=ends, is_joined=True, is_landed=True), **(values | changes)
    )


def order(serial: int = 1, prompt: str = "notice", **changes: object) -> Playing:
    """An order to play."""
    return msgspec.convert(
        {"serial": serial, "prompt": prompt, "payload_type": 0} | changes, Playing
    )


def header(packet: bytes) -> tuple[bool, int, int, int, int]:
    """Marker, payload type, sequence, timestamp, SSRC."""
    return (
        bool(packet[1] & 0x80),
        packet[1] & 0x7F,
        int.from_bytes(packet[2:4], "big"),
        int.from_bytes(packet[4:8], "big"),
        int.from_bytes(packet[8:12], "big"),
    )
