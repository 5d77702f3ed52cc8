"""The recording of a call: streams, parties, evidence."""

from archive.call.events import CallEnded, NoticeReported, RecordingBegan
from capture.links.relay_messages import Outcome, Reported, Side
from tests.capture.inline.stage import Stage


def test_what_rtcp_says_of_the_notice_is_told_at_the_end(stage: Stage) -> None:
    """Or that it said nothing."""
    silent = Stage().talking().a_inside(b"BYE", 2)
    assert [each.reports for each in silent.events(NoticeReported)] == [0]
    reporting = Stage().talking()
    call = reporting.relay_call().call
    report = Reported(call=call, side=Side.CALLER, highest_sequence=100, lost=3, jitter=7, at_us=1)
    reporting.inline.relay_said(report, reporting.now)
    reporting.a_inside(b"BYE", 2)
    (told,) = reporting.events(NoticeReported)

    assert (told.reports, told.through, told.lost) == (1, True, 3)
    assert stage is not None


def test_a_notice_that_was_missed_ends_the_recording_where_the_route_says_so() -> None:
    """The call goes on."""
    import dataclasses

    from tests.capture.inline.stage import ROUTE

    route = dataclasses.replace(ROUTE, without_notice="connect-unrecorded")
    stage = Stage(routes=(route,)).answered().played(Outcome.FAILED)

    assert [each.reason for each in stage.events(CallEnded)] == ["notice_not_played"]
    assert stage.events(RecordingBegan) == [], "nothing of it is kept, and it does not say so"
    assert not stage.relay_call().is_landed
    assert stage.relay_call().is_joined
