"""The writer of parts cut off before every system call that it makes: C1 to C4."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from archive.call.events import Flagged, decode_event, encode_event
from archive.format.end import End
from archive.format.frames import WHOLE_RECORDING, FrameKind
from archive.format.header import BLOCK_BYTES, HeaderBlock
from archive.format.part_reader import PartReader
from archive.format.segments import FileSource
from archive.ids import DEFAULT_TENANT, RecordingId, uuid7
from archive.keys.wire.opening_messages import DataKeyAnswer
from archive.keys.wire.protocol import AskerRole
from capture.links.recorder_messages import Close
from capture.media.open_part import OpenPart, PartOf, SealingBench, Writer, publish
from tests.archive.examples import START_US
from tests.archive.keeper.scene import LATER_US, KeeperScene
from tests.archive.keys.entries import open_ask
from tests.capture.media import scene as media
from tests.capture.media.scene import dies, record, recording_id, rtp
from tests.crash.system_calls import SystemCalls, die, fail

NEVER = 10_000
RECORDING = RecordingId(uuid7(START_US, bytes(10)))
# In one segment, in three, in one.
SWEEPS = ["first", "second" * 2_000, "third"]


class Life:
    """The real writer's life with a part, and what a power cut would leave of it."""

    def __init__(self, scene: KeeperScene) -> None:
        self.scene = scene
        scene.spool.mkdir()
        self.said, self.synced = scene.folder / "said", scene.folder / "synced"
        self.path = Path()

    def note(self, word: str) -> None:
        """Say how far we came, to whoever finds us dead."""
        with self.said.open("a") as said:
            said.write(word)

    def keep_synced(self) -> None:
        """What the disk has for certain."""
        self.synced.write_bytes(self.path.read_bytes())
        self.note("D")

    def live(self, calls: SystemCalls) -> None:
        """C1 to C4: a part of three writes, each of them synced."""
        node, bench = self.scene.scene.node, SealingBench()
        what = PartOf(recording=RECORDING, tenant=DEFAULT_TENANT, part=0, created_us=START_US)
        self.path = self.scene.spool / what.header(node.id).relative_name()
        calls.after_sync = self.keep_synced
        with calls.lit():
            writer = Writer(node.id, node.signing.sign, lambda: node.intake_key)
            part = OpenPart(self.scene.spool, what, writer, bench)
            self.note("L")
            for serial, text in enumerate(SWEEPS):
                bench.layout.begin(part.sync)
                event = Flagged(at_us=START_US, flag="metadata_missing", detail=text)
                bench.layout.frame(
                    FrameKind.EVENT, WHOLE_RECORDING, START_US, serial, encode_event(event)
                )
                part.write()
                self.note("W")
                os.fdatasync(part.descriptor)
            end = End(reason="bye", segments=part.segments + 1, packets={}, lost=(), last=True)
            part.finish(end, START_US)
            publish(part.descriptor, part.path)

    def calls(self) -> list[str]:
        """The system calls of a whole life, in their order."""
        counting = SystemCalls(NEVER, die)
        self.live(counting)
        return counting.seen


def read_archived(scene: KeeperScene) -> tuple[list[str], str]:
    """The texts of the sweeps in the archived part, and END's reason; every tag verified."""
    (path,) = (scene.folder / "archive").rglob("*.rkn")
    with FileSource(path) as source:
        block = HeaderBlock.decode(source.read_at(0, BLOCK_BYTES))
        ask = open_ask(block.key, block.recording, scene.scene.now_us)
        answer = scene.scene.daemon.answer(AskerRole.API, ask)
        assert isinstance(answer, DataKeyAnswer)
        with PartReader(source, answer.data_key) as reader:
            reason = reader.verify().end.reason
            events = [
                decode_event(bytes(f.payload)) for f in reader.frames() if f.kind == FrameKind.EVENT
            ]
    return [event.detail for event in events if isinstance(event, Flagged)], reason


def as_killed(_life: Life) -> None:
    """The page cache has everything that was written."""


def as_cut(life: Life) -> None:
    """The disk has what was synced, and the file is as long as that."""
    for path in spool_files(life.scene):
        path.write_bytes(life.synced.read_bytes() if life.synced.exists() else b"")


def as_cut_with_length(life: Life) -> None:
    """The disk has what was synced, and zeros up to the length that the file had."""
    for path in spool_files(life.scene):
        size = path.stat().st_size
        content = life.synced.read_bytes() if life.synced.exists() else b""
        path.write_bytes(content.ljust(size, b"\0"))


def spool_files(scene: KeeperScene) -> list[Path]:
    return [path for path in scene.spool.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    "ended",
    [
        *(pytest.param(each, marks=pytest.mark.slow) for each in (as_killed, as_cut)),
        as_cut_with_length,
    ],
    ids=lambda f: f.__name__,
)
def test_a_writer_cut_before_any_call_leaves_what_it_wrote_to_the_keeper(
    tmp_path: Path, ended: Callable[[Life], None]
) -> None:
    """Killed: all that was written. Without power: all that was synced. Never anything else."""
    calls = Life(KeeperScene(tmp_path / "whole")).calls()
    assert set(calls) == {"mkdir", "open", "flock", "pwrite", "fdatasync", "rename", "close"}

    for cut in range(len(calls)):
        scene = KeeperScene(tmp_path / str(cut))
        life = Life(scene)
        assert dies(partial(life.live, SystemCalls(cut, die)))
        said = life.said.read_text() if life.said.exists() else ""
        ended(life)
        is_hinted = any(path.suffix == ".sealed" for path in spool_files(scene))
        keeper = scene.keeper()
        keeper.round(LATER_US, probes_all=True)

        safe = "D" if ended is not as_killed else "L"
        if safe not in said:
            assert_nothing_is_archived(scene, keeper.problems)
            continue
        assert keeper.problems == (), f"cut before call {cut}, {calls[cut]}"
        assert spool_files(scene) == []
        texts, reason = read_archived(scene)
        written = said.count("W") if ended is as_killed else min(said.count("D"), len(SWEEPS))
        assert texts == SWEEPS[:written], f"cut before call {cut}, {calls[cut]}"
        assert reason in ("recovered", "bye")
        assert reason == "bye" or not is_hinted, "END is safe before the part says it is sealed"


def assert_nothing_is_archived(scene: KeeperScene, problems: tuple[object, ...]) -> None:
    """A file without its page holds nothing and goes; one of zeros stays, and is named."""
    assert list((scene.folder / "archive").rglob("*.rkn")) == []
    assert len(problems) == len(spool_files(scene)) <= 1


def record_a_call(node: media.Node, ingest: media.Ingest, recording: bytes) -> list[bytes]:
    """Two sweeps with packets, BYE, and the syncer's work; what was sent."""
    ingest.roster.record(record(recording, 0))
    sent = [rtp(number) for number in range(30)]
    node.send(0, *sent[:15])
    ingest.sweep()
    node.send(0, *sent[15:])
    ingest.sweep()
    ingest.roster.close(Close(recording=recording, reason="bye", at_us=START_US))
    ingest.publish()
    return sent


def test_a_call_of_the_system_that_fails_once_costs_no_packet(tmp_path: Path) -> None:
    """The part ends where it is, or never began; the sweep goes into the next one."""
    counted = SystemCalls(NEVER, fail)
    calls = run_with(counted, tmp_path / "whole")
    assert {"open", "flock", "pwrite", "fdatasync", "rename"} <= set(calls)

    for at, name in enumerate(calls):
        if name != "close":
            run_with(SystemCalls(at, fail), tmp_path / str(at))


def run_with(calls: SystemCalls, folder: Path) -> list[str]:
    """A call under a fuse; every packet sent is in a part that can be read, each file has a key."""
    folder.mkdir()
    node = media.node(folder)
    node.listen(0)
    ingest = node.ingest()
    try:
        with calls.lit():
            sent = record_a_call(node, ingest, recording_id())
        assert [each.data for each in node.heard()] == sent, calls.seen[calls.at :][:1]
        assert len(calls.seen) < NEVER
    finally:
        node.close()
    return calls.seen
