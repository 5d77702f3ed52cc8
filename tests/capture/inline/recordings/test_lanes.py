"""What is played has a lane of its own, and its proof there."""

from archive.events import (
    NoticePlayed,
    StreamAdded,
    StreamPartyKnown,
)
from capture.inline.recordings.lanes import NODE
from capture.relaying import Outcome
from tests.capture.inline.stage import Stage


def test_the_parties_have_a_stream_each_and_so_has_what_they_heard_of_us(stage: Stage) -> None:
    """What the node plays is no party's."""
    stage.talking()
    labels = [each.label for each in stage.events(StreamAdded)]
    node = [each for each in stage.events(StreamPartyKnown) if each.participant == NODE]

    assert labels == ["caller", "callee", "to caller", "to callee"]
    assert {each.side for each in node} == {"node"}


def test_a_notice_that_was_cut_short_says_so(stage: Stage) -> None:
    """Never "heard", and never "complete"."""
    stage.answered().played(Outcome.CUT_SHORT)
    (notice,) = stage.events(NoticePlayed)

    assert (notice.outcome, notice.to) == ("cut_short", "caller")
