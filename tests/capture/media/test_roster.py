"""A worker's recordings: commands that may come twice, and what a killed predecessor left."""

import os
from collections.abc import Callable

import msgspec
import pytest

from archive.format.frames import FrameKind
from capture.holder.landing_buffer import LandingRing, Run
from capture.links.recorder_messages import Close, Closed
from capture.media import open_part
from capture.media.batch_receiver import receive
from capture.media.roster import MAX_REMEMBERED
from tests.capture.media import scene
from tests.capture.media.scene import Node, frames_of, opened, record, recording_id, rtp
from tests.support.media.cuts import ended

DEATHS = ["before anything is written", "between write and commit", "between the commit's words"]


class DyingRing(LandingRing):
    """Its process dies in a commit: as it begins, or between the two stores of the word."""

    dies_first = False

    def commit(self, count: int) -> None:
        if self.dies_first:
            scene.die()
        super().commit(count)

    def clear(self, count: int) -> None:
        if not self.dies_first and self.committed:
            scene.die()
        super().clear(count)


class DyingFirst(DyingRing):
    dies_first = True


def close(recording: bytes) -> Close:
    return Close(recording=recording, reason="bye", at_us=0)


def doomed(node: Node, recordings: list[bytes], death: str) -> Callable[[], None]:
    """A worker that sweeps once, and how far it comes."""

    def life() -> None:
        rings = dict(zip(DEATHS, (LandingRing, DyingFirst, DyingRing), strict=True))
        ingest = node.ingest(ring=rings[death])
        if death == DEATHS[0]:
            ingest.sweeper.seal = lambda *_: scene.die()  # type: ignore[method-assign]  # dies here
        for number, recording in enumerate(recordings):
            ingest.roster.record(record(recording, 2 * number, 2 * number + 1))
        ingest.sweep()

    return life


@pytest.mark.parametrize("death", DEATHS)
@pytest.mark.parametrize("after", [0, 10, 60])
def test_a_killed_worker_loses_nothing(node: Node, death: str, after: int) -> None:
    """What the ring holds is sealed by the successor, and what queues meanwhile is read."""
    recordings = [recording_id(number) for number in range(2)]
    sent: dict[int, list[bytes]] = {pair: [] for pair in range(4)}

    def send(pair: int, count: int) -> None:
        new = [rtp(len(sent[pair]) + n, bytes([pair]) * (100 + n % 3)) for n in range(count)]
        node.send(pair, *new)
        sent[pair] += new

    node.listen(0, 1, 2, 3)
    for pair, count in enumerate((30, 0, 21, 22)):
        send(pair, count)
    assert scene.dies(doomed(node, recordings, death))
    successor = node.ingest()
    for number, recording in enumerate(recordings):
        successor.roster.record(record(recording, 2 * number, 2 * number + 1))
    successor.roster.adopt_landed()
    for pair in range(4):
        send(pair, after)
    successor.sweep()
    for recording in recordings:
        successor.roster.close(close(recording))
    successor.publish()

    heard: dict[int, list[bytes]] = {pair: [] for pair in range(4)}
    for number, recording in enumerate(recordings):
        files = [path for path in node.files() if recording.hex() in path.name]
        found = {h.serial: h for path in files for h in scene.heard_in(path)}
        for serial in sorted(found):
            heard[2 * number + found[serial].stream].append(found[serial].data)
    assert heard == sent


def test_a_successor_never_takes_a_number_that_is_used_up(node: Node) -> None:
    """Also where the keeper has archived the part and taken it away: signalling remembers."""
    recording, used = recording_id(), list[int]()
    for _ in range(3):
        ingest = node.ingest()
        ingest.parts.announce = lambda _recording, part: used.append(part)
        wanted = msgspec.structs.replace(record(recording), next_part=max(used, default=-1) + 1)
        ingest.roster.record(wanted)
        ingest.sweep()
        (path,) = node.files()
        with opened(path) as reader:
            assert reader.header.part == used[-1]
        path.unlink()

    assert used == [0, 1, 2]


def test_a_number_that_no_volume_took_is_used_once_one_does(node: Node) -> None:
    """Signalling counts it as used up as soon as it is said, and repeats that with every event.

    Left out, it looked like a part that is missing.
    """
    recording = recording_id()
    ingest = node.ingest()
    ingest.roster.record(record(recording))
    ingest.roster.record(msgspec.structs.replace(record(recording), next_part=1))
    ingest.sweep()

    (path,) = node.files()
    with opened(path) as reader:
        assert reader.header.part == 0


def test_a_socket_that_held_nothing_does_not_name_the_next_sweeps_packets(node: Node) -> None:
    """Another call's stream would get them, after a kill."""
    ring = node.ingest().ring
    ears = [(node.holder.names["rtp-0"][pair], pair * 2 + 1) for pair in range(2)]
    node.listen(0, 1)
    node.send(0, rtp(0), rtp(1), rtp(2))
    receive(ring, ears)
    ring.commit(3)
    node.send(0, *[rtp(number) for number in range(6)])
    receive(ring, ears)

    assert ring.landed() == [Run(1, 0, 6)]


def test_landed_packets_of_no_known_recording_do_not_come_back(node: Node) -> None:
    """Their pair may be another customer's by the time of the next kill."""
    ring = node.ingest().ring
    node.listen(0, 1)
    node.send(0, rtp(0), rtp(1))
    node.send(1, rtp(0), rtp(1), rtp(2))
    ears = [(node.holder.names["rtp-0"][pair], pair * 2 + 1) for pair in range(2)]
    receive(ring, ears)
    successor = node.ingest()
    successor.roster.record(record(recording_id(), 0))
    successor.roster.adopt_landed()

    assert len(node.heard()) == 2
    assert successor.ring.landed() == []


def test_landed_packets_of_nobody_are_let_go(node: Node) -> None:
    """Nothing to seal them into, and the ring is needed."""
    ring = node.ingest().ring
    node.listen(0)
    node.send(0, rtp(0))
    receive(ring, [(node.holder.names["rtp-0"][0], 1)])
    successor = node.ingest()
    successor.roster.adopt_landed()

    assert successor.ring.landed() == []
    assert successor.ring.base == scene.FIRST_SEQUENCE + 1


def test_a_command_that_comes_again_changes_nothing(node: Node) -> None:
    """Signalling says everything after each connection."""
    recording, ingest = recording_id(), node.ingest()
    node.listen(0)
    for _ in range(3):
        ingest.roster.record(record(recording, 0))
        node.send(0, rtp(0))
        ingest.sweep()
    ingest.roster.record(record(recording, 0))
    ingest.sweep()
    (path,) = node.files()
    kinds = [frame.kind for frame in frames_of(path)]

    assert kinds == [FrameKind.EVENT] + [FrameKind.PACKETS] * 3
    assert ingest.sweeper.statistics.of(0).packets == 3


def test_only_new_events_are_written(node: Node) -> None:
    """A record repeats all of them."""
    recording, ingest = recording_id(), node.ingest()
    first = record(recording)
    ingest.roster.record(first)
    ingest.sweep()
    both = type(first)(
        recording=recording, tenant=first.tenant, created_us=5, streams=(),
        events=(scene.opened_event(0), scene.opened_event(1)),
    )  # fmt: skip
    ingest.roster.record(both)
    ingest.sweep()

    assert [frame.serial for frame in frames_of(node.files()[0])] == [0, 1]


def test_a_recording_is_closed_only_when_it_has_its_last_name(node: Node) -> None:
    """Its pairs rest from then on, and it is searchable soon."""
    recording, ingest = recording_id(), node.ingest()
    ingest.roster.record(record(recording, 0))
    node.send(0, rtp(0))
    ingest.sweep()

    assert ingest.roster.close(close(recording)) is None
    assert ingest.roster.close(close(recording)) is None
    assert [path.suffix for path in node.files()] == [".rkn"]
    (token,) = ingest.publish()
    assert [path.suffix for path in node.files()] == [".sealed"]
    assert ingest.roster.published(recording) == Closed(recording=recording)
    assert token == recording
    assert ingest.roster.close(close(recording)) == Closed(recording=recording)


def test_of_a_recording_without_a_packet_nothing_is_left_and_signalling_is_told(node: Node) -> None:
    """It is a line of the ledger: hundreds of calls that nobody acknowledged filled the archive."""
    recording, ingest = recording_id(), node.ingest()
    ingest.roster.record(record(recording, 0))
    ingest.sweep()
    assert len(node.files()) == 1

    silent = Closed(recording=recording, is_silent=True)
    assert [ingest.roster.close(close(recording)) for _ in range(2)] == [silent, silent]
    assert node.files() == []


def test_a_call_of_which_no_volume_took_a_word_is_told_of_all_the_same(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no file that could say that it was."""
    recording, ingest = recording_id(), node.ingest()
    monkeypatch.setattr(ingest.parts, "_volumes", ())
    ingest.roster.record(record(recording, 0))

    assert ingest.roster.close(close(recording)) == Closed(recording=recording, is_silent=True)


def test_what_is_evidence_is_kept_without_any_packet(node: Node) -> None:
    """A page of the ledger, or a notice that could not be played: its events are what it has."""
    recording, ingest = recording_id(), node.ingest()
    told = msgspec.structs.replace(record(recording), is_evidence=True)
    ingest.roster.record(told)

    assert ingest.roster.close(close(recording)) is None
    assert len(node.files()) == 1


def test_what_a_killed_worker_may_have_heard_is_kept(node: Node) -> None:
    """Its part may hold packets; nobody knows by now."""
    recording, ingest = recording_id(), node.ingest()
    ingest.roster.record(msgspec.structs.replace(record(recording, 0), next_part=1))
    ingest.sweep()

    assert ingest.roster.close(close(recording)) is None
    assert len(node.files()) == 1


def test_a_recording_that_was_closed_does_not_begin_again(node: Node) -> None:
    """A late repetition of its record is one."""
    recording, ingest = recording_id(), node.ingest()
    ingest.roster.record(record(recording, 0))
    ingest.roster.close(close(recording))
    ingest.roster.record(record(recording, 0))

    assert ingest.roster.recordings == {}
    ingest.publish()


def test_a_last_part_is_followed_by_none_when_its_writer_dies_before_it_said_so(
    node: Node,
) -> None:
    """The successor would write what was told once more behind it: refused, and an alarm."""
    recording = recording_id()

    def life() -> None:
        ingest = node.ingest()
        ingest.parts.announce = lambda each, part: ingest.board.begin_part([0, 1], each.raw, part)
        ingest.roster.record(record(recording, 0, 1))
        node.send(0, rtp(0))
        ingest.sweep()
        ingest.roster.close(close(recording))
        scene.die()

    assert scene.dies(life)
    successor = node.ingest()
    successor.roster.record(msgspec.structs.replace(record(recording, 0, 1), next_part=1))
    successor.sweep()

    assert successor.roster.close(close(recording)) == Closed(recording=recording)
    (path,) = node.files()
    with opened(path) as reader:
        assert reader.end().last


def test_an_unknown_recording_is_closed_at_once(node: Node) -> None:
    """Signalling must not wait for an answer that never comes."""
    ingest = node.ingest()

    assert ingest.roster.close(close(b"u" * 16)) == Closed(recording=b"u" * 16)


def test_what_the_sockets_still_hold_at_the_end_is_in_the_recording(node: Node) -> None:
    """The last words come with the BYE."""
    recording, ingest = recording_id(), node.ingest()
    node.listen(0, 1)
    ingest.roster.record(record(recording, 0, 1))
    node.send(0, rtp(0))
    node.send(1, rtp(1))
    node.send(1, b"\x80\xc9\0\1abcd", rtcp=True)
    ingest.roster.close(close(recording))
    ingest.publish()

    assert [(each.stream, each.rtcp) for each in node.heard()] == [
        (0, False), (1, False), (1, True),
    ]  # fmt: skip


@pytest.mark.parametrize("rtcp", [False, True])
def test_what_comes_to_a_stream_that_was_removed_is_in_no_later_recording(
    node: Node, rtcp: bool
) -> None:
    """The next call on the pair is another customer's."""
    first, second, ingest = recording_id(1), recording_id(2), node.ingest()
    node.listen(0, 1)
    ingest.roster.record(record(first, 0, 1))
    ingest.roster.record(record(first, 0))
    node.send(1, rtp(66), rtcp=rtcp)
    ingest.roster.close(close(first))
    node.listen(1)
    ingest.roster.record(record(second, 1))
    node.send(1, rtp(1))
    ingest.sweep()
    ingest.publish()

    assert [each.data for each in node.heard()] == [rtp(1)]


def test_a_stream_that_moves_to_another_pair_is_heard_there(node: Node) -> None:
    """The old pair's last packets are taken first."""
    recording, ingest = recording_id(), node.ingest()
    node.listen(0, 1)
    ingest.roster.record(record(recording, 0))
    node.send(0, rtp(0))
    ingest.roster.record(record(recording, 1))
    node.send(1, rtp(1))
    ingest.sweep()

    assert [(each.stream, each.data) for each in node.heard()] == [(0, rtp(0)), (0, rtp(1))]


def test_how_many_ended_recordings_are_remembered_is_bounded(node: Node) -> None:
    """Memory does not grow with the day."""
    ingest = node.ingest()
    ingest.roster._ended.update((bytes([9, n >> 8, n & 255]), False) for n in range(MAX_REMEMBERED))
    recording = recording_id()
    ingest.roster.record(record(recording))
    ingest.roster.close(close(recording))

    assert len(ingest.roster._ended) == MAX_REMEMBERED
    assert recording in ingest.roster._ended
    ingest.publish()


def test_descriptors_are_those_of_the_parts_that_are_written(node: Node) -> None:
    """They are what a sync is for."""
    recording, ingest = recording_id(), node.ingest()
    ingest.roster.record(record(recording))
    assert ingest.roster.descriptors() == []
    ingest.sweep()
    (descriptor,) = ingest.roster.descriptors()

    assert os.path.samestat(os.fstat(descriptor), node.files()[0].stat())
    assert open_part.OLDEST_MS == 900


# -- a stream goes on in another recording --------------------------------------------------------


# -- no call is up --------------------------------------------------------------------------------


def test_a_recording_that_waits_leaves_no_trace_where_nothing_comes(node: Node) -> None:
    """A telephone that is idle for days is not a day's recording of silence."""
    waiting = recording_id(3)
    ingest = node.ingest()
    ingest.roster.record(msgspec.structs.replace(record(waiting, 0), waits=True))
    ingest.sweep()

    assert ingest.roster.close(close(waiting)) == Closed(recording=waiting)
    assert node.files() == []


def test_what_comes_while_no_call_is_known_is_kept_with_what_is_known(node: Node) -> None:
    """Nothing that was sent to us is lost for want of a name."""
    waiting = recording_id(3)
    ingest = node.ingest()
    node.listen(0)
    ingest.roster.record(msgspec.structs.replace(record(waiting, 0), waits=True))
    ingest.sweep()
    node.send(0, rtp(0))
    ingest.sweep()

    assert ended(node, ingest, waiting) == {waiting: [rtp(0)]}
    (path,) = node.files()
    assert FrameKind.EVENT in {frame.kind for frame in frames_of(path)}


def test_a_stream_that_was_taken_away_and_comes_back_on_its_pair_is_heard(node: Node) -> None:
    """Signalling may have opened the pair before the worker let go of it."""
    recording, ingest = recording_id(), node.ingest()
    node.listen(0, 1)
    ingest.roster.record(record(recording, 0, 1))
    node.listen(1)
    ingest.roster.record(record(recording, 0))
    ingest.roster.record(record(recording, 0, 1))
    node.send(1, rtp(1))
    ingest.sweep()

    assert [(each.stream, each.data) for each in node.heard()] == [(1, rtp(1))]
