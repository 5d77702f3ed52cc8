"""The recorder's commands on the wire."""

from capture.links.framed_messages import framed
from capture.links.recorder_messages import MessageStream
from tests.support.capture.recorder import MESSAGES


def test_messages_survive_the_wire() -> None:
    """Each as it was said."""
    assert list(MessageStream().feed(b"".join(map(framed, MESSAGES)))) == MESSAGES
