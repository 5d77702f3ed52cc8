"""What all inline calls share."""

from dataclasses import replace
from ipaddress import ip_network

import pytest

from archive.call.events import NoticePlayed
from capture.inline.routing.route import Target
from capture.inline.routing.routes import Routes
from capture.inline.state.exchange import Switch, trust_of
from capture.inline.state.prompt_stock import PromptStock
from capture.links.relay_messages import Side
from capture.peers.sources import Source
from capture.sip.flow import Address
from tests.capture.inline.phone import Phone
from tests.capture.inline.stage import ANSWER, FILES, HERE, NOTICE, PBX, ROUTE, Stage


def test_a_target_that_is_gone_from_the_configuration_is_still_spoken_to() -> None:
    """Calls to it are up."""
    assert Stage().exchange.target("gone").name == "gone"


def test_the_way_to_a_target_names_the_address_by_which_it_knows_us() -> None:
    """Its Contact must lead back."""
    exchange = Stage().exchange
    inside = Target(name="pbx", uri="sip:b", sip_advertise="198.51.100.9")
    flow = exchange.flow_to(inside, "udp", Address("192.0.2.30", 5060))

    assert flow.local == Address("198.51.100.9", HERE.port)
    plain = exchange.flow_to(Target(name="x", uri="sip:b"), "tls", Address("192.0.2.30", 5061))
    assert plain.local == HERE


CARRIER = Target(name="carrier", uri="sips:Carrier.example:5061")


@pytest.mark.parametrize(
    ("target", "uri", "name"),
    [
        (CARRIER, b"", "carrier.example"),
        (CARRIER, b"sips:201@carrier.example", "carrier.example"),
        (CARRIER, b"urn:service:sos", "carrier.example"),
        (CARRIER, b"sips:201@elsewhere.example", "elsewhere.example"),
        (replace(CARRIER, certificate="sbc7.example"), b"sips:2@carrier.example", "sbc7.example"),
        (replace(CARRIER, certificate="sbc7.example"), b"sips:2@else.example", "else.example"),
        (replace(CARRIER, verify="authority"), b"sips:2@carrier.example", ""),
    ],
    ids=["itself", "number", "help", "redirected", "as given", "redirected all the same", "off"],
)
def test_over_tls_a_target_must_prove_the_name_that_was_meant(
    target: Target, uri: bytes, name: str
) -> None:
    """RFC 5922 section 7.3: its own, or that of where it redirects to."""
    exchange, place = Stage().exchange, Address("192.0.2.30", 5061)

    assert exchange.flow_to(target, "tls", place, uri).name == name
    assert exchange.flow_to(target, "udp", place, uri).name == ""


def test_a_peer_says_what_it_may_be_told() -> None:
    """Names of headers are compared in small letters."""
    source = Source(name="t", tenant=b"t", networks=(), trusted=False, pass_headers=("X-Campaign",))
    trust = trust_of(source)

    assert (trust.trusted, trust.pass_headers) == (False, frozenset({b"x-campaign"}))


def test_addresses_of_targets_are_known_without_a_call() -> None:
    """A PBX behind several addresses answers from any of them."""
    target = Target(name="pbx", uri="sip:b", networks=(ip_network("198.51.100.0/24"),))
    switch = Switch(targets={"pbx": target})

    assert switch.is_of_target("198.51.100.7")
    assert not switch.is_of_target("192.0.2.1")
    assert not switch.is_of_target("fe80::1%eth0")


def test_a_target_that_the_configuration_drops_stays_while_calls_know_it() -> None:
    """A second one that was to be tried is tried where it was; afterwards it is forgotten."""
    other = Target(name="other", uri="sip:192.0.2.28")
    stage = Stage(routes=(replace(ROUTE, to=("pbx", "other")),), targets=(PBX, other)).calls()
    stage.exchange.renew(replace(stage.switch, targets={"pbx": PBX}))
    stage.b(503).then("b: ACK", "c: INVITE")

    assert stage.exchange.notes.former == {"other": other}
    Phone(stage, "c").answers(486)
    stage.exchange.renew(stage.exchange.switch)
    assert stage.exchange.notes.former == {}


BLOCKING = replace(ROUTE, without_notice="block", notice=("notice", "second"))
SECOND = {("second", "PCMU"): "s.pcmu"}


def without_prompts(stage: Stage) -> None:
    """The configuration has them no more, nor has it when we are started again."""
    tones = {key: file for key, file in FILES.items() if key[0] != "notice"}
    stage.switch = replace(stage.switch, stock=PromptStock(tones))
    stage.exchange.renew(stage.switch)


@pytest.mark.parametrize("reloaded", [False, True])
def test_a_reload_takes_no_prompt_away_from_a_call_that_is_up(reloaded: bool) -> None:
    """It rings, or is between two prompts: each is played, whoever signals by then."""
    stage = Stage(routes=(BLOCKING,), reloaded=reloaded)
    stage.switch = replace(stage.switch, stock=PromptStock(FILES | SECOND, {"notice": NOTICE}))
    stage.exchange.renew(stage.switch)
    without_prompts(stage.ringing())
    stage.b(200, body=ANSWER).a_inside(b"ACK", 1)
    heard = stage.relay_call().ends[Side.CALLER].playing
    assert heard is not None
    assert heard.prompt == "n.pcmu"
    heard = stage.played().relay_call().ends[Side.CALLER].playing
    assert heard is not None
    assert heard.prompt == "s.pcmu"

    assert stage.played().relay_call().is_joined
    assert [each.wording_sha256 for each in stage.events(NoticePlayed)] == ["ab" * 32, ""]


def test_of_a_prompt_that_cannot_be_read_any_more_the_last_good_one_is_played() -> None:
    """A slip at a reload hangs up nobody; one that the configuration drops is forgotten."""
    exchange, tones = Stage(routes=(BLOCKING,)).exchange, PromptStock({})
    exchange.renew(replace(exchange.switch, stock=tones, unread=("notice/ja",)))
    assert exchange.switch.stock.file("notice", "PCMU") == "n.pcmu"
    assert exchange.switch.stock.wording("notice") == NOTICE

    exchange.renew(replace(exchange.switch, stock=tones, unread=()))
    assert exchange.switch.stock.file("notice", "PCMU") == ""


def test_what_the_route_says_of_a_call_holds_until_its_end() -> None:
    """The customer's REFER stays refused though the route has another name by now."""
    stage = Stage().talking()
    stage.exchange.renew(
        replace(stage.switch, routes=Routes(routes=(replace(ROUTE, name="renamed"),)))
    )

    refer_to = (b"Refer-To", b"<sip:0999@192.0.2.9>")
    stage.a_inside(b"REFER", 2, refer_to).then("a: 403 REFER")
