"""The ring: its layout, and a commit that a kill cannot break."""

import re

import numpy as np
import pytest

from capture.holder import landing_buffer as rings
from capture.holder.landing_buffer import RING_BYTES, SLOTS, LandingRing, Run
from capture.media.batch_receiver import receive
from tests import ROOT
from tests.capture.media import scene
from tests.capture.media.scene import Node, rtp

DOCUMENT = ROOT / "docs/capture.md"


def filled(node: Node, *datagrams: bytes) -> LandingRing:
    ring = node.ingest().ring
    node.listen(0)
    node.send(0, *datagrams)
    receive(ring, [(node.holder.names["rtp-0"][0], 1)])
    return ring


def test_the_regions_are_those_of_the_document() -> None:
    """A successor of another version would read another ring."""
    text = DOCUMENT.read_text("utf-8")
    rows = dict(re.findall(r"^\| ([a-z ]+) \| ([^|]*slots|4,096 bytes) \|", text, re.MULTILINE))

    assert f"Slots: {SLOTS:,}" in text
    assert rows["small"] == f"{rings.SMALL_BYTES} × slots"
    assert rows["large"] == f"{rings.LARGE_BYTES:,} × slots"
    assert rows["headers"] == f"{rings.HEADER.itemsize} × slots"
    assert rows["control data"] == f"{rings.CONTROL_BYTES} × slots"
    assert RING_BYTES == 4096 + SLOTS * (4 + 64 + 32 + 32 + 64 + 172 + 1876)


def test_a_new_ring_says_so_until_it_is_begun(node: Node) -> None:
    """A successor must not begin it again."""
    descriptor = node.holder.names["ring-0"][0]
    ring = LandingRing(descriptor)
    assert ring.is_new
    ring.begin(77)

    assert not LandingRing(descriptor).is_new
    assert LandingRing(descriptor).base == 77


def test_what_has_landed_is_seen_by_whoever_maps_the_ring(node: Node) -> None:
    """The memory is the holder's, not the worker's."""
    filled(node, rtp(0), rtp(1), rtp(2))

    assert LandingRing(node.holder.names["ring-0"][0]).landed() == [Run(1, 0, 3)]


def test_an_empty_datagram_does_not_hide_what_came_after_it(node: Node) -> None:
    """Some peers keep a port open with them (RFC 6263 §4.1)."""
    ring = filled(node, rtp(0), b"", rtp(1), b"")

    assert ring.landed() == [Run(1, 0, 4)]


def test_a_commit_moves_the_sequence_and_empties_the_slots(node: Node) -> None:
    """Ring sequences never repeat."""
    ring = filled(node, rtp(0), rtp(1))
    ring.commit(2)

    assert (ring.base, ring.committed) == (scene.FIRST_SEQUENCE + 2, 0)
    assert ring.landed() == []
    assert not ring.owner.any()
    assert not np.any(ring.headers["len"])


@pytest.mark.parametrize("cleared", [0, 1, 2])
def test_a_commit_that_was_cut_short_is_finished_by_the_next_worker(
    node: Node, cleared: int
) -> None:
    """Else its first packets would bear the sequences of those already written."""
    ring = filled(node, rtp(0), rtp(1))
    ring.commit_word[0] = ring.base << 16 | 2
    ring.clear(cleared)
    successor = LandingRing(node.holder.names["ring-0"][0])

    assert (successor.base, successor.committed) == (scene.FIRST_SEQUENCE + 2, 0)
    assert successor.landed() == []
    assert not successor.owner.any()


def test_sequences_stay_within_the_commit_word(node: Node) -> None:
    """47 bits of µs, 16 bits of count."""
    ring = node.ingest().ring
    ring.begin(1 << 50 | 5)

    assert (ring.base, ring.committed) == (5, 0)
