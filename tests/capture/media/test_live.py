"""A live recording as a worker holds it."""

from archive.ids import RecordingId, TenantId
from capture.links.recorder_messages import NumberedEvent, Record, StreamWanted
from capture.media.live import (
    LiveRecording,
    LiveStream,
    MissingPackets,
    is_rtcp,
    pair_of,
    rtcp_owner,
    rtp_owner,
)


def some() -> LiveRecording:
    return LiveRecording(RecordingId(b"r" * 16), TenantId(b"t" * 16))


def told(*serials: int) -> Record:
    events = tuple(NumberedEvent(serial, 0, 0xFFFF, b"{}") for serial in serials)
    return Record(recording=b"r" * 16, tenant=b"t" * 16, created_us=0, streams=(), events=events)


def stream_of(live: LiveRecording, number: int, packets: int) -> LiveStream:
    wanted = StreamWanted(stream=number, pair=number, clock_hz=8000)
    stream = LiveStream(wanted, (0, 1), (0, 2), live, packets=packets)
    live.streams[number] = stream
    return stream


def test_owner_values_name_pair_and_socket_and_never_are_nobody() -> None:
    """0 in the ring means that nothing was read there."""
    for pair in (0, 1, 9_999):
        assert rtp_owner(pair) > 0
        assert pair_of(rtp_owner(pair)) == pair_of(rtcp_owner(pair)) == pair
        assert not is_rtcp(rtp_owner(pair))
        assert is_rtcp(rtcp_owner(pair))


def test_only_events_that_are_new_are_due() -> None:
    """A record repeats all of them."""
    live = some()
    assert live.last_serial == -1
    live.learn(told(0, 1))
    live.unwritten.clear()
    new = live.learn(told(0, 1, 2))

    assert [event.serial for event in new] == [2]
    assert live.unwritten == new
    assert (live.last_serial, len(live.events)) == (2, 3)


def test_counts_are_taken_once_and_outlive_their_stream() -> None:
    """END counts what its part holds, also of a stream that was removed."""
    live = some()
    gone = stream_of(live, 0, 5)
    stream_of(live, 1, 7)
    live.settle(gone)
    del live.streams[0]

    assert live.take_counts() == {0: 5, 1: 7}
    assert not any(live.take_counts().values())


def test_counts_of_a_part_that_was_given_up_are_not_those_of_the_next() -> None:
    """Its packets are not in the next one, and its losses stand elsewhere."""
    live = some()
    stream_of(live, 0, 5)
    live.lost.append(MissingPackets(0, 1, 1, 0, 0))
    live.forget_counts()

    assert live.take_counts() == {0: 0}
    assert live.lost == []
