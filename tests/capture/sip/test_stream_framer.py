"""Messages out of a stream, however it is cut."""

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from capture.sip.limits import MAX_BODY_BYTES, MAX_HEADER_BYTES, MAX_PASSED_BYTES
from capture.sip.stream_framer import KeepAlive, StreamBroken, StreamFramer
from tests.capture.sip.scenes import peer_request

ONE = peer_request(b"OPTIONS", body=b"one\r\n\r\n")
TWO = peer_request(b"BYE").replace(b"Content-Length: 0", b"l : \r\n 0")
STREAM = ONE + b"\r\n\r\n" + TWO + b"\r\n" + ONE
FRAMES = [ONE, KeepAlive(), TWO, ONE]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100, len(STREAM)])
def test_the_same_frames_come_out_however_the_stream_is_cut(size: int) -> None:
    """TCP keeps no boundaries."""
    framer = StreamFramer()
    frames = [
        frame
        for start in range(0, len(STREAM), size)
        for frame in framer.feed(STREAM[start : start + size])
    ]
    assert frames == FRAMES


@given(st.lists(st.integers(0, len(STREAM)), max_size=8))
def test_no_set_of_cuts_changes_the_frames(cuts: list[int]) -> None:
    """Also not a cut in the middle of a CRLF."""
    framer = StreamFramer()
    edges = [0, *sorted(cuts), len(STREAM)]
    frames = [frame for start, end in pairwise(edges) for frame in framer.feed(STREAM[start:end])]
    assert frames == FRAMES


def test_a_double_crlf_is_answered_with_one() -> None:
    """RFC 5626 §3.5.1: the peer then knows that the connection lives."""
    [ping] = StreamFramer().feed(b"\r\n\r\n")
    assert isinstance(ping, KeepAlive)
    assert ping.answer == b"\r\n"


def measured_as(length: bytes) -> bytes:
    return b"OPTIONS sip:a SIP/2.0\r\n" + length + b"\r\n"


@pytest.mark.parametrize(
    ("length", "status"),
    [
        (b"", 400),
        (b"Content-Length: x\r\n", 400),
        (b"Content-Length: -1\r\n", 400),
        (b"Content-Length: 1\r\nl: 2\r\n", 400),
        (b"Content-Length: %d\r\n" % (MAX_PASSED_BYTES + 1), 413),
    ],
)
def test_a_request_without_a_sound_length_breaks_the_stream(length: bytes, status: int) -> None:
    """Where the next message begins can no longer be known; that one is answered (§18.3)."""
    framer = StreamFramer()

    assert framer.feed(measured_as(length) + b"body") == [measured_as(length)]
    with pytest.raises(StreamBroken) as broken:
        framer.feed(b"more")
    assert broken.value.answer_with == status


@pytest.mark.parametrize("length", [b"", b"Content-Length: %d\r\n" % (MAX_BODY_BYTES + 1)])
def test_a_response_without_a_sound_length_is_no_message(length: bytes) -> None:
    """Without its body it would say something else, and to a response there is no answer."""
    framer = StreamFramer()

    assert framer.feed(b"SIP/2.0 200 OK\r\n" + length + b"\r\n") == []
    assert framer.broken is not None


@pytest.mark.parametrize("size", [1 << 12, 1 << 16, 1 << 22])
def test_a_body_that_is_too_large_is_passed_over(size: int) -> None:
    """Its request is answered at once; other calls go by the same connection and go on."""
    body_bytes = MAX_BODY_BYTES + 1
    head = measured_as(b"Content-Length: %d\r\n" % body_bytes)
    stream = head + b"z" * body_bytes + ONE
    framer, frames = StreamFramer(), []
    for start in range(0, len(stream), size):
        frames += framer.feed(stream[start : start + size])
        assert len(framer._buffer) <= len(ONE) + size

    assert frames == [head, ONE]


@pytest.mark.parametrize("end", [b"", b"\r\n\r\n"])
def test_headers_that_are_too_large_break_the_stream_in_time(end: bytes) -> None:
    """A peer may not fill our memory a byte at a time; what came is enough to answer it."""
    framer, begun = StreamFramer(), b"INVITE sip:a SIP/2.0\r\nX: "
    assert framer.feed(begun + b"y" * (MAX_HEADER_BYTES - len(begun))) == []

    (head,) = framer.feed(b"y" * 1024 + end)
    assert isinstance(head, bytes)
    assert head.startswith(begun)
    assert len(head) == MAX_HEADER_BYTES + 1
    assert framer.broken is not None
    assert framer.broken.answer_with == 513


def test_what_is_whole_before_the_break_comes_out() -> None:
    """A peer that ends its call and then writes nonsense has ended its call."""
    whole = b"BYE sip:a SIP/2.0\r\nContent-Length: 0\r\n\r\n"
    framer = StreamFramer()

    assert framer.feed(whole + measured_as(b"")) == [whole, measured_as(b"")]
    assert framer.broken is not None
