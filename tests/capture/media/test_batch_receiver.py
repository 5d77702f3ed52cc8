"""Datagrams landing in slots, and the columns over them."""

import os
import socket

from capture.holder import kernel
from capture.holder.landing_buffer import LARGE_BYTES, SMALL_BYTES, LandingRing, Run
from capture.media.batch_receiver import MAX_FROM_ONE, MAX_RUN, datagram, read_columns, receive
from capture.media.layout import MAX_SEGMENTS
from tests.capture.media import scene
from tests.capture.media.scene import Node, rtp


def ears(node: Node, *pairs: int) -> list[tuple[int, int]]:
    return [(node.holder.names["rtp-0"][pair], pair * 2 + 1) for pair in pairs]


def test_each_socket_is_a_run_of_slots(node: Node) -> None:
    """One that holds nothing is none."""
    ring = node.ingest().ring
    node.listen(0, 1, 2)
    node.send(0, rtp(0), rtp(1))
    node.send(2, rtp(2))

    assert receive(ring, ears(node, 0, 1, 2)) == [Run(1, 0, 2), Run(5, 2, 1)]
    assert receive(ring, ears(node, 0, 1, 2)) == []


def test_a_queue_longer_than_a_call_is_read_in_several(node: Node) -> None:
    """After a stall everything is there at once."""
    ring = node.ingest().ring
    node.listen(0)
    node.send(0, *[rtp(number) for number in range(3 * MAX_RUN)])

    assert receive(ring, ears(node, 0)) == [Run(1, 0, 3 * MAX_RUN)]


def test_a_flooded_socket_leaves_room_for_the_others(node: Node) -> None:
    """And its frame fits into a write, however long the datagrams are."""
    ring = node.ingest().ring
    node.listen(0, 1)
    with socket.socket(fileno=os.dup(node.holder.names["rtp-0"][0])) as flooded:
        flooded.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_000_000)
    node.send(0, *[b"x"] * (MAX_FROM_ONE + 100))
    node.send(1, rtp(1))
    runs = receive(ring, ears(node, 0, 1))

    assert [(run.owner, run.count) for run in runs] == [(1, MAX_FROM_ONE), (3, 1)]
    assert MAX_FROM_ONE * (SMALL_BYTES + LARGE_BYTES + 8 + 32) < MAX_SEGMENTS * 4064


def test_columns_say_what_landed(node: Node) -> None:
    """Header fields as RTP has them, arrival in µs, what was cut."""
    ring = node.ingest().ring
    node.listen(0, 1)
    before = scene.wall_us()
    node.send(0, rtp(258, kind=0x88, ssrc=0xDEADBEEF), b"z" * 3000)
    node.send(1, rtp(65_535, kind=101))
    columns = read_columns(ring, receive(ring, ears(node, 0, 1)))

    assert columns.starts.tolist() == [0, 2]
    assert columns.counts.tolist() == [2, 1]
    assert columns.lengths.tolist() == [172, SMALL_BYTES + LARGE_BYTES, 172]
    assert columns.cut is not None
    assert columns.cut.tolist() == [False, True, False]
    assert columns.sequences[[0, 2]].tolist() == [258, 65_535]
    assert columns.timestamps[[0, 2]].tolist() == [258 * 160, 65_535 * 160]
    assert columns.ssrcs[[0, 2]].tolist() == [0xDEADBEEF, 7]
    assert columns.drops is None
    assert all(before <= at <= scene.wall_us() for at in columns.arrivals_us.tolist())


def test_the_first_time_stamp_is_that_of_arrival_not_of_reading(node: Node) -> None:
    """A socket that has just been opened stamps at once, as others stamp already."""
    ring = node.ingest().ring
    node.listen(3)
    before = scene.wall_us()
    node.send(3, rtp(0))
    after = scene.wall_us()
    columns = read_columns(ring, receive(ring, ears(node, 3)))

    assert before <= columns.arrivals_us[0] <= after


def test_the_kernels_count_of_dropped_datagrams_is_a_column(node: Node) -> None:
    """What a closed filter refused counts as well; who reads compares."""
    ring = node.ingest().ring
    node.send(0, rtp(0), rtp(1), rtp(2))
    kernel.open_filter(node.holder.names["rtp-0"][0])
    node.send(0, rtp(3))

    drops = read_columns(ring, receive(ring, ears(node, 0))).drops

    assert drops is not None
    assert drops.tolist() == [3]


def test_a_datagram_is_whole_where_it_runs_over_into_the_large_slot(node: Node) -> None:
    """What most datagrams are lies dense for the cache, the rest elsewhere."""
    ring: LandingRing = node.ingest().ring
    node.listen(0)
    sent = [bytes(range(256)) * 3, b"short"]
    node.send(0, *sent)
    receive(ring, ears(node, 0))

    assert [datagram(ring, slot, len(whole)) for slot, whole in enumerate(sent)] == sent
