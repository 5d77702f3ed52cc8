"""Holder, ingest worker and relay as processes of one supervisor, and calls that go through them.

Run `python -m tests.crash.relayed PART FOLDER` for one part. Signalling is played by the test: it
says what is to be relayed and recorded, and never who was killed.
"""

import json
import os
import random
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import msgspec

from capture.holder import kernel
from capture.holder.client import HolderClient
from capture.holder.server import Holder, HolderPlan
from capture.links.framed_messages import framed
from capture.links.recorder_messages import Everything, Record, StreamWanted
from capture.links.relay_messages import Latch, Place, RelayCall, RelayedEnd, RelayEverything
from capture.native.choice import LoopWord
from rokuon.compose.capture.processes import PAUSES
from rokuon.compose.processes.part_plan import PartPlan
from rokuon.compose.processes.process_names import has_spare
from rokuon.compose.start.foreground_part import stop_asked
from rokuon.machine.notify import READY, end_with_supervisor, stand_by, tell
from tests.capture.media import scene

PARTS: Final = ("holder", "ingest-0", "relay-0")
PACKET_S: Final = 0.02
_NANO: Final = 1_000_000_000


def plans(folder: Path) -> tuple[PartPlan, ...]:
    """As `rokuon.compose.capture.processes` makes them."""
    return tuple(
        PartPlan(
            name=name,
            command=(sys.executable, "-m", "tests.crash.relayed", name, str(folder)),
            pauses=PAUSES,
            has_spare=has_spare(name),
        )
        for name in PARTS
    )


def prepare(folder: Path, pairs: int, loop: LoopWord) -> HolderPlan:
    """Folders, and the ports of all parts."""
    (folder / "spool").mkdir()
    (folder / "prompts").mkdir()
    first = scene.free_range(pairs)
    (folder / "plan.json").write_text(
        json.dumps(
            {
                "first": first,
                "pairs": pairs,
                "loop": loop,
                "intake": scene.INTAKE_KEY.public_key().public.hex(),
            }
        )
    )
    return plan_in(folder)


def plan_in(folder: Path) -> HolderPlan:
    said = json.loads((folder / "plan.json").read_text())
    return HolderPlan(
        socket_path=folder / "holder.sock", sip_bind=scene.LOOPBACK, sip_port=0,
        rtp_bind=scene.LOOPBACK, first_port=said["first"],
        last_port=said["first"] + 2 * said["pairs"] - 1, workers=1,
    )  # fmt: skip


def run_relay(folder: Path, ready: Callable[[], None]) -> None:
    from capture.media.relay.worker import Relay, RelayPlan

    plan = RelayPlan(
        number=0, workers=1, link=folder / "relay.sock", prompts=folder / "prompts",
        loop=json.loads((folder / "plan.json").read_text())["loop"],
    )  # fmt: skip
    with HolderClient(folder / "holder.sock") as holder:
        relay = Relay(plan, holder, scene.wall_us)
        ready()
        relay.run(stop_asked())


def run_ingest(folder: Path, ready: Callable[[], None]) -> None:
    from capture.media.worker import Worker, WorkerPlan

    said = json.loads((folder / "plan.json").read_text())
    intake = replace(scene.INTAKE_KEY.public_key(), public=bytes.fromhex(said["intake"]))
    plan = WorkerPlan(
        number=0, workers=1, holder=folder / "holder.sock", link=folder / "link.sock",
        volumes=(folder / "spool",), own_file_system=False, sweep_s=0.64,
        writer=replace(scene.WRITER, intake_key=lambda: intake), limits=scene.LIMITS,
    )  # fmt: skip
    with HolderClient(plan.holder) as holder:
        worker = Worker(plan, holder, scene.wall_us)
    ready()
    worker.run(stop_asked())


def main(part: str, folder: Path) -> None:
    """One process."""
    stand_by(os.environ, lambda: __import__("capture.media.relay.worker"))
    end_with_supervisor(os.environ)

    def ready() -> None:
        tell(READY, os.environ)

    match part:
        case "holder":
            Holder(plan_in(folder)).serve(ready)
        case "ingest-0":
            run_ingest(folder, ready)
        case _:
            run_relay(folder, ready)


@dataclass
class Line:
    """What one party sends to its pair, and when each packet of the other party has come."""

    pair: int
    sock: socket.socket
    sent: list[bytes] = field(default_factory=list)
    heard: list[tuple[int, int]] = field(default_factory=list)  # number said, arrival in ns

    def say(self, port: int) -> None:
        number = len(self.sent)
        packet = scene.rtp(number, number.to_bytes(4, "big") * 40, ssrc=1_000 + self.pair)
        self.sent.append(packet)
        self.sock.sendto(packet, (scene.LOOPBACK, port))

    def hear(self) -> None:
        while True:
            try:
                data, control, _, _ = self.sock.recvmsg(2048, 64)
            except BlockingIOError:
                return
            seconds, rest = (int.from_bytes(control[0][2][at : at + 8], "little") for at in (0, 8))
            self.heard.append((int.from_bytes(data[12:16], "big"), seconds * _NANO + rest))


class Talk:
    """Calls of two parties each, through pairs 2n and 2n + 1."""

    def __init__(self, plan: HolderPlan, calls: int) -> None:
        self.plan, self.calls = plan, calls
        self.lines = [Line(pair, phone()) for pair in range(2 * calls)]
        self.recordings = [scene.recording_id(number) for number in range(calls)]

    def begin(self, relay: socket.socket, worker: socket.socket) -> None:
        """What signalling would say of them."""
        for number, recording in enumerate(self.recordings):
            worker.sendall(framed(self._record(number, recording)))
            relay.sendall(framed(self._call(number, recording)))
        worker.sendall(framed(Everything()))
        relay.sendall(framed(RelayEverything()))

    def _call(self, number: int, recording: bytes) -> RelayCall:
        first, second = (
            RelayedEnd(
                pair=line.pair, places=(Place(*line.sock.getsockname()),), reports_to=None,
                latch=Latch.SIGNALLED, ssrc=line.pair + 1, first_sequence=65_500,
                first_timestamp=0,
            )
            for line in self.lines[2 * number : 2 * number + 2]
        )  # fmt: skip
        return RelayCall(
            call=recording, ends=(first, second), is_joined=True, is_landed=True, gate_us=1
        )

    def _record(self, number: int, recording: bytes) -> Record:
        streams = tuple(
            StreamWanted(stream=side, pair=2 * number + side, clock_hz=8000, relayed=True)
            for side in (0, 1)
        )
        return msgspec.structs.replace(scene.record(recording), streams=streams)

    def speak(self, seconds: float) -> None:
        """Everybody, fifty times a second."""
        begun_s, packets = time.monotonic(), round(seconds / PACKET_S)
        for packet in range(packets):
            for line in self.lines:
                line.say(self.plan.first_port + 2 * line.pair)
                line.hear()
            time.sleep(max(0.0, begun_s + (packet + 1) * PACKET_S - time.monotonic()))

    def longest_gap_s(self) -> float:
        """The longest time in which any party heard nothing while the other one spoke."""
        gaps = [
            after[1] - before[1]
            for line in self.lines
            for before, after in zip(line.heard, line.heard[1:], strict=False)
        ]
        return max(gaps) / _NANO

    def close(self) -> None:
        for line in self.lines:
            line.sock.close()


def phone() -> socket.socket:
    """A telephone's socket: what arrives bears the kernel's time."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((scene.LOOPBACK, 0))
    sock.setsockopt(socket.SOL_SOCKET, kernel.SO_TIMESTAMPNS, 1)
    sock.settimeout(0)
    return sock


def moments(seed: int, kills: int, within_s: float) -> list[float]:
    """Pauses before each kill; a spare needs a moment to load."""
    luck = random.Random(seed)  # noqa: S311 - a run must be repeatable
    return [luck.uniform(3.0, 3.0 + within_s) for _ in range(kills)]


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
