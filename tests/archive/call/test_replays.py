"""Which packets of a recording came a second time, and whose they were."""

from archive.call.adoption import StreamReplay
from archive.call.gaps import KnownReplay, replays_in
from tests.archive.reading.scenes import party


def test_a_replay_has_who_speaks_on_its_stream() -> None:
    """In the order in which they began; of who is not known nobody is named."""
    told = [StreamReplay(1, 90, 95, 2), StreamReplay(0, 40, 50, 7)]

    assert replays_in(told, [party(0, "agent", "a")]) == (
        KnownReplay(from_us=40, until_us=50, stream=0, packets=7, participant="a"),
        KnownReplay(from_us=90, until_us=95, stream=1, packets=2),
    )
