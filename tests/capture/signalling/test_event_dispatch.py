"""Which door an INVITE comes in by, and who hears what follows."""

import dataclasses
from ipaddress import ip_network
from typing import Final

import pytest

from archive.call.events import Flagged
from capture.admission.unacknowledged_calls import PATIENCE_S
from capture.inline.routing.route import Target
from capture.inline.server import InlineServer
from capture.peers.sources import Source, Sources
from capture.sip.build import Header
from capture.sip.events import RequestRefused, SendMessage
from capture.sip.flow import Address, Flow
from capture.sip.identity import DialogId
from capture.sip.message import Request, Response
from tests.capture.inline.phone import Phone
from tests.capture.inline.stage import (
    ANSWER,
    HELD,
    HERE,
    OFFER,
    PAIRS,
    PBX,
    ROUTE,
    TRUNK,
    A,
    Stage,
    from_caller,
    said,
)


def test_what_asks_to_be_recorded_is_a_recording_session() -> None:
    """Whatever routes there are."""
    stage = Stage().a(from_caller(b"INVITE", (b"Require", b"siprec"), body=OFFER))

    assert (len(stage.recording.sessions), len(stage.inline.calls)) == (1, 0)


def test_what_does_not_is_a_call_to_be_routed() -> None:
    """And its later requests go to the same door."""
    stage = Stage().talking()

    assert len(stage.inline.calls) == 1
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
    session = stage.node.sessions.get(next(iter(stage.inline.calls)).key)
    assert session is not None

    stage._did(stage.dispatch.probe(session, stage.now)).then("a: OPTIONS", "b: OPTIONS")
    stage._did(stage.dispatch.end(session, "media_timeout", stage.now)).then("a: BYE", "b: BYE")
    assert [close.reason for close in stage.closes()] == ["media_timeout"]
    assert isinstance(stage.dispatch.inline, InlineServer)


def test_a_recording_that_nothing_takes_ends_an_inline_call_whose_route_says_so() -> None:
    """Whoever must record everything; of a recording session the PBX decides."""
    stage = Stage(routes=(dataclasses.replace(ROUTE, record_failure="end"),)).talking()
    (recorded,) = {record.recording for record in stage.records()}
    stage._did(stage.dispatch.unkept(recorded, stage.now)).then("a: BYE", "b: BYE")

    stage = Stage().a(from_caller(b"INVITE", (b"Require", b"siprec"), body=OFFER))
    assert stage.dispatch.unkept(recorded, stage.now) == []


def test_whoever_answers_a_call_that_is_over_is_let_go() -> None:
    """The second target refused it at last; the first one says yes after all."""
    two = Target(name="two", uri="sip:192.0.2.28")
    route = dataclasses.replace(ROUTE, to=("pbx", "two"), ring_s=20)
    stage = Stage(routes=(route,), targets=(PBX, two)).ringing().until(21.0)
    Phone(stage, "c").answers(486)
    assert len(stage.inline.calls) == 0

    stage.b_answers(stage.request_to_b(b"INVITE"), 200, body=ANSWER).then("b: ACK", "b: BYE")


# -- one source does not fill the node -----------------------------------------------------------

FEW: Final = dataclasses.replace(TRUNK, unacknowledged_calls=3)
OTHER: Final = Source(name="other", tenant=b"t" * 16, networks=(ip_network("198.51.100.7/32"),))
ELSEWHERE: Final = Flow(transport="udp", local=HERE, remote=Address("198.51.100.7", 5060))
SIPREC: Final = (b"Require", b"siprec")


def crowd(stage: Stage, *headers: Header, count: int = 5, first: int = 0) -> list[str]:
    """So many calls that nobody acknowledges, and what each was answered."""
    answers = []
    for number in range(first, first + count):
        data = from_caller(b"INVITE", *headers, body=OFFER)
        stage.a(data.replace(b"call@a", b"call%d@a" % number))
        answers.append([said(each) for each in stage.outputs if isinstance(each, SendMessage)][-1])
    return answers


def with_other(stage: Stage) -> Stage:
    stage.node.peers.sources = Sources((stage.source, OTHER))
    return stage


def test_who_never_acknowledges_has_only_so_many_recording_sessions() -> None:
    """1,424 INVITEs in 6 s took all room of the node, and kept everybody else out for 21 s."""
    stage = with_other(Stage(source=FEW))

    assert crowd(stage, SIPREC) == ["a: 200 INVITE"] * 3 + ["a: 503 INVITE"] * 2
    stage.hears(from_caller(b"INVITE", SIPREC, body=OFFER), ELSEWHERE).then("x: 200 INVITE")
    options = from_caller(b"OPTIONS").replace(b"call@a", b"ping@a")
    stage.a(options).then("a: 503 OPTIONS")
    stage.hears(options.replace(b"ping@a", b"ping@x"), ELSEWHERE).then("x: 200 OPTIONS")


def test_of_a_call_that_is_refused_for_that_nothing_is_kept_but_its_row() -> None:
    """Each would be repeated for 32 s to somebody who never acknowledges that either."""
    stage = Stage(source=FEW)
    crowd(stage, SIPREC, count=3)
    known = len(stage.core._calls)
    data = from_caller(b"INVITE", SIPREC, body=OFFER)
    *_, refused = stage.core.receive(data, A, stage.now_s)
    assert isinstance(refused, RequestRefused)
    stage.recording.refused(refused, stage.now)

    assert len(stage.core._calls) == known
    assert stage.rows() == [(503, "too many calls not acknowledged")]


def test_a_call_that_is_acknowledged_or_speaks_makes_room() -> None:
    """So does one that is hung up."""
    stage = Stage(source=FEW)
    crowd(stage, SIPREC, count=3)
    answers = [each for each in stage.to_a() if isinstance(each, Response)]
    inside = [
        from_caller(method, cseq=number, to_tag=answer.to_address.tag).replace(
            b"call@a", answer.call_id
        )
        for (method, number), answer in zip(((b"ACK", 1), (b"BYE", 2)), answers, strict=False)
    ]
    stage.a(inside[0])
    assert crowd(stage, SIPREC, count=2, first=3) == ["a: 200 INVITE", "a: 503 INVITE"]
    stage.a(inside[1])
    assert crowd(stage, SIPREC, count=2, first=5) == ["a: 200 INVITE", "a: 503 INVITE"]

    spoken = stage.node.sessions.of_dialog(dialog_in(answers[2]))
    assert spoken is not None
    stage.now_s += 0.5
    stage.arrivals[spoken.pairs[0]] = stage.now.us - 1
    stage._did(stage.dispatch.tick(stage.now))
    assert crowd(stage, SIPREC, count=2, first=7) == ["a: 200 INVITE", "a: 503 INVITE"]


@pytest.mark.parametrize("reloaded", [False, True])
def test_a_source_that_has_flooded_calls_again_some_seconds_later(*, reloaded: bool) -> None:
    """Those of which nothing is heard make room for others, once our answer went out three times.

    A successor of a killed process knows of them.
    """
    stage = Stage(source=FEW, reloaded=reloaded)
    crowd(stage, SIPREC)
    stage.now_s += PATIENCE_S - 0.1
    stage._did(stage.dispatch.tick(stage.now))
    assert crowd(stage, SIPREC, count=1, first=5) == ["a: 503 INVITE"]

    stage.now_s += 0.1
    stage._did(stage.dispatch.tick(stage.now))
    assert [close.reason for close in stage.closes()] == ["media_timeout"] * 3
    assert crowd(stage, SIPREC, count=1, first=6) == ["a: 200 INVITE"]
    # Whoever acknowledges late is told that it is over.
    late = next(each for each in stage.to_a() if isinstance(each, Response))
    ack = from_caller(b"ACK", to_tag=late.to_address.tag).replace(b"call@a", late.call_id)
    stage.a(ack).then("a: BYE")


def test_inline_calls_count_from_their_answer_on() -> None:
    """As long as they ring there is nothing to acknowledge."""
    stage = Stage(source=FEW)
    assert crowd(stage, count=4) == ["b: INVITE"] * 4
    for invite in [each for each in stage.to_b() if isinstance(each, Request)]:
        stage.b_answers(invite, 200, body=ANSWER)

    assert crowd(stage, count=1, first=4) == ["a: 503 INVITE"]
    stage.now_s += PATIENCE_S
    stage._did(stage.dispatch.tick(stage.now))
    assert sum(said(each) == "b: BYE" for each in stage.outputs) == 4
    assert crowd(stage, count=1, first=5) == ["b: INVITE"]


def test_a_call_for_help_passes_whatever_its_source_does() -> None:
    """Nobody dies of somebody else's flood."""
    stage = Stage(source=FEW)
    crowd(stage, SIPREC)

    stage.calls(number=b"119").then("b: INVITE")


def test_calls_that_ring_leave_a_fifth_of_the_room_to_others() -> None:
    """Telephones that nobody answers are no way to keep everybody else out."""
    stage = with_other(Stage())
    room = PAIRS // 2

    answers = crowd(stage, count=room)
    assert answers.count("b: INVITE") == room * 8 // 10
    assert set(answers[room * 8 // 10 :]) == {"a: 503 INVITE"}
    assert set(stage.rows()) == {(503, "full")}
    stage.hears(from_caller(b"INVITE", body=OFFER), ELSEWHERE).then("b: INVITE")


def dialog_in(answer: Response) -> DialogId:
    return DialogId(
        call_id=answer.call_id,
        local_tag=answer.to_address.tag,
        remote_tag=answer.from_address.tag,
    )


# -- somebody else's call --------------------------------------------------------------------------

GUEST: Final = OTHER
STRANGER: Final = dataclasses.replace(OTHER, name="stranger", tenant=b"u" * 16)


def from_elsewhere(stage: Stage, method: bytes, cseq: int, body: bytes = b"") -> list[str]:
    """Another source asks in the caller's dialog; what is sent to whom."""
    tag = stage.answer_to_a().to_address.tag
    data = from_caller(method, cseq=cseq, to_tag=tag, body=body)
    stage.hears(data.replace(b"z9hG4bKa", b"z9hG4bKx"), ELSEWHERE)
    return [said(each) for each in stage.outputs if isinstance(each, SendMessage)]


@pytest.mark.parametrize("reloaded", [False, True])
def test_nobody_changes_or_ends_an_inline_call_of_another_tenant(*, reloaded: bool) -> None:
    """Nor does the other side hear of it."""
    stage = Stage(reloaded=reloaded).beside(STRANGER).talking()
    before = stage.relay_call()
    for number, method in enumerate((b"INVITE", b"UPDATE", b"INFO", b"REFER", b"BYE")):
        body = HELD if method in {b"INVITE", b"UPDATE"} else b""
        assert from_elsewhere(stage, method, 100 + number, body) == [f"x: 481 {method.decode()}"]

    assert stage.relay_call() == before
    stage.a_inside(b"BYE", 2).then("a: 200 BYE", "b: BYE")


def test_a_guest_may_end_an_inline_call_and_take_nothing_of_it() -> None:
    """The recording says who it was."""
    stage = Stage().beside(GUEST).talking()
    assert from_elsewhere(stage, b"INVITE", 100, HELD) == ["x: 488 INVITE"]
    assert from_elsewhere(stage, b"BYE", 101) == ["x: 200 BYE", "b: BYE"]

    flags = {each.flag: each.detail for each in stage.events(Flagged)}
    assert flags["foreign_request"] == "INVITE from other"


def test_a_callees_bye_may_go_past_the_proxy() -> None:
    """He answers with an address of his own: it is heard as long as that call is up, and there."""
    stage = Stage(source=dataclasses.replace(TRUNK, networks=(ip_network("192.0.2.1/32"),)))
    stage.calls().b(180)
    contact = (b"Contact", b"<sip:callee@198.51.100.7:5060>")
    stage.b(200, contact, body=ANSWER).a_inside(b"ACK", 1)
    assert stage.dispatch.may_speak("198.51.100.7")
    assert not stage.dispatch.may_speak("198.51.100.8")

    for host, expected in (("198.51.100.8", 481), ("198.51.100.7", 200)):
        flow = Flow(transport="udp", local=HERE, remote=Address(host, 5060))
        invite = stage.request_to_b()
        bye = b"\r\n".join(
            [
                b"BYE sip:n1@192.0.2.9 SIP/2.0",
                b"Via: SIP/2.0/UDP %s;branch=z9hG4bKpast" % host.encode(),
                b"Max-Forwards: 70",
                b"From: " + invite.to_address.raw + b";tag=callee",
                b"To: " + invite.from_address.raw,
                b"Call-ID: " + invite.call_id,
                b"CSeq: 7 BYE",
                b"Content-Length: 0\r\n\r\n",
            ]
        )
        stage.hears(bye, flow)
        answer = next(each for each in stage.outputs if isinstance(each, SendMessage))
        assert said(answer).endswith(f"{expected} BYE")
    assert not stage.dispatch.may_speak("198.51.100.7")


def test_a_cancel_is_its_own_sources() -> None:
    """The branch of an INVITE stands in logs, too."""
    stage = Stage().beside(STRANGER).ringing()
    stage.hears(from_caller(b"CANCEL"), ELSEWHERE).then("x: 481 CANCEL")

    stage.a(from_caller(b"CANCEL")).then("a: 200 CANCEL", "a: 487 INVITE", "b: CANCEL")
