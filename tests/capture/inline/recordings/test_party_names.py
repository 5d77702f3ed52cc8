"""Who a party says it is, once the call is up."""

import dataclasses
from typing import Any

import pytest

from archive.call.events import ParticipantChanged, StreamPartyKnown
from capture.sip.build import Header
from tests.capture.inline.stage import ANSWER, OFFER, ROUTE, Stage, from_caller

ASSERTED: Header = (b"P-Asserted-Identity", b'"Ito" <sip:300@pbx.example>')
REMOTE: Header = (b"Remote-Party-ID", b'"Ito" <sip:300@pbx.example>;party=calling')


def changes(stage: Stage) -> list[tuple[str, str]]:
    return [(each.participant, each.instead_of) for each in stage.events(ParticipantChanged)]


@pytest.mark.parametrize("header", [ASSERTED, REMOTE])
@pytest.mark.parametrize("method", [b"INVITE", b"UPDATE"])
def test_a_callee_who_is_another_by_now_says_so_in_his_request(
    stage: Stage, header: Header, method: bytes
) -> None:
    """A transfer that the PBX has carried out by itself, behind one dialog."""
    stage.talking().b_inside(method, 1, header, body=ANSWER if method == b"INVITE" else b"")

    assert changes(stage) == [("sip:300@pbx.example", "sip:0355501234@192.0.2.9")]
    last = stage.events(StreamPartyKnown)[-1]
    assert (last.stream, last.side, last.names[0].text) == (1, "agent", "Ito")


@pytest.mark.parametrize("header", [ASSERTED, REMOTE])
def test_a_caller_may_change_as_well(stage: Stage, header: Header) -> None:
    """Both ends are parties."""
    stage.talking().a_inside(b"INVITE", 2, header, body=OFFER)

    assert changes(stage) == [("sip:300@pbx.example", "sip:+81300001234@192.0.2.1")]


def test_from_that_changes_names_another_party(stage: Stage) -> None:
    """RFC 4916 section 4: the tags make the dialog, the URI says who."""
    stage.talking()
    tag = stage.answer_to_a().to_address.tag
    update = from_caller(b"UPDATE", cseq=2, to_tag=tag)
    changed = update.replace(b'"Sato" <sip:+81300001234@', b'"Kato" <sip:+81300009999@')
    stage.a(update)
    assert changes(stage) == []

    stage.a(changed.replace(b"CSeq: 2", b"CSeq: 3").replace(b"UPDATE2", b"UPDATE3"))
    assert changes(stage) == [("sip:+81300009999@192.0.2.1", "sip:+81300001234@192.0.2.1")]
    assert stage.events(StreamPartyKnown)[-1].names[0].text == "Kato"


@pytest.mark.parametrize("place", [b"192.0.2.1:5070", b"192.0.2.1;transport=tcp"])
def test_a_place_that_comes_or_goes_in_from_is_no_other_party(stage: Stage, place: bytes) -> None:
    """RFC 3261 section 19.1.1: it has none there; PJSIP drops ours in its own requests."""
    stage.talking()
    tag = stage.answer_to_a().to_address.tag
    update = from_caller(b"UPDATE", cseq=2, to_tag=tag)
    stage.a(update.replace(b"1234@192.0.2.1>;tag=caller", b"1234@" + place + b">;tag=caller"))

    assert changes(stage) == []


def test_a_response_may_say_it_too(stage: Stage) -> None:
    """Of a side that was asked, in a call that is up."""
    stage.talking()
    held = OFFER.replace(b"o=- 7 1", b"o=- 7 2") + b"a=sendonly\r\n"
    stage.a_inside(b"INVITE", 2, body=held)
    stage.b(200, ASSERTED, body=ANSWER)

    assert changes(stage) == [("sip:300@pbx.example", "sip:0355501234@192.0.2.9")]


def test_who_says_the_same_again_changes_nothing(stage: Stage) -> None:
    """Every refresh bears the header."""
    stage.talking()
    for number in (1, 2, 3):
        stage.b_inside(b"UPDATE", number, ASSERTED)

    assert len(changes(stage)) == 1


def agents(stage: Stage, *headers: Header, **said: Any) -> list[str]:
    """Who speaks, in a call whose route goes by the user of whoever is ours."""
    route = dataclasses.replace(ROUTE, **{"agent": "user", **said})
    scene = Stage(reloaded=stage.reloaded, routes=(route,)).ringing()
    scene.b(200, *headers, body=ANSWER).a_inside(b"ACK", 1)
    scene.played()
    return [each.aor for each in scene.events(StreamPartyKnown) if each.side != "node"]


def test_a_route_that_goes_by_the_user_has_the_telephone_that_answered(stage: Stage) -> None:
    """Of a group that one number rings; the customer is not ours."""
    assert agents(stage) == ["sip:+81300001234@192.0.2.1", "sip:callee@192.0.2.9"]
    assert agents(stage, agent="")[1] == "sip:0355501234@192.0.2.9"
    assert agents(stage, direction="outbound") == [
        "sip:+81300001234@192.0.2.1",
        "sip:0355501234@192.0.2.9",
    ]


def test_who_is_named_is_not_known_by_a_contact(stage: Stage) -> None:
    """A PBX that says who answers knows better than his telephone."""
    assert agents(stage, ASSERTED)[-1] == "sip:300@pbx.example"
