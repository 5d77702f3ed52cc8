"""The recorder's commands on the wire."""

from capture.recorder import (
    MessageStream,
)
from capture.wire import framed
from tests.support.capture.recorder import MESSAGES


def test_messages_survive_the_wire() -> None:
    """Each as it was said."""
    assert list(MessageStream().feed(b"".join(map(framed, MESSAGES)))) == MESSAGES
