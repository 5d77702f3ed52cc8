"""Messages on a stream socket arrive whole, and what is none is named."""

import pytest
from hypothesis import given, strategies as st

from capture.links.framed_messages import MessageBroken, MessageTooLong, framed
from capture.links.recorder_messages import MAX_MESSAGE_BYTES, Message, MessageStream
from tests.support.capture.recorder import MESSAGES


@given(st.lists(st.sampled_from(MESSAGES), max_size=9), st.integers(1, 300))
def test_messages_arrive_whole_and_in_order_however_they_are_cut(
    messages: list[Message], size: int
) -> None:
    """A stream socket keeps no boundaries."""
    data = b"".join(framed(message) for message in messages)
    stream = MessageStream()
    found: list[Message] = []
    for at in range(0, len(data), size):
        found += stream.feed(data[at : at + size])

    assert found == messages


def test_a_message_that_is_not_whole_waits() -> None:
    """No byte of it is taken for another's."""
    stream, data = MessageStream(), framed(MESSAGES[0])

    assert list(stream.feed(data[:-1])) == []
    assert list(stream.feed(b"")) == []
    assert list(stream.feed(data[-1:])) == MESSAGES[:1]


def test_a_length_beyond_the_limit_is_refused_at_once() -> None:
    """Memory is not given away on a claim."""
    with pytest.raises(MessageTooLong):
        list(MessageStream().feed((MAX_MESSAGE_BYTES + 1).to_bytes(4, "big")))

    assert list(MessageStream().feed(MAX_MESSAGE_BYTES.to_bytes(4, "big"))) == []


def test_a_message_that_cannot_be_read_is_named() -> None:
    """Whoever hears it leaves the connection; nothing of his process ends."""
    body = b"\xc1"

    with pytest.raises(MessageBroken):
        list(MessageStream().feed(len(body).to_bytes(4, "big") + body))
