"""What is played has a lane of its own, and its proof there."""

from archive.call.events import NoticePlayed, StreamAdded, StreamChanged, StreamPartyKnown
from capture.inline.recordings.lanes import NODE
from capture.links.relay_messages import Outcome
from tests.capture.inline.stage import Stage, sdp


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


def test_a_lane_says_which_codecs_its_numbers_mean_from_now_on(stage: Stage) -> None:
    """A party that changes its numbers is sent what it wants under them: an export must know."""
    numbers = {"v1": "a=rtpmap:96 PCMU/8000", "v2": "a=rtpmap:97 PCMU/8000"}
    stage.calls(body=sdp("192.0.2.1", 4000, numbers["v1"], formats="96 101"))
    stage.b(200, body=sdp("192.0.2.30", 5000, numbers["v1"], formats="96 101"))
    stage.a_inside(b"ACK", 1)
    body = sdp("192.0.2.1", 4000, numbers["v2"], version=2, formats="97 101")
    stage.a_inside(b"UPDATE", 2, body=body)
    playing = stage.relay_call().ends[0].playing
    (lane,) = [each for each in stage.events(StreamAdded) if each.label == "to caller"]
    changed = [each for each in stage.events(StreamChanged) if each.stream == lane.stream]

    assert playing is not None
    assert playing.payload_type == 97
    assert [[f.payload_type for f in each.formats] for each in changed] == [[97]]
    assert [each.direction for each in changed] == ["sendonly"]
