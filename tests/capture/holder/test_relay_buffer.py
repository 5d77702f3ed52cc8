"""The ring of a relay: landing, planning, freeing, and being killed between any two steps."""

import re
from collections.abc import Callable
from ctypes import c_int

import numpy as np
import pytest

from capture.holder import relay_buffer
from capture.holder.relay_buffer import MAX_RUN, RELAY_SLOTS, SCRATCH, SMALL_BYTES, RelayRing, Slots
from tests import ROOT
from tests.capture.media import scene
from tests.capture.media.scene import Node, rtp

DOCUMENT = ROOT / "docs/inline.md"
OWNER = 1


def ring_of(node: Node) -> RelayRing:
    """As a relay has it."""
    ring = RelayRing(node.holder.names["relay-ring-0"][0])
    ring.point()
    return ring


def land(node: Node, ring: RelayRing, *datagrams: bytes, keeps: bool = True) -> tuple[int, int]:
    node.listen(0)
    node.send(0, *datagrams)
    return ring.land(c_int(node.holder.names["rtp-0"][0]), OWNER, keeps)


def test_what_lands_is_the_datagram_whole(node: Node) -> None:
    """Short, as long as the small part, and longer."""
    ring = ring_of(node)
    sent = [bytes([n]) * size for n, size in enumerate((12, SMALL_BYTES, SMALL_BYTES + 1, 2048))]
    slot, count = land(node, ring, *sent)
    found = [ring.datagram(slot + n, len(each)) for n, each in enumerate(sent)]

    assert count == len(sent)
    assert found == sent
    assert [int(ring.headers[slot + n, 14]) for n in range(count)] == [len(each) for each in sent]


def test_a_backlog_is_read_run_by_run(node: Node) -> None:
    """No socket keeps the others waiting for long."""
    ring = ring_of(node)
    assert land(node, ring, *[rtp(n) for n in range(MAX_RUN + 2)]) == (0, MAX_RUN)
    ring.head += MAX_RUN

    assert land(node, ring) == (MAX_RUN, 2)


def test_a_run_ends_with_the_memory_and_goes_on_at_its_begin(node: Node) -> None:
    """Slots of a run lie one after another."""
    ring = ring_of(node)
    ring.head = ring.words[1] = RELAY_SLOTS - 2
    assert land(node, ring, rtp(0), rtp(1), rtp(2)) == (RELAY_SLOTS - 2, 2)
    ring.owners[-2 - MAX_RUN : -MAX_RUN] = OWNER
    ring.head += 2
    assert land(node, ring) == (0, 1)
    ring.head += 1

    owners, tail = ring.waiting()
    assert (owners.tolist(), tail) == ([OWNER] * 3, RELAY_SLOTS - 2)


def test_nothing_between_tail_and_head_is_written_over(node: Node) -> None:
    """What is not sealed stays, whatever comes; the rest takes the scratch slots."""
    ring = ring_of(node)
    ring.head = RELAY_SLOTS - MAX_RUN
    assert not ring.is_full
    ring.head += 1
    assert ring.is_full

    assert land(node, ring, rtp(0)) == (SCRATCH, 1)
    assert ring.datagram(SCRATCH, len(rtp(0))) == rtp(0)


def test_scratch_slots_are_as_new_for_each_run(node: Node) -> None:
    """Else the kernel would find no room for its time stamp."""
    ring = ring_of(node)
    for number in range(3):
        slot, count = land(node, ring, rtp(number), keeps=False)
        assert (slot, count) == (SCRATCH, 1)
        assert int(ring.headers[SCRATCH, relay_buffer.CONTROL_WORD]) == relay_buffer.STAMP_CONTROL
        ring.renew_scratch()


def test_what_is_disowned_is_ready_for_the_kernel(node: Node) -> None:
    """The tail moves over it without anybody's help."""
    ring = ring_of(node)
    slot, _ = land(node, ring, rtp(0))
    ring.disown(slot)
    ring.head += 1
    ring.move_tail()

    assert ring.tail == 1
    assert ring.unlanded() == (0, 1, 0)


@pytest.mark.parametrize("let_go", [RelayRing.free, RelayRing.drop])
def test_what_is_taken_leaves_its_slots_as_they_were(
    let_go: Callable[[RelayRing, Slots], None], node: Node
) -> None:
    """Else the kernel would take the last name's length for the room that there is."""
    ring = ring_of(node)
    before = ring.headers[:3].tolist()
    slot, count = land(node, ring, rtp(0), rtp(1))
    assert ring.headers[:count].tolist() != before[:count]
    let_go(ring, np.arange(slot, slot + count))

    assert ring.headers[:3].tolist() == before
    assert not ring.owners[:3].any()


def test_what_we_put_looks_like_what_has_come(node: Node) -> None:
    """The worker sees no difference."""
    ring = ring_of(node)
    packet = rtp(0, b"x" * 300)
    slot = ring.put(OWNER, packet, b"\2\0" + bytes(14), 1_795_564_800_123_456)
    ring.head += 1

    assert ring.datagram(slot, len(packet)) == packet
    assert ring.arrivals_us(np.array([slot])).tolist() == [1_795_564_800_123_456]
    assert ring.waiting()[0].tolist() == [OWNER]


def test_a_successor_finds_what_was_read_and_not_raised_over(node: Node) -> None:
    """Killed between the kernel's work and ours."""

    def killed() -> None:
        ring = ring_of(node)
        node.listen(0)
        node.send(0, rtp(0), rtp(1))
        ring.land(c_int(node.holder.names["rtp-0"][0]), OWNER, True)  # noqa: FBT003
        scene.die()

    assert scene.dies(killed)
    ring = ring_of(node)

    assert ring.unlanded() == (OWNER, 0, 2)
    assert ring.datagram(1, len(rtp(1))) == rtp(1)


def test_the_tail_stops_at_what_somebody_still_needs(node: Node) -> None:
    """However much behind it is free."""
    ring = ring_of(node)
    land(node, ring, *[rtp(n) for n in range(4)])
    ring.owners[:4] = OWNER
    ring.head += 4
    ring.drop(np.array([0, 1, 3]))
    ring.move_tail()

    assert ring.tail == 2
    ring.drop(np.array([2]))
    ring.move_tail()
    assert ring.tail == ring.head == 4


class Sealing:
    """A worker's steps with one plan; what is sealed goes to a file, (sequence, packet) each."""

    def __init__(self, node: Node) -> None:
        self.ring = ring_of(node)
        self.file = node.folder / "sealed"
        self.sequence = 0

    def steps(self, slots: Slots) -> list[Callable[[], None]]:
        ring = self.ring

        def note() -> None:
            self.sequence = ring.note_plan(slots)

        def free_one() -> None:
            ring.owners[slots[0]] = 0

        return [
            note, lambda: self.seal(slots), free_one, lambda: ring.free(slots), ring.clear_plan,
            ring.move_tail,
        ]  # fmt: skip

    def seal(self, slots: Slots) -> None:
        with self.file.open("ab") as file:
            for at, slot in enumerate(slots.tolist()):
                number = self.ring.datagram(slot, 12)[3]
                file.write(bytes([self.sequence + at - FIRST, number]))

    def resume(self) -> None:
        """As a successor does, then what is left."""
        slots, self.sequence = self.ring.plan()
        if slots.size:
            for step in self.steps(slots)[1:]:
                step()
        owners, tail = self.ring.waiting()
        for step in self.steps((np.flatnonzero(owners) + tail) % RELAY_SLOTS):
            step()


FIRST = 500


@pytest.mark.parametrize("survived", range(7))
def test_killed_between_any_two_steps_each_packet_is_sealed_under_one_sequence(
    node: Node, survived: int
) -> None:
    """What a successor seals again has the sequence that it had; nothing is left out."""
    ring = ring_of(node)
    ring.begin(FIRST)
    land(node, ring, *[rtp(n) for n in range(4)])
    ring.head += 4

    def killed() -> None:
        for step in Sealing(node).steps(np.array([2, 0, 1]))[:survived]:
            step()
        scene.die()

    assert scene.dies(killed)
    successor = Sealing(node)
    successor.resume()

    data = successor.file.read_bytes()
    sealed = {(data[at], data[at + 1]) for at in range(0, len(data), 2)}
    assert sorted(number for _, number in sealed) == [0, 1, 2, 3]
    assert len({sequence for sequence, _ in sealed}) == 4
    assert ring.tail == ring.head


def test_the_document_says_how_large_a_slot_is() -> None:
    """And how many there are."""
    text = DOCUMENT.read_text("utf-8")

    assert re.search(rf"\b{SMALL_BYTES} bytes of the datagram", text)
    adr = DOCUMENT.parent / "adr/0015-the-relay-lands-the-ingest-worker-seals.md"
    found = adr if adr.exists() else next(DOCUMENT.parent.glob("adr/0015*"))
    assert f"{RELAY_SLOTS:,} slots" in found.read_text("utf-8")
