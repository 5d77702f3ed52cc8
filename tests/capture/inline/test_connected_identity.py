"""Who a party is by now, as the other side is told."""

from dataclasses import replace

import pytest

from capture.inline.connected_identity import trust_at
from capture.inline.state.exchange import trust_of
from capture.links.relay_messages import Side
from capture.sip.build import Header
from capture.sip.message import Request
from tests.capture.inline.stage import ANSWER, HELD, HOLDING, PBX, ROUTE, TRUNK, Stage, from_caller

ITO: Header = (b"P-Asserted-Identity", b'"Ito" <sip:300@pbx.example>')
REMOTE: Header = (b"Remote-Party-ID", b'"Ito" <sip:300@pbx.example>;party=calling')
ALLOW: Header = (b"Allow", b"INVITE, ACK, BYE, UPDATE")


def up(*headers: Header, trusted: bool = True, reloaded: bool = False) -> Stage:
    """Both talk, and take UPDATE."""
    stage = Stage(
        reloaded=reloaded,
        routes=(replace(ROUTE, notice=()),),
        source=replace(TRUNK, trusted=trusted),
        targets=(replace(PBX, trusted=trusted),),
    )
    stage.calls(ALLOW, *headers).b(200, ALLOW, body=ANSWER)
    return stage.a_inside(b"ACK", 1)


def last_to_a(stage: Stage) -> Request:
    return next(each for each in reversed(stage.to_a()) if isinstance(each, Request))


@pytest.mark.parametrize("reloaded", [False, True])
@pytest.mark.parametrize("header", [ITO, REMOTE])
def test_a_callee_who_is_another_by_now_is_told_by_an_update_without_a_body(
    header: Header, *, reloaded: bool
) -> None:
    """RFC 3325 section 7: the UPDATE that said it ends here, what it says does not."""
    stage = up(reloaded=reloaded).b_inside(b"UPDATE", 1, header)

    stage.then("b: 200 UPDATE", "a: UPDATE")
    assert last_to_a(stage).value(header[0].lower()) == header[1]
    assert last_to_a(stage).body == b""


def test_a_name_is_told_once() -> None:
    """Telephones say it with every refresh."""
    stage = up().b_inside(b"UPDATE", 1, ITO).b_inside(b"UPDATE", 2, ITO)

    stage.then("b: 200 UPDATE")


def test_what_the_invite_said_is_no_news() -> None:
    """It has crossed with the INVITE."""
    up(ITO).a_inside(b"UPDATE", 2, ITO).then("a: 200 UPDATE")


def test_a_change_that_crosses_names_who_asks() -> None:
    """In the same request."""
    stage = up().a_inside(b"INVITE", 2, ITO, body=HELD).then("b: INVITE")

    assert stage.request_to_b().value(b"p-asserted-identity") == ITO[1]


def test_the_answer_to_a_change_names_who_answers() -> None:
    """Asterisk says it there."""
    stage = up().a_inside(b"INVITE", 2, body=HELD)
    stage.b(200, ITO, body=HOLDING).then("b: ACK", "a: 200 INVITE")

    assert stage.answer_to_a().value(b"p-asserted-identity") == ITO[1]


def test_an_unvouched_from_is_told_as_one() -> None:
    """RFC 4916 section 4; our own From stays as the dialog began."""
    stage = up()
    tag = stage.answer_to_a().to_address.tag
    update = from_caller(b"UPDATE", cseq=2, to_tag=tag)
    stage.a(update.replace(b'"Sato" <sip:+81300001234@', b'"Kato" <sip:+81300009999@'))

    assert stage.request_to_b(b"UPDATE").value(b"remote-party-id") == (
        b'"Kato" <sip:+81300009999@192.0.2.1>;party=calling;screen=no'
    )


def test_who_takes_no_update_hears_it_with_the_next_change() -> None:
    """Nothing is lost meanwhile."""
    stage = Stage(routes=(replace(ROUTE, notice=()),)).answered()
    stage.a_inside(b"UPDATE", 2, ITO).then("a: 200 UPDATE")
    stage.a_inside(b"INVITE", 3, body=HELD).then("b: INVITE")

    assert stage.request_to_b().value(b"p-asserted-identity") == ITO[1]


def test_a_stranger_is_told_no_names() -> None:
    """RFC 3325 section 7."""
    stage = up(trusted=False).a_inside(b"UPDATE", 2, ITO).then("a: 200 UPDATE")
    stage.a_inside(b"INVITE", 3, ITO, body=HELD).then("b: INVITE")

    assert stage.request_to_b().value(b"p-asserted-identity") is None


def test_the_answer_to_a_name_is_no_answer_to_a_change() -> None:
    """A re-INVITE that follows at once waits for its own."""
    stage = up().a_inside(b"UPDATE", 2, ITO)
    update = stage.request_to_b(b"UPDATE")
    stage.a_inside(b"INVITE", 3, body=HELD).then("b: INVITE")
    stage.b_answers(update, 200).then()

    stage.b_answers(stage.request_to_b(), 200, body=HOLDING).then("b: ACK", "a: 200 INVITE")


def test_each_side_is_told_what_its_peer_may_hear() -> None:
    """The caller's is his source, the callee's the target."""
    stage = up()
    (bridged,) = stage.inline.calls

    assert trust_at(stage.exchange, bridged, Side.CALLER) == trust_of(TRUNK)
    assert trust_at(stage.exchange, bridged, Side.CALLEE) == trust_of(PBX)
