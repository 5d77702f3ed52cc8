"""Who a party says it is, once the call is up."""

import dataclasses
from ipaddress import ip_network
from typing import Any

import pytest

from archive.call.events import ParticipantChanged, StreamPartyKnown
from capture.inline.routing.route import CallDirection
from capture.sip.build import Header
from tests.capture.inline.stage import ANSWER, OFFER, PBX, ROUTE, TRUNK, Stage, from_caller

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
    known = [each for each in scene.events(StreamPartyKnown) if each.side != "node"]
    return [each.name_ids[-1].aor if each.name_ids else each.aor for each in known]


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


STRANGER: Header = (b"P-Asserted-Identity", b"<sip:09012345678@pbx.example>")
KEPT: Header = (b"P-Asserted-Identity", b'"Agent 201" <sip:09012345678@pbx.example>')
AGENT: Header = (b"P-Asserted-Identity", b'"Agent 201" <sip:201@pbx.example>')


def by_header(stage: Stage, direction: CallDirection = "inbound", **rules: Any) -> Stage:
    """A node on whose route a header has the agent's id; `rules` are of the caller's source."""
    route = dataclasses.replace(ROUTE, agent="header:X-Agent", direction=direction, notice=())
    source = dataclasses.replace(TRUNK, **rules)
    return Stage(reloaded=stage.reloaded, routes=(route,), source=source)


def parties(stage: Stage) -> list[tuple[str, str, str, str, str]]:
    """Address, id, name, side and what that is known by, of each who speaks, in order."""
    return [
        (
            each.aor,
            "".join(own.aor for own in each.name_ids[1:]),
            "".join(name.text for name in each.names),
            each.side,
            each.because,
        )
        for each in stage.events(StreamPartyKnown)
        if each.side != "node"
    ]


def test_the_id_of_an_agent_stands_beside_its_number(stage: Stage) -> None:
    """Either finds it."""
    scene = by_header(stage).calls((b"X-Agent", b"tanaka")).b(200, AGENT, body=ANSWER)
    scene.a_inside(b"ACK", 1)

    assert parties(scene)[-1] == (
        "sip:201@pbx.example", "sip:tanaka@pbx.example", "Agent 201", "agent", "route",
    )  # fmt: skip


@pytest.mark.parametrize("moved", [STRANGER, KEPT])
def test_an_agent_who_passes_the_call_on_keeps_id_and_name(stage: Stage, moved: Header) -> None:
    """Also where the PBX keeps the name beside the other number, and says so again and again."""
    scene = by_header(stage).calls((b"X-Agent", b"tanaka")).b(200, AGENT, body=ANSWER)
    scene.a_inside(b"ACK", 1).b_inside(b"UPDATE", 1, moved).b_inside(b"UPDATE", 2, moved)

    assert parties(scene)[-1] == ("sip:09012345678@pbx.example", "", "", "agent", "place")
    scene.b_inside(b"UPDATE", 3, AGENT)
    assert parties(scene)[-1] == (
        "sip:201@pbx.example", "sip:tanaka@pbx.example", "Agent 201", "agent", "route",
    )  # fmt: skip


def test_a_caller_who_is_another_while_it_rings_has_no_id_of_the_first(stage: Stage) -> None:
    """It was said in the INVITE, of who sent that."""
    scene = by_header(stage, "outbound").calls((b"X-Agent", b"tanaka"), AGENT).b(180)
    scene.a_inside(b"UPDATE", 2, KEPT).b(200, body=ANSWER).a_inside(b"ACK", 1)
    (caller,) = (each for each in parties(scene) if "2345678" in each[0])

    assert caller[1:] == ("", "", "agent", "place")


def test_who_rang_at_another_target_is_not_who_answers(stage: Stage) -> None:
    """The second says nothing of who it is: it was dialled by this number."""
    route = dataclasses.replace(ROUTE, to=("pbx", "other"), notice=())
    scene = Stage(
        reloaded=stage.reloaded,
        routes=(route,),
        targets=(PBX, dataclasses.replace(PBX, name="other")),
    )
    scene.calls().b(180, ASSERTED).b(503).b(200, body=ANSWER).a_inside(b"ACK", 1)

    assert [each[0] for each in parties(scene)][-1] == "sip:0355501234@192.0.2.9"


@pytest.mark.parametrize(
    ("moved", "side", "because"),
    [(STRANGER, "unknown", "internal_number"), (ASSERTED, "agent", "internal_number")],
)
def test_who_takes_a_place_is_ours_by_the_rules_of_his_end(
    stage: Stage, moved: Header, side: str, because: str
) -> None:
    """The target's source has them; the caller's does not count there."""
    at_pbx = dataclasses.replace(
        TRUNK, name="pbx", networks=(ip_network("192.0.2.30/32"),), internal_numbers=("3*",)
    )
    scene = by_header(stage, networks=(ip_network("192.0.2.0/28"),)).beside(at_pbx)
    scene.calls().b(200, AGENT, body=ANSWER)
    scene.a_inside(b"ACK", 1).b_inside(b"UPDATE", 1, moved)

    assert parties(scene)[-1][3:] == (side, because)


def test_another_in_a_customers_place_is_a_customer_by_a_guess(stage: Stage) -> None:
    """Nobody knows who he is."""
    scene = by_header(stage).calls().b(200, AGENT, body=ANSWER).a_inside(b"ACK", 1)
    scene.a_inside(b"UPDATE", 2, STRANGER)

    assert parties(scene)[-1][3:] == ("customer", "place")


def at_the_pbx(scene: Stage) -> Stage:
    """Beside a source at the target whose own numbers begin with 2."""
    networks = (ip_network("192.0.2.30/32"),)
    return scene.beside(
        dataclasses.replace(TRUNK, name="pbx", networks=networks, internal_numbers=("2*",))
    )


@pytest.mark.parametrize(
    ("answers", "has_rules", "told"),
    [
        (STRANGER, True, ("unknown", "internal_number")),
        (STRANGER, False, ("agent", "place")),
        (AGENT, True, ("agent", "internal_number")),
        (AGENT, False, ("agent", "route")),
        ((b"P-Asserted-Identity", b"<sip:+81355501234@pbx.example>"), True, ("agent", "route")),
        ((b"P-Asserted-Identity", b"<sip:suzuki@pbx.example>"), True, ("agent", "route")),
        ((b"X-Nothing", b"said"), True, ("agent", "route")),
    ],
)
def test_who_answers_as_another_than_was_dialled_is_not_the_agent_by_the_route(
    stage: Stage, answers: Header, *, has_rules: bool, told: tuple[str, str]
) -> None:
    """The PBX has forwarded the call, maybe: the rules of his end tell, else it is a guess.

    The number that was dialled in another spelling is no other, nor is an extension behind it.
    """
    scene = by_header(stage, networks=(ip_network("192.0.2.0/28"),), country="JP")
    scene = at_the_pbx(scene) if has_rules else scene
    scene.calls((b"X-Agent", b"tanaka")).b(200, answers, body=ANSWER).a_inside(b"ACK", 1)
    said = parties(scene)[-1]

    assert said[3:] == told
    assert (said[1] == "") is (told[0] == "unknown")  # the id is the agent's


@pytest.mark.parametrize(
    ("contact", "has_rules", "told"),
    [
        ("sip:09012345678@192.0.2.30;transport=udp", True, ("unknown", "internal_number")),
        ("sip:09012345678@192.0.2.30", False, ("agent", "place")),
        ("sip:202@192.0.2.30", True, ("agent", "internal_number")),
    ],
)
def test_who_answers_behind_a_redirection_is_whom_it_has_named(
    stage: Stage, contact: str, *, has_rules: bool, told: tuple[str, str]
) -> None:
    """A telephone forwards (302): the number that was dialled is not his who answers."""
    scene = by_header(stage, networks=(ip_network("192.0.2.0/28"),))
    scene = at_the_pbx(scene) if has_rules else scene
    scene.calls().b(302, (b"Contact", f"<{contact}>".encode())).b(200, body=ANSWER)
    scene.a_inside(b"ACK", 1)
    said = parties(scene)[-1]

    assert (said[0], said[3:]) == (contact.partition(";")[0], told)


def test_behind_a_redirection_that_failed_the_dialled_number_is_called_again(stage: Stage) -> None:
    """At the next target, which knows nothing of where the first one led."""
    route = dataclasses.replace(ROUTE, to=("pbx", "other"), notice=())
    targets = (PBX, dataclasses.replace(PBX, name="other"))
    scene = Stage(reloaded=stage.reloaded, routes=(route,), targets=targets).calls()
    scene.b(302, (b"Contact", b"<sip:300@192.0.2.30>")).b(503).b(200, body=ANSWER)
    scene.a_inside(b"ACK", 1)

    assert [each[0] for each in parties(scene)][-1] == "sip:0355501234@192.0.2.9"


DIVERTED: Header = (b"Diversion", b"<sip:201@pbx.example>;reason=no-answer")
HISTORY: Header = (
    b"History-Info",
    b"<sip:201@pbx.example>;index=1, <sip:0355501234@192.0.2.9>;index=1.1",
)


@pytest.mark.parametrize("header", [DIVERTED, HISTORY])
@pytest.mark.parametrize("rules", [{}, {"internal_numbers": ("2*",)}])
def test_a_call_that_was_forwarded_out_has_no_agent_as_its_caller(
    stage: Stage, header: Header, rules: dict[str, Any]
) -> None:
    """The customer's number is in From; whose side he is on is not known."""
    scene = by_header(stage, "outbound", **rules).calls((b"X-Agent", b"tanaka"), header)
    scene.b(200, body=ANSWER).a_inside(b"ACK", 1)

    assert parties(scene)[0][1:] == ("", "Sato", "unknown", "forwarded")


@pytest.mark.parametrize("rules", [{}, {"internal_numbers": ("2*",)}])
def test_an_agent_who_forwards_his_own_call_is_ours(stage: Stage, rules: dict[str, Any]) -> None:
    """His number leads it on, or fits the rules."""
    scene = by_header(stage, "outbound", **rules).calls(AGENT, DIVERTED)
    scene.b(200, body=ANSWER).a_inside(b"ACK", 1)

    assert parties(scene)[0][3:] == ("agent", "route")
