"""The relay is told what is news."""

from capture.recording.outputs import ToRelay
from tests.capture.inline.stage import Stage


def test_the_relay_is_told_only_what_is_news(stage: Stage) -> None:
    """A repeated ACK changes nothing."""
    plain = Stage().talking()
    plain.a_inside(b"OPTIONS", 2)

    assert not [each for each in plain.outputs if isinstance(each, ToRelay)]
    assert stage is not None
