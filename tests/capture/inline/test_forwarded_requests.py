"""What one side says that is for the other: INFO, MESSAGE, a REFER where the route passes it."""

from urllib.parse import quote_from_bytes

import msgspec
import pytest

from capture.inline.forwarded_requests import MAX_PENDING, MAX_REFERS
from capture.inline.routing.route import Route, Target
from capture.sip.build import Header
from capture.sip.message import Request, Response
from tests.capture.inline.phone import Phone
from tests.capture.inline.stage import PBX, Stage, said
from tests.support.inline.crossing import a_answers

CAROL = Target(name="carol", uri="sip:192.0.2.28")
PASSING = Route(name="support", to=("pbx",), number=("03*",), transfer="pass")
INNER = Route(name="inner", to=("carol",), number=("202",))
FAR: Header = (b"Refer-To", b"<sip:bob@elsewhere.example>")


def scene(stage: Stage) -> Stage:
    """Two who talk, on a route that passes transfers."""
    made = Stage(reloaded=stage.reloaded, targets=(PBX, CAROL), routes=(PASSING, INNER))
    return made.answered()


def last_to_a(stage: Stage, method: bytes) -> Request:
    asked = [each for each in stage.to_a() if isinstance(each, Request)]
    return next(each for each in reversed(asked) if each.method == method)


def refers_answer(stage: Stage) -> Response:
    told = [each for each in stage.to_b() if isinstance(each, Response)]
    return next(each for each in reversed(told) if each.cseq.method == b"REFER")


def test_a_refer_waits_for_the_other_sides_answer(stage: Stage) -> None:
    """Where it leads is that side's business, and its own expense."""
    stage = scene(stage).b_inside(b"REFER", 1, FAR).then("a: REFER")
    passed = last_to_a(stage, b"REFER")
    assert passed.value(b"refer-to") == b"<sip:bob@elsewhere.example>"
    assert passed.value(b"referred-by") == b"<sip:0355501234@192.0.2.9>"

    a_answers(stage, passed, 202, (b"Refer-Sub", b"true")).then("b: 202 REFER")
    assert refers_answer(stage).value(b"refer-sub") == b"true"
    a_answers(stage, passed, 202).then()


def test_a_refusal_passes_as_it_is(stage: Stage) -> None:
    """The call goes on."""
    stage = scene(stage).b_inside(b"REFER", 1, FAR)
    a_answers(stage, last_to_a(stage, b"REFER"), 603).then("b: 603 REFER")

    assert stage.relay_call().is_joined


def test_a_408_of_the_other_side_is_no_answer_to_a_refer(stage: Stage) -> None:
    """RFC 4320 section 4.2: who asked has his own clock."""
    stage = scene(stage).b_inside(b"REFER", 1, FAR)
    a_answers(stage, last_to_a(stage, b"REFER"), 408).then("b: 500 REFER")


def test_a_refer_that_nobody_answers_leaves_the_call_as_it_is(stage: Stage) -> None:
    """Who asked has stopped waiting at the same time."""
    stage = scene(stage).b_inside(b"REFER", 1, FAR).until(40)

    assert stage.relay_call().is_joined
    assert [line.forwarded[0].is_answered for line in stage.inline.calls] == [True]


def test_notifies_come_back_under_the_number_of_who_asked(stage: Stage) -> None:
    """Each side counts its own CSeq."""
    stage = scene(stage).b_inside(b"REFER", 41, FAR)
    passed = last_to_a(stage, b"REFER")
    a_answers(stage, passed, 202)
    event = b"refer;id=%d" % passed.cseq.number
    state: Header = (b"Subscription-State", b"terminated;reason=noresource")
    typed: Header = (b"Content-Type", b"message/sipfrag")
    body = b"SIP/2.0 200 OK\r\n"
    told = stage.a_inside(b"NOTIFY", 2, (b"Event", event), state, typed)
    told.then("a: 200 NOTIFY", "b: NOTIFY")
    assert stage.request_to_b(b"NOTIFY").value(b"event") == b"refer;id=41"
    assert stage.request_to_b(b"NOTIFY").value(b"subscription-state") == state[1]

    stage.a_inside(b"NOTIFY", 3, (b"Event", b"refer"), state, body=body)
    assert stage.request_to_b(b"NOTIFY").value(b"event") == b"refer"
    assert stage.request_to_b(b"NOTIFY").body == body


def test_other_notifies_are_just_taken(stage: Stage) -> None:
    """Nobody here has asked for them."""
    scene(stage).a_inside(b"NOTIFY", 2, (b"Event", b"talk")).then("a: 200 NOTIFY")


def test_replaces_names_the_leg_of_the_other_side(stage: Stage) -> None:
    """The dialog that who asks names is one with us; the far party knows the one beyond."""
    stage = scene(stage)
    bob, carol = Phone(stage, "b"), Phone(stage, "c")
    bob.calls(body=bob.speech(), number=b"202")
    carol.answers(200, body=carol.speech())
    tag = bob.response().to_address.tag
    value = quote_from_bytes(b"own@b;to-tag=%s;from-tag=tag-b" % tag, safe="").encode()
    stage.b_inside(b"REFER", 1, (b"Refer-To", b"<sip:202@192.0.2.9?Replaces=%s>" % value))
    leg = carol.request()
    beyond = b"%s;to-tag=tag-c;from-tag=%s" % (leg.call_id, leg.from_address.tag)

    expected = (
        b"<sip:202@192.0.2.9?Replaces=%s>" % quote_from_bytes(beyond, safe="-_.!~*'()").encode()
    )
    assert last_to_a(stage, b"REFER").value(b"refer-to") == expected


def test_a_broken_refer_passes_nowhere(stage: Stage) -> None:
    """400."""
    scene(stage).b_inside(b"REFER", 1).then("b: 400 REFER")


def test_a_side_that_is_gone_is_told_nothing(stage: Stage) -> None:
    """480: there is nobody to ask."""
    stage = scene(stage)
    (bridged,) = stage.inline.calls
    call = bridged.call.with_end(msgspec.structs.replace(bridged.call.caller, dialog=None))
    stage.inline.calls.keep(msgspec.structs.replace(bridged, call=call))

    stage.b_inside(b"REFER", 1, FAR).then("b: 480 REFER")


def test_a_peer_that_asks_for_ever_fills_nothing(stage: Stage) -> None:
    """The last few are remembered."""
    stage = scene(stage)
    for number in range(1, MAX_REFERS + 3):
        stage.b_inside(b"REFER", number, FAR)

    (bridged,) = stage.inline.calls
    assert len(bridged.forwarded) == MAX_REFERS


TEXT = b"text/plain"


def aside(stage: Stage, method: bytes = b"INFO", cseq: int = 1) -> Stage:
    """The callee says something aside."""
    return stage.b_inside(method, cseq, body=b"hello", kind=TEXT).then(f"a: {method.decode()}")


def test_messages_cross_as_well_as_info(stage: Stage) -> None:
    """As they came."""
    stage = aside(scene(stage), b"MESSAGE")

    assert last_to_a(stage, b"MESSAGE").body == b"hello"
    assert last_to_a(stage, b"MESSAGE").value(b"content-type") == TEXT


@pytest.mark.parametrize("method", [b"INFO", b"MESSAGE"])
@pytest.mark.parametrize("status", [200, 202, 415, 469])
def test_what_is_said_aside_is_answered_by_the_other_side(
    stage: Stage, method: bytes, status: int
) -> None:
    """With what it would take instead (RFC 3261 section 21.4.13, RFC 6086 section 5.2.2)."""
    stage = aside(scene(stage), method)
    would = ((b"Accept", b"application/dtmf"), (b"Recv-Info", b"dtmf"))
    a_answers(stage, last_to_a(stage, method), status, *would)

    stage.then(f"b: {status} {method.decode()}")
    told = stage.to_b()[-1]
    assert (told.value(b"accept"), told.value(b"recv-info")) == (would[0][1], would[1][1])
    assert [line.forwarded for line in stage.inline.calls] == [()]


def test_a_challenge_of_the_other_side_is_none_of_who_speaks(stage: Stage) -> None:
    """He has no password for it."""
    stage = aside(scene(stage))
    a_answers(stage, last_to_a(stage, b"INFO"), 401, (b"WWW-Authenticate", b"Digest"))

    stage.then("b: 500 INFO")


def test_who_is_not_answered_hears_so_while_he_waits(stage: Stage) -> None:
    """504 in time (RFC 4320 section 3), and what comes later is nothing any more."""
    stage = aside(scene(stage)).until(9)
    assert not [each for each in stage.outputs if said(each) == "b: 504 INFO"]
    stage.until(11).then("b: 504 INFO")
    a_answers(stage, last_to_a(stage, b"INFO"), 200).then()

    assert stage.relay_call().is_joined


def test_a_408_of_the_other_side_is_a_504(stage: Stage) -> None:
    """RFC 4320 section 4.2."""
    stage = aside(scene(stage))

    a_answers(stage, last_to_a(stage, b"INFO"), 408).then("b: 504 INFO")


def test_who_waits_when_the_call_ends_is_answered(stage: Stage) -> None:
    """RFC 3261 section 15.1.2."""
    stage = aside(scene(stage)).a_inside(b"BYE", 2)

    stage.then("a: 200 BYE", "b: BYE", "b: 487 INFO")


def test_before_somebody_is_there_nobody_is_told_anything(stage: Stage) -> None:
    """It was not heard, so it is not 200."""
    stage.ringing().a_inside(b"INFO", 2, body=b"hello", kind=TEXT)

    stage.then("a: 480 INFO")


def test_more_than_may_wait_is_refused_at_once(stage: Stage) -> None:
    """Nothing is remembered without bound."""
    stage = scene(stage)
    for number in range(1, MAX_PENDING + 1):
        aside(stage, cseq=number)
    stage.b_inside(b"INFO", MAX_PENDING + 1, body=b"hello", kind=TEXT).then("b: 500 INFO")
