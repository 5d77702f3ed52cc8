"""The limits of SIP input, one past each."""

import pytest

from capture.errors import PeerBrokeProtocol
from capture.sip import limits
from tests.capture.sip.scenes import peer_request
from tests.support.sip import parse_message


def lines(count: int) -> bytes:
    """A request with exactly `count` header lines."""
    return peer_request(b"OPTIONS", headers=((b"X", b"y"),) * (count - 8))


def line(size: int) -> bytes:
    """A request with one header line of exactly `size` bytes."""
    return peer_request(b"OPTIONS", headers=((b"X", b"y" * (size - len("X: "))),))


def headers(size: int) -> bytes:
    """A request with exactly `size` bytes of headers."""
    filler = ((b"X", b"y" * 4000),) * 16
    missing = size - len(peer_request(b"OPTIONS", headers=(*filler, (b"X", b""))).rstrip())
    return peer_request(b"OPTIONS", headers=(*filler, (b"X", b"y" * missing)))


def body(size: int) -> bytes:
    """A request with a body of exactly `size` bytes."""
    return peer_request(b"OPTIONS", body=b"b" * size)


@pytest.mark.parametrize(
    ("build", "limit", "status"),
    [
        (lines, limits.MAX_HEADER_LINES, 513),
        (line, limits.MAX_LINE_BYTES, 513),
        (headers, limits.MAX_HEADER_BYTES, 513),
        (body, limits.MAX_BODY_BYTES, 413),
    ],
)
def test_the_limit_passes_and_one_more_is_refused(build: object, limit: int, status: int) -> None:
    """RFC 3261 §21.4.11, §21.5.7; a peer that is cut off must be able to see why."""
    parse_message(build(limit))  # type: ignore[operator]  # one of the four above

    with pytest.raises(PeerBrokeProtocol) as broken:
        parse_message(build(limit + 1))  # type: ignore[operator]  # one of the four above
    assert broken.value.answer_with == status
