"""What RTCP says of a notice reaches the recording that has the notice."""

from dataclasses import replace

import pytest

from archive.call.events import CallEnded, NoticeReported
from capture.inline.routing.route import Target
from capture.links.relay_messages import Keyed, Outcome, Played, Reported, Side
from tests.capture.inline.phone import Phone
from tests.capture.inline.stage import PBX, ROUTE, Stage

CAROL = Target(name="carol", uri="sip:192.0.2.28")
TO_CAROL = (b"Refer-To", b"<sip:202@192.0.2.28>")
# The last packet of what `Stage.played` tells.
LAST = 100


def reports(stage: Stage, highest: int, side: Side = Side.CALLER) -> Stage:
    """A party's receiver report about what we send to it."""
    told = Reported(
        call=stage.relay_call().call, side=side, highest_sequence=highest, lost=1, jitter=3, at_us=1
    )
    return stage._did(stage.inline.relay_said(told, stage.now))


def told(stage: Stage) -> list[tuple[str, int, bool]]:
    """To whom, how many reports, and whether they cover the notice."""
    return [(each.to, each.reports, each.through) for each in stage.events(NoticeReported)]


def refuses(stage: Stage) -> Stage:
    """The caller presses the route's key."""
    key = Keyed(call=stage.relay_call().call, side=Side.CALLER, digit="9", at_us=stage.now.us)
    return stage._did(stage.inline.relay_said(key, stage.now))


@pytest.mark.parametrize(("highest", "through"), [(LAST - 1, False), (LAST, True)])
def test_a_report_proves_a_notice_by_the_number_of_its_last_packet(
    stage: Stage, highest: int, through: bool
) -> None:
    """Not by the moment at which it comes; also where another process signals by then."""
    reports(stage.talking(), highest).a_inside(b"BYE", 2)

    assert told(stage) == [("caller", 1, through)]


def test_who_hears_no_notice_is_not_asked(stage: Stage) -> None:
    """His reports are of the other party's voice."""
    reports(stage.talking(), 5_000, Side.CALLEE).a_inside(b"BYE", 2)

    assert told(stage) == [("caller", 0, False)]


def test_a_recording_that_is_refused_has_what_rtcp_said_until_then(stage: Stage) -> None:
    """It is told at its end, as of any."""
    stage = Stage(reloaded=stage.reloaded, routes=(replace(ROUTE, refusal_key="9"),))
    refuses(reports(stage.talking(), LAST))

    assert told(stage) == []
    stage.a_inside(b"BYE", 2)
    assert told(stage) == [("caller", 1, True)]


def test_a_recording_that_is_refused_during_its_notice_has_the_reports_behind_the_evidence() -> (
    None
):
    """How far the notice came, then what RTCP said of it."""
    stage = Stage(routes=(replace(ROUTE, refusal_key="9"),)).answered()
    playing = stage.relay_call().ends[Side.CALLER].playing
    assert playing is not None
    refuses(reports(stage, 50))
    word = Played(
        call=stage.relay_call().call, side=Side.CALLER, serial=playing.serial,
        outcome=Outcome.CUT_SHORT, from_us=1, until_us=2, packets=50, sent_ms=1_000,
        whole_ms=2_000, first_sequence=1, gate_us=0,
    )  # fmt: skip
    stage._did(stage.inline.relay_said(word, stage.now))

    assert [type(each).__name__ for each in stage.events()[-2:]] == [
        "NoticePlayed", "NoticeReported",
    ]  # fmt: skip
    assert told(stage) == [("caller", 1, True)]


def test_connect_unrecorded_ends_with_what_rtcp_said() -> None:
    """The notice was cut short; the call goes on."""
    stage = Stage(routes=(replace(ROUTE, without_notice="connect-unrecorded"),)).answered()
    reports(stage, 50).played(Outcome.CUT_SHORT)

    assert told(stage) == [("caller", 1, False)]
    assert isinstance(stage.events()[-1], CallEnded)


def test_who_leaves_his_place_and_who_comes_have_reports_of_their_own(stage: Stage) -> None:
    """One of the first party's cannot prove what the second was told."""
    route = replace(ROUTE, notice_to="callee")
    stage = Stage(reloaded=stage.reloaded, routes=(route,), targets=(PBX, CAROL))
    carol = Phone(stage, "c")
    stage.answered().played(side=Side.CALLEE)
    reports(stage, LAST, Side.CALLEE).b_inside(b"REFER", 1, TO_CAROL)
    carol.answers(200, body=carol.speech())
    assert told(stage) == [("callee", 1, True)]
    stage.played(side=Side.CALLEE).a_inside(b"BYE", 2)

    assert told(stage) == [("callee", 1, True), ("callee", 0, False)]
