"""Refreshes that are ours, and questions to a silent call."""

from capture.sip.build import Header
from tests.capture.inline.phone import Phone
from tests.capture.inline.stage import ANSWER, Stage
from tests.capture.inline.test_telling import TARGETS, TO_CAROL

TIMED: Header = (b"Session-Expires", b"1800;refresher=uac")


def test_a_session_is_refreshed_with_what_holds(stage: Stage) -> None:
    """With the description that counts, or by UPDATE without one."""
    stage.ringing().b(200, TIMED, body=ANSWER)
    stage.a_inside(b"ACK", 1).played()
    stage.until(stage.now_s + 901)

    assert stage.request_to_b().has_to_tag
    assert stage.request_to_b().body


def test_both_sides_are_asked_whether_the_call_still_is(stage: Stage) -> None:
    """Whoever sits there by now."""
    stage = Stage(reloaded=stage.reloaded, targets=TARGETS).talking()
    carol = Phone(stage, "c")
    stage.b_inside(b"REFER", 1, TO_CAROL)
    carol.answers(200, body=carol.speech())
    (session,) = stage.premises.sessions
    stage._did(stage.doors.probe(session, stage.now)).then("a: OPTIONS", "c: OPTIONS")


def test_a_call_that_we_end_is_told_to_who_is_there(stage: Stage) -> None:
    """Silence, the longest length, our own stop."""
    stage = Stage(reloaded=stage.reloaded, targets=TARGETS).talking()
    carol = Phone(stage, "c")
    stage.b_inside(b"REFER", 1, TO_CAROL)
    carol.answers(200, body=carol.speech())
    (session,) = stage.premises.sessions
    stage._did(stage.doors.end(session, "max_length", stage.now)).then("a: BYE", "c: BYE")
