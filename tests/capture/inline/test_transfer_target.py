"""Where a REFER may lead: nobody has calls made that he could not have made himself."""

from dataclasses import replace
from ipaddress import ip_network

import pytest

from capture.inline.routing.route import CallDirection, Route, Target
from capture.inline.state.call_events import Refused
from capture.inline.transfer_target import followed
from capture.sip.build import Header
from capture.sip.message import Request
from tests.capture.inline.phone import Phone
from tests.capture.inline.stage import PBX, Stage, said

CAROL = Target(name="carol", uri="sip:carol.example", networks=(ip_network("192.0.2.28/32"),))
INTERNAL = Route(name="support", to=("pbx",), number=("03*",), direction="internal")
CARRIER = Route(name="out", to=("carol",), number=("06*",))


def to(uri: str) -> Header:
    return b"Refer-To", f"<{uri}>".encode()


def scene(stage: Stage, direction: CallDirection = "internal") -> Stage:
    """Two who talk, one of whom a route has called."""
    first = Route(name="support", to=("pbx",), number=("03*",), direction=direction)
    made = Stage(reloaded=stage.reloaded, targets=(PBX, CAROL), routes=(first, CARRIER))
    return made.answered()


def dialled(stage: Stage) -> str:
    """Where the last INVITE or search went."""
    found = [said(each) for each in stage.outputs]
    finds = [each for each in found if each.startswith("Find ")]
    if finds:
        return finds[0].removeprefix("Find ")
    invites = [each for each in found if each.endswith(": INVITE")]
    return "" if not invites else stage.request_to_b().uri.decode()


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("sip:202@192.0.2.30", "sip:202@192.0.2.30"),
        ("sip:202@192.0.2.9", "sip:202@192.0.2.30"),
        ("sip:202@192.0.2.9:5060;transport=udp", "sip:202@192.0.2.30"),
        ("tel:+81312345678", "sip:+81312345678@192.0.2.30"),
        ("sip:202@carol.example", "sip:202@carol.example"),
        ("sip:202@192.0.2.28", "sip:202@carol.example"),
    ],
)
def test_a_callee_has_numbers_of_his_own_target_called_or_of_another_that_he_names(
    stage: Stage, uri: str, expected: str
) -> None:
    """Our own address stands for where he is."""
    stage = scene(stage).b_inside(b"REFER", 1, to(uri))

    assert dialled(stage) == expected


@pytest.mark.parametrize(
    ("uri", "status"),
    [
        ("sip:202@elsewhere.example", 403),
        ("sip:202@203.0.113.5", 403),
        ("sip:192.0.2.30", 403),
        ("mailto:carol@example.org", 403),
        ("sip:202@192.0.2.30;method=BYE", 501),
        ("sip:202@192.0.2.30:port", 400),
    ],
)
def test_nobody_is_led_to_a_place_that_no_target_names(stage: Stage, uri: str, status: int) -> None:
    """Toll fraud begins with a REFER to somewhere else."""
    stage = scene(stage).b_inside(b"REFER", 1, to(uri)).then(f"b: {status} REFER")

    assert stage.relay_call().is_joined


@pytest.mark.parametrize("headers", [(), (to("sip:1@192.0.2.30"), to("sip:2@192.0.2.30"))])
def test_a_refer_says_exactly_one_place(stage: Stage, headers: tuple[Header, ...]) -> None:
    """RFC 3515 section 2.4.2."""
    scene(stage).b_inside(b"REFER", 1, *headers).then("b: 400 REFER")


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("sip:0611112222@192.0.2.9", "sip:0611112222@carol.example"),
        ("sip:0611112222@192.0.2.1", "sip:0611112222@carol.example"),
        ("sip:202@carol.example", "sip:202@carol.example"),
    ],
)
def test_a_caller_has_called_what_the_routes_would_let_him_call(
    stage: Stage, uri: str, expected: str
) -> None:
    """As an INVITE of his source would go."""
    stage = scene(stage).a_inside(b"REFER", 2, to(uri))

    assert dialled(stage) == expected


@pytest.mark.parametrize(
    "home", [Target(name="a", uri="sip:192.0.2.1"), Target(name="trunk", uri="sip:t.example")]
)
def test_a_caller_whose_own_place_is_a_target_has_its_numbers_called(
    stage: Stage, home: Target
) -> None:
    """A PBX that calls out transfers to its own extensions."""
    first = Route(name="support", to=("pbx",), number=("03*",))
    stage = Stage(reloaded=stage.reloaded, targets=(PBX, home), routes=(first,)).answered()
    stage.a_inside(b"REFER", 2, to("sip:202@192.0.2.1"))

    sent = [said(each) for each in stage.outputs]
    assert "Find sip:202@t.example" in sent or stage.to_a()[-1].uri == b"sip:202@192.0.2.1"  # type: ignore[union-attr]  # a request


def test_a_caller_who_asks_for_what_no_route_takes_is_told_so(stage: Stage) -> None:
    """404, as for an INVITE."""
    scene(stage).a_inside(b"REFER", 2, to("sip:0900000000@192.0.2.9")).then("a: 404 REFER")
    scene(stage).a_inside(b"REFER", 2, to("sip:1@elsewhere.example")).then("a: 403 REFER")


def test_a_customer_has_nobody_called(stage: Stage) -> None:
    """His calls are at his own expense."""
    inbound = scene(stage, "inbound")
    inbound.a_inside(b"REFER", 2, to("sip:0611112222@192.0.2.9")).then("a: 403 REFER")
    outbound = scene(stage, "outbound")
    outbound.b_inside(b"REFER", 1, to("sip:202@192.0.2.30")).then("b: 403 REFER")


def test_who_came_by_transfer_is_where_he_was_called(stage: Stage) -> None:
    """His numbers are those of his own target."""
    stage = scene(stage).b_inside(b"REFER", 1, to("sip:202@192.0.2.28")).found("192.0.2.28")
    carol = Phone(stage, "c")
    carol.answers(200, body=carol.speech())

    carol.inside(b"REFER", 1, to("sip:203@192.0.2.9"))
    assert "Find sip:203@carol.example" in [said(each) for each in stage.outputs]


# -- redirections ---------------------------------------------------------------------------------

ACCOUNT = replace(PBX, user="rokuon", password="secret")  # noqa: S106 - nobody's


def redirected(
    contact: str, target: Target = ACCOUNT, *, also: tuple[Target, ...] = (CAROL,)
) -> Stage:
    """A call to a target that says its callee is elsewhere."""
    route = Route(name="support", to=(target.name,))
    stage = Stage(targets=(target, *also), routes=(route,))
    stage.calls((b"P-Asserted-Identity", b"<sip:1@a>"))
    if not stage.to_b():
        stage.found()
    return stage.b(302, (b"Contact", b"<" + contact.encode() + b">"))


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("sip:300@192.0.2.30", "sip:300@192.0.2.30"),
        ("sip:300@192.0.2.30:5070", "sip:300@192.0.2.30:5070"),
        ("sip:300@carol.example", "sip:300@carol.example"),
    ],
)
def test_a_redirection_is_followed_to_its_own_place_and_to_other_targets(
    contact: str, expected: str
) -> None:
    """Whom we were configured to call."""
    assert dialled(redirected(contact)) == expected


def test_a_redirection_into_the_targets_networks_is_followed() -> None:
    """Its servers have addresses of their own."""
    near = replace(ACCOUNT, networks=(ip_network("192.0.2.31/32"),))

    assert dialled(redirected("sip:300@192.0.2.31", near)) == "sip:300@192.0.2.31"


@pytest.mark.parametrize(
    "contact", ["sip:300@evil.example", "sip:300@198.51.100.7", "tel:+8190", "sip:0906@192.0.2.9"]
)
def test_a_redirection_leads_to_no_stranger(contact: str) -> None:
    """He would be told who calls, and could ask for the target's password (RFC 3325 section 7)."""
    redirected(contact).then("b: ACK", "a: 480 INVITE")


def test_a_redirection_does_not_lead_out_of_tls() -> None:
    """Who listens would hear what the target was to be told in private."""
    private = replace(ACCOUNT, uri="sips:192.0.2.30")
    (bridged,) = redirected("sip:300@192.0.2.30").inline.calls
    event = Refused(302, contacts=(b"sip:300@192.0.2.30", b"sips:300@192.0.2.30"))
    stage = Stage(targets=(private,))

    leads = followed(stage.exchange, bridged, event).leads
    assert [each.uri for each in leads] == [b"sips:300@192.0.2.30"]


def test_another_target_is_asked_with_its_own_account() -> None:
    """The password of who has redirected us is not its."""
    other = Target(name="carol", uri="sip:192.0.2.28")
    stage = redirected("sip:300@192.0.2.28", also=(other,)).then("b: ACK", "c: INVITE")
    invite = next(m for to, m in stage.sent() if to == "c" and isinstance(m, Request))
    stage.b_answers(invite, 401, (b"WWW-Authenticate", b'Digest realm="pbx", nonce="n"'))

    stage.then("c: ACK", "a: 500 INVITE")
