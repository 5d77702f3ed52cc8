"""Calls whose state was kept by another version."""

import pytest

from capture.holder.state_record import Essentials, Kind, StateRecord
from capture.links.recorder_messages import Close
from capture.recording.session_timeouts import Absences, Timeouts
from capture.signalling.unreadable_calls import UnreadableCalls

SECOND_US = 1_000_000
TIMEOUTS = Timeouts(media_s=300, hold_s=7_200, longest_s=43_200)


def kept(number: int, *, worker: int = 0) -> tuple[bytes, StateRecord]:
    """The session with pairs 2n and 2n + 1, begun at second 0, and its mark."""
    pairs = (2 * number, 2 * number + 1)
    said = Essentials(recording=b"r%d" % number, worker=worker, pairs=pairs, created_us=0)
    return b"m%d" % number, StateRecord(9, Kind.SESSION, said, b"?")


class Watched:
    """Calls that cannot be read, and when something arrived on which pair."""

    def __init__(self, *unread: tuple[bytes, StateRecord], at_s: int = 1_000) -> None:
        self.arrivals: dict[int, int] = {}
        self.absences = Absences()
        self.unreadable = UnreadableCalls(
            TIMEOUTS, lambda pair: self.arrivals.get(pair, 0), self.absences
        )
        self.unreadable.take(unread, at_s * SECOND_US)

    def over(self, at_s: int) -> list[tuple[bytes, str]]:
        found = self.unreadable.over(at_s * SECOND_US)
        return [(close.recording, close.reason) for _, close in found]


def test_their_pairs_are_known() -> None:
    """Another customer's call must not land in their recordings."""
    assert list(Watched(kept(0), kept(3)).unreadable.pairs()) == [0, 1, 6, 7]


def test_each_is_over_once_it_was_silent_for_the_media_timeout() -> None:
    """On all of its pairs, counted from when we came; it is said once."""
    watched = Watched(kept(0), kept(1))
    watched.arrivals[1] = 1_200 * SECOND_US

    assert watched.over(1_299) == []
    assert watched.over(1_300) == [(b"r1", "media_timeout")]
    assert watched.over(1_499) == []
    assert watched.over(1_500) == [(b"r0", "media_timeout")]
    assert watched.over(9_999) == []


def test_silence_while_its_worker_is_away_is_none() -> None:
    """Nobody would have heard anything."""
    watched = Watched(kept(0), kept(1, worker=1))
    watched.absences.note([0], 1_100 * SECOND_US)
    watched.absences.note([0], 1_250 * SECOND_US)

    assert watched.over(1_300) == [(b"r1", "media_timeout")]
    assert watched.over(1_449) == []
    assert watched.over(1_450) == [(b"r0", "media_timeout")]


def test_a_clock_that_is_set_is_no_silence() -> None:
    """All would seem to be silent for as long as it was set forward."""
    watched = Watched(kept(0))
    watched.unreadable.clock_stepped(5_000 * SECOND_US)

    assert watched.over(5_299) == []
    assert watched.over(5_300) == [(b"r0", "media_timeout")]


def test_none_is_longer_than_a_call_may_be() -> None:
    """A client that sends for ever holds its ports for ever."""
    watched = Watched(kept(0), at_s=43_100)

    assert watched.over(43_199) == []
    assert watched.over(43_200) == [(b"r0", "max_length")]


def test_a_worker_that_comes_back_hears_again_which_of_his_are_over() -> None:
    """Until he has said that they are closed."""
    watched = Watched(kept(0), kept(1, worker=1))
    assert watched.unreadable.commands_for(0) == []
    watched.over(1_300)
    close = Close(recording=b"r0", reason="media_timeout", at_us=1_300 * SECOND_US)

    assert watched.unreadable.commands_for(0) == [close]
    assert watched.unreadable.closed(b"r0") is not None
    assert watched.unreadable.closed(b"r0") is None
    assert watched.unreadable.commands_for(0) == []


def test_their_state_is_needed_until_the_last_of_them_is_closed() -> None:
    """The version that can read it may be started again, and finds everything of all of them."""
    call = (b"call", StateRecord(9, Kind.CALL, None, b"?"))
    watched = Watched(kept(0), call, kept(1))
    watched.unreadable.closed(b"r0")
    assert watched.unreadable.take_marks() == []
    watched.unreadable.closed(b"r1")

    assert sorted(watched.unreadable.take_marks()) == [b"call", b"m0", b"m1"]
    assert watched.unreadable.take_marks() == []


@pytest.mark.parametrize("kind", [Kind.CALL, None])
def test_what_is_no_session_is_not_waited_for(kind: Kind | None) -> None:
    """Transactions of calls that are over, or nothing that makes sense."""
    watched = Watched((b"mark", StateRecord(9, kind, None, b"")))

    assert len(watched.unreadable) == 0
    assert watched.unreadable.take_marks() == [b"mark"]
