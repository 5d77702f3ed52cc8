"""Commands are values; none shows a description, which may hold keys."""

from capture.inline.state.call_commands import Accept, Offer
from tests.capture.inline.playbook import ANSWER, CALLEE


def test_no_command_shows_a_description_when_it_is_printed() -> None:
    """A log line must not carry SRTP keys."""
    for command in (Accept(ANSWER), Offer(CALLEE, b"INVITE", ANSWER)):
        assert "RTP/AVP" not in repr(command)
