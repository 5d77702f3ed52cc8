"""Which door an INVITE comes in by, and who hears what follows."""

import dataclasses

from capture.inline.routing.route import Target
from capture.inline.server import InlineServer
from tests.capture.inline.phone import Phone
from tests.capture.inline.stage import ANSWER, OFFER, PBX, ROUTE, Stage, from_caller


def test_what_asks_to_be_recorded_is_a_recording_session() -> None:
    """Whatever routes there are."""
    stage = Stage().a(from_caller(b"INVITE", (b"Require", b"siprec"), body=OFFER))

    assert (len(stage.recording.sessions), len(stage.inline.lines)) == (1, 0)


def test_what_does_not_is_a_call_to_be_routed() -> None:
    """And its later requests go to the same door."""
    stage = Stage().talking()

    assert len(stage.inline.lines) == 1
    stage.a_inside(b"BYE", 2).then("a: 200 BYE", "b: BYE")


def test_without_any_route_there_is_one_door() -> None:
    """A plain call is answered 404 as ever, and the ledger says why as ever."""
    stage = Stage(routes=())
    stage.exchange.switch = type(stage.switch)()
    stage.calls().then("a: 404 INVITE")

    assert stage.rows() == [(404, "no recording session")]


def test_what_cannot_be_read_is_answered_by_the_recording_door() -> None:
    """One place for it."""
    stage = Stage().a(from_caller(b"INVITE", body=b"v=1\r\nm=audio\r\n"))

    assert stage.answer_to_a().status in {400, 488}


def test_we_end_and_ask_by_the_door_that_the_call_came_in_by() -> None:
    """Silence is judged in one place for both."""
    stage = Stage().talking()
    session = stage.premises.sessions.get(next(iter(stage.inline.lines)).key)
    assert session is not None

    stage._did(stage.doors.probe(session, stage.now)).then("a: OPTIONS", "b: OPTIONS")
    stage._did(stage.doors.end(session, "media_timeout", stage.now)).then("a: BYE", "b: BYE")
    assert [close.reason for close in stage.closes()] == ["media_timeout"]
    assert isinstance(stage.doors.inline, InlineServer)


def test_a_recording_that_nothing_takes_ends_an_inline_call_whose_route_says_so() -> None:
    """Whoever must record everything; of a recording session the PBX decides."""
    stage = Stage(routes=(dataclasses.replace(ROUTE, record_failure="end"),)).talking()
    (recorded,) = {record.recording for record in stage.records()}
    stage._did(stage.doors.unkept(recorded, stage.now)).then("a: BYE", "b: BYE")

    stage = Stage().a(from_caller(b"INVITE", (b"Require", b"siprec"), body=OFFER))
    assert stage.doors.unkept(recorded, stage.now) == []


def test_whoever_answers_a_call_that_is_over_is_let_go() -> None:
    """The second target refused it at last; the first one says yes after all."""
    two = Target(name="two", uri="sip:192.0.2.28")
    route = dataclasses.replace(ROUTE, to=("pbx", "two"), ring_s=20)
    stage = Stage(routes=(route,), targets=(PBX, two)).ringing().until(21.0)
    Phone(stage, "c").answers(486)
    assert len(stage.inline.lines) == 0

    stage.b_answers(stage.request_to_b(b"INVITE"), 200, body=ANSWER).then("b: ACK", "b: BYE")
