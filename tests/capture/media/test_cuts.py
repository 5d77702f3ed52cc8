"""A stream that goes on in another recording: each packet is in one of them."""

from capture.links.recorder_messages import Record
from tests.capture.media import scene
from tests.capture.media.scene import Node, opened, record, recording_id, rtp
from tests.support.media.cuts import ended


def taken_over(recording: bytes, former: bytes, *, pair: int = 0, at_us: int) -> Record:
    """The recording has stream 0 on a pair that was the former one's until `at_us`."""
    return record(recording, pair, since_us=at_us, former=former, former_stream=0)


def test_a_stream_that_goes_on_in_another_recording_is_cut_by_arrival(node: Node) -> None:
    """However late it is read: what one customer said must not be heard in another's call."""
    one, two = recording_id(1), recording_id(2)
    ingest = node.ingest()
    node.listen(0)
    ingest.roster.record(record(one, 0))
    node.send(0, rtp(0), rtp(1))
    ingest.sweep()
    node.send(0, rtp(2), rtp(3))
    at_us = scene.wall_us()
    node.send(0, rtp(4), rtp(5))
    ingest.roster.record(taken_over(two, one, at_us=at_us))
    ingest.roster.record(record(one))
    ingest.sweep()
    node.send(0, rtp(6))
    ingest.sweep()

    held = ended(node, ingest, one, two)
    assert held == {one: [rtp(n) for n in range(4)], two: [rtp(n) for n in range(4, 7)]}


def test_a_recording_that_ends_before_its_last_packets_are_read_has_them(node: Node) -> None:
    """The end of a call and the beginning of the next are one message."""
    one, two = recording_id(1), recording_id(2)
    ingest = node.ingest()
    node.listen(0)
    ingest.roster.record(record(one, 0))
    node.send(0, rtp(0))
    at_us = scene.wall_us()
    node.send(0, rtp(1))
    ingest.roster.record(taken_over(two, one, at_us=at_us))
    ingest.roster.record(record(one))

    assert ended(node, ingest, one, two) == {one: [rtp(0)], two: [rtp(1)]}


def test_a_worker_that_was_away_at_the_cut_makes_it_all_the_same(node: Node) -> None:
    """Its predecessor was killed: both sides of the cut wait in the ring and in the socket."""
    one, two = recording_id(1), recording_id(2)
    node.listen(0)
    node.send(0, rtp(0))

    def life() -> None:
        ingest = node.ingest()
        ingest.sweeper.seal = lambda *_: scene.die()  # type: ignore[method-assign]  # dies here
        ingest.roster.record(record(one, 0))
        ingest.sweep()

    assert scene.dies(life)
    node.send(0, rtp(1))
    at_us = scene.wall_us()
    node.send(0, rtp(2))
    ingest = node.ingest()
    ingest.roster.record(record(one))
    ingest.roster.record(taken_over(two, one, at_us=at_us))
    ingest.roster.adopt_landed()
    ingest.sweep()

    assert ended(node, ingest, one, two) == {one: [rtp(0), rtp(1)], two: [rtp(2)]}


def test_the_counts_of_a_cut_stream_are_each_recordings_own(node: Node) -> None:
    """END says how many packets a part has; `verify` counts them."""
    one, two = recording_id(1), recording_id(2)
    ingest = node.ingest()
    node.listen(0)
    ingest.roster.record(record(one, 0))
    node.send(0, rtp(0), rtp(1), rtp(2))
    at_us = scene.wall_us()
    node.send(0, rtp(3))
    ingest.roster.record(taken_over(two, one, at_us=at_us))
    ingest.roster.record(record(one))
    ingest.sweep()
    ended(node, ingest, one, two)

    counts = {}
    for path in node.files():
        with opened(path) as reader:
            end = reader.end()
            assert end is not None
            counts[reader.header.recording.raw] = end.packets
    assert counts == {one: {0: 3}, two: {0: 1}}
