"""A small capture node for tests: real sockets on loopback, a real ring, parts in a folder.

`Node` holds what the holder would; `Ingest` is a worker without its loop. What was written is read
back with the archive's own reader.
"""

import os
import random
import resource
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.call.events import CallOpened, encode_event
from archive.format.frames import WHOLE_RECORDING, Frame, FrameKind
from archive.format.intake import P256_SUITE, PAGE_BYTES, generate_intake_key, open_page
from archive.format.packets import decode_packets
from archive.format.part_reader import PartReader
from archive.format.segments import FileSource
from archive.ids import DEFAULT_TENANT, IntakeKeyId, NodeId, uuid7
from capture.holder import kernel
from capture.holder.landing_buffer import LandingRing
from capture.holder.relay_buffer import RelayRing
from capture.holder.relay_table import RelayTable
from capture.holder.server import Holder, HolderPlan
from capture.holder.worker_board import Board
from capture.links.recorder_messages import NumberedEvent, Record, StreamWanted
from capture.media.durability import Syncer
from capture.media.open_part import Writer
from capture.media.parts import PartLimits, Parts
from capture.media.relay_intake import RelayIntake, scratch_ring
from capture.media.reports import Reports
from capture.media.roster import Roster, Share
from capture.media.schedule import Schedule
from capture.media.sweep import Sweeper
from capture.media.sweep_writer import SweepWriter

LOOPBACK = "127.0.0.1"
NODE_KEY = Ed25519PrivateKey.from_private_bytes(b"n" * 32)
INTAKE_KEY = generate_intake_key(IntakeKeyId(b"i" * 16), P256_SUITE)
WRITER = Writer(NodeId(b"n" * 16), NODE_KEY.sign, INTAKE_KEY.public_key)
LIMITS = PartLimits(max_s=3600.0, max_bytes=1 << 28)
FIRST_SEQUENCE = 1_000_000
EXAMPLE_CALL = CallOpened(
    at_us=5, source="pbx", node="n1", mode="siprec", transport="udp", peer=LOOPBACK,
    call_id="c", from_uri="", from_name="", to_uri="", to_name="", request_uri="",
)  # fmt: skip


def wall_us() -> int:
    return time.clock_gettime_ns(time.CLOCK_REALTIME) // 1000


def free_range(pairs: int, address: str = LOOPBACK) -> int:
    """An even port behind which `pairs` pairs are free.

    Above what the kernel gives away by itself, and above those of whole installations in tests.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    for _ in range(200):
        first = random.randrange(63_000, 65_500 - 2 * pairs, 2)  # noqa: S311 - not a secret
        taken: list[socket.socket] = []
        try:
            for port in range(first, first + 2 * pairs):
                taken.append(socket.socket(family, socket.SOCK_DGRAM))
                taken[-1].bind((address, port))
        except OSError:
            continue
        finally:
            for sock in taken:
                sock.close()
        return first
    raise AssertionError("no free ports")


def plan_of(folder: Path, pairs: int = 4, *, workers: int = 1, rtp: str = LOOPBACK) -> HolderPlan:
    first = free_range(pairs, rtp)
    return HolderPlan(
        socket_path=folder / "holder.sock", sip_bind=LOOPBACK, sip_port=0, rtp_bind=rtp,
        first_port=first, last_port=first + 2 * pairs - 1, workers=workers,
    )  # fmt: skip


@contextmanager
def limits_kept() -> Iterator[None]:
    """A holder sets its process's descriptor limit: give ours back."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@dataclass(frozen=True, slots=True)
class Heard:
    """One datagram as a part has it."""

    stream: int
    rtcp: bool
    serial: int
    arrival_us: int
    address: bytes
    port: int
    flags: int
    data: bytes


@dataclass(slots=True)
class Ingest:
    """A worker's parts put together as `Worker` does, driven by hand."""

    ring: LandingRing
    board: Board
    sweeper: Sweeper
    parts: Parts
    reports: Reports
    roster: Roster
    syncer: Syncer
    gatherer: RelayIntake
    writing: SweepWriter

    def sweep(self) -> None:
        """Everything once; what RTCP sockets hold as well."""
        for descriptor, _ in self.roster.epoll.poll(0):
            self.roster.heard_rtcp(descriptor)
        offset_us = wall_us() - time.monotonic_ns() // 1000
        batch = list(self.roster.recordings.values())
        self.sweeper.sweep(batch, offset_us)
        self.gatherer.gather(batch, offset_us)

    def close(self) -> None:
        """Give back descriptors, as the end of a process would."""
        for live in self.roster.recordings.values():
            for stream in live.streams.values():
                self.reports.end(stream)
            if live.part is not None:
                live.part.abandon()
        self.roster.epoll.close()
        if self.syncer._thread.ident is None:
            for volume in self.syncer._volumes:
                os.close(volume)

    def publish(self) -> list[object]:
        """Let the syncer do its work to the end; the tokens of what it published."""
        self.syncer.start()
        self.syncer.stop()
        return list(self.syncer.published)


@dataclass(slots=True)
class Node:
    """What outlives a worker: sockets, ring, board, and the spool."""

    folder: Path
    plan: HolderPlan
    holder: Holder
    sockets: list[socket.socket] = field(default_factory=list)
    workers: list[Ingest] = field(default_factory=list)

    @property
    def spool(self) -> Path:
        return self.folder / "spool"

    def port(self, pair: int) -> int:
        return self.plan.first_port + 2 * pair

    def ingest(
        self,
        *volumes: Path,
        ring: Callable[[int], LandingRing] = LandingRing,
        limits: PartLimits = LIMITS,
        clock: Callable[[], int] = wall_us,
    ) -> Ingest:
        """A worker; the one before it, if any, must be gone."""
        own = ring(self.holder.names["ring-0"][0])
        if own.is_new:
            own.begin(FIRST_SEQUENCE)
        board = Board(self.holder.names["board"][0])
        writing = SweepWriter(lambda live: parts.open(live))
        sweeper = Sweeper(own, board, writing)
        gatherer = self._gatherer(board, writing)
        places = volumes or (self.spool,)
        for place in places:
            place.mkdir(exist_ok=True)
        parts = Parts(places, WRITER, writing.bench, limits, clock)
        reports = Reports(sweeper.statistics, b"rokuon")
        share = Share(0, 1, self.holder.names["rtp-0"], self.holder.names["rtcp-0"])
        schedule = Schedule(0.64, time.monotonic())
        roster = Roster(share, sweeper, parts, reports, schedule, gatherer)
        syncer = Syncer([places[0]], whole_file_system=False, open_parts=roster.descriptors)
        parts.syncers.append(syncer)
        made = Ingest(own, board, sweeper, parts, reports, roster, syncer, gatherer, writing)
        self.workers.append(made)
        return made

    def _gatherer(self, board: Board, writing: SweepWriter) -> RelayIntake:
        relayed = RelayRing(self.holder.names["relay-ring-0"][0])
        if relayed.is_new:
            relayed.begin(FIRST_SEQUENCE)
        table = RelayTable(self.holder.names["relay-table"][0], board.pairs)
        return RelayIntake(relayed, table, Sweeper(scratch_ring(), board, writing))

    def listen(self, *pairs: int) -> None:
        """What signalling does before it answers."""
        for pair in pairs:
            kernel.open_filter(self.holder.names["rtp-0"][pair])

    def sender(self, pair: int, *, rtcp: bool = False) -> socket.socket:
        """A peer's socket towards a pair."""
        address = self.plan.rtp_bind
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_DGRAM)
        sock.connect((address, self.port(pair) + rtcp))
        self.sockets.append(sock)
        return sock

    def send(self, pair: int, *datagrams: bytes, rtcp: bool = False) -> None:
        sock = self.sender(pair, rtcp=rtcp)
        for datagram in datagrams:
            sock.send(datagram)

    def files(self, *volumes: Path) -> list[Path]:
        return sorted(p for v in volumes or (self.spool,) for p in v.rglob("*.rkn*"))

    def heard(self, *volumes: Path) -> list[Heard]:
        """All parts' datagrams in ring order, repetitions dropped."""
        found: dict[int, Heard] = {}
        for path in self.files(*volumes):
            for each in heard_in(path):
                found.setdefault(each.serial, each)
        return [found[serial] for serial in sorted(found)]

    def close(self) -> None:
        for sock in self.sockets:
            sock.close()
        for ingest in self.workers:
            ingest.close()
        for descriptors in self.holder.names.values():
            for descriptor in descriptors:
                os.close(descriptor)


def node(folder: Path, pairs: int = 4, *, rtp: str = LOOPBACK) -> Node:
    with limits_kept():
        plan = plan_of(folder, pairs, rtp=rtp)
        return Node(folder, plan, Holder(plan))


def opened(path: Path) -> PartReader:
    """The reader of a spool file, its key taken from the intake page."""
    lead = path.read_bytes()[: 2 * PAGE_BYTES]
    key = open_page(lead[:PAGE_BYTES], lead[PAGE_BYTES:], INTAKE_KEY)
    return PartReader(FileSource(path, PAGE_BYTES), key)


def frames_of(path: Path) -> list[Frame]:
    """Every frame up to where the file ends."""
    with opened(path) as reader:
        found = reader.frames_with_damage()
        return [frame for frame in found if isinstance(frame, Frame)]


def heard_in(path: Path) -> list[Heard]:
    heard = []
    for frame in frames_of(path):
        if frame.kind is FrameKind.PACKETS:
            packets = decode_packets(frame)
            for index in range(len(packets)):
                source = packets.sources[int(packets.source_index[index])]
                heard.append(
                    Heard(
                        packets.stream, packets.rtcp, int(packets.serials[index]),
                        int(packets.arrivals_us[index]), source.address, source.port,
                        int(packets.flags[index]), packets.datagram(index),
                    )
                )  # fmt: skip
    return heard


def recording_id(number: int = 0, began_us: int | None = None) -> bytes:
    began = wall_us() if began_us is None else began_us
    return uuid7(began, number.to_bytes(10, "big"))


def opened_event(serial: int = 0) -> NumberedEvent:
    return NumberedEvent(serial, 5, WHOLE_RECORDING, encode_event(EXAMPLE_CALL))


def record(recording: bytes, *pairs: int, **stream: object) -> Record:
    """The recording has streams 0, 1, … on these pairs."""
    streams = tuple(
        StreamWanted(stream=number, pair=pair, clock_hz=8000, **stream)  # type: ignore[arg-type]  # fields of StreamWanted
        for number, pair in enumerate(pairs)
    )
    return Record(
        recording=recording, tenant=DEFAULT_TENANT.raw, created_us=5, streams=streams,
        events=(opened_event(),),
    )  # fmt: skip


def rtp(sequence: int, payload: bytes = b"p" * 160, *, kind: int = 0, ssrc: int = 7) -> bytes:
    head = bytes([0x80, kind]) + (sequence & 0xFFFF).to_bytes(2, "big")
    return (
        head + (sequence * 160 & 0xFFFFFFFF).to_bytes(4, "big") + ssrc.to_bytes(4, "big") + payload
    )


def dies(work: Callable[[], None]) -> bool:
    """Run `work` in a child process; whether it was ended by SIGKILL."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def readable(sock: socket.socket | int, seconds: float = 5.0) -> bool:
    """A busy kernel delivers a moment late. Not by `select`, which knows none past 1,023."""
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(seconds * 1_000))
