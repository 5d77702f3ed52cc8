"""Kamailio and rtpengine beside the node: registrar, digest, Record-Route, a node that is dead."""

import re
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from tests.scenarios.hearing import find, hears, read
from tests.scenarios.inline.kept import Kept, Ports, notice
from tests.scenarios.inline.node import (
    ALICE,
    BOB,
    CAROL,
    PASSWORD,
    PROXY,
    USER,
    Call,
    Node,
    fresh_number,
)
from tests.scenarios.inline.people import LONG_ENOUGH_S, kept_whole
from tests.scenarios.inline.telephones import known_at, talked, two
from tests.scenarios.inline.voice import voice
from tests.scenarios.phones import baresip, kamailio, pjsua, sipp
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS
from tests.scenarios.waiting import met, until
from tests.scenarios.witness import Datagram, Place
from tests.support.scenarios.phones import needs

pytestmark = [pytest.mark.scenario, needs("pjsua", "kamailio")]


@pytest.mark.quick
def test_kamailio_and_rtpengine_lie_between_the_node_and_the_callee(
    node: Node, tmp_path: Path, customer: Path, agent: Path
) -> None:
    """The registrar sends each call here; what we call is the registrar again (Record-Route)."""
    number = fresh_number()
    with ExitStack() as stack:
        recorder = f"{node.server.bind}:{node.server.sip_port}"
        users = {"alice": "a1", number: "b1"}
        proxy = stack.enter_context(
            kamailio.registrar(tmp_path / "proxy", users, host=PROXY, recorder=recorder)
        )
        one, other = (known_at(proxy, key) for key in users.values())
        alices = pjsua.Settings(user="alice", host=ALICE, says=customer, **one)
        bobs = pjsua.Settings(user=number, host=BOB, says=agent, answers=True, **other)
        alice, bob = (stack.enter_context(pjsua.phone(tmp_path, each)) for each in (alices, bobs))
        alice.registered()
        bob.registered()
        call = node.route(proxy.uri, called=number)
        talked(alice, bob, bob.uri)
        for method in (b"ACK", b"BYE"):
            by_the_route_set(call, method, proxy)
    kept = Kept.of(call)
    kept_whole(kept)
    for port in (kept.ports.caller, kept.ports.callee):
        assert {each.source.host for each in kept.received(port)} == {PROXY}


def by_the_route_set(call: Call, method: bytes, proxy: kamailio.Proxy) -> None:
    """What the node asked the callee in the dialog went to the proxy, to be sent on to him."""
    server, since_us = call.node.server, call.since.timestamp() * 1_000_000
    ours = Place(server.bind, server.sip_port)
    # A call before this one may still have a BYE that nobody answers.
    dialog = call.callee_scene().call_id.encode()

    def sent() -> list[Datagram]:
        return [
            each for each in call.node.witness.seen()
            if each.at_us >= since_us and each.source == ours
            and each.payload.startswith(method + b" ") and dialog in each.payload
        ]  # fmt: skip

    asked = until(lambda: sent() or None, f"a {method.decode()} of the node")
    assert {each.target for each in asked} == {Place(proxy.host, proxy.port)}
    for each in asked:
        assert re.search(rb"^Route: *<sip:%b[^>]*;lr" % proxy.target.encode(), each.payload, re.M)
        assert not each.payload.startswith(method + b" sip:" + proxy.target.encode())


def test_the_node_registers_and_proves_who_it_is_when_it_calls(
    node: Node, tmp_path: Path, customer: Path, agent: Path
) -> None:
    """Its number at the registrar leads to it (401), and its calls are let through (407)."""
    bobs = fresh_number()
    users = {"alice": "a1", USER: PASSWORD, bobs: "b1"}
    with ExitStack() as stack:
        proxy = stack.enter_context(kamailio.registrar(tmp_path / "proxy", users, host=PROXY))
        target = {"uri": proxy.uri, **node.credentials, "register": True}
        call = node.route(target, called=USER, dial=bobs)
        one, other = known_at(proxy, "a1"), known_at(proxy, "b1")
        alices = pjsua.Settings(user="alice", host=ALICE, says=customer, **one)
        bobs_own = pjsua.Settings(user=bobs, host=BOB, says=agent, answers=True, **other)
        alice = stack.enter_context(pjsua.phone(tmp_path, alices))
        bob = stack.enter_context(pjsua.phone(tmp_path, bobs_own))
        alice.registered()
        bob.registered()
        came(call, rb"^SIP/2.0 200 .*^CSeq: *\d+ REGISTER")
        talked(alice, bob, f"sip:{USER}@{proxy.target}")
        came(call, rb"^SIP/2.0 401 .*^CSeq: *\d+ REGISTER")
        came(call, rb"^SIP/2.0 407 .*^CSeq: *\d+ INVITE")
    kept_whole(Kept.of(replace(call, number=bobs)))


@needs("baresip", "sipp")
def test_a_call_from_baresip_by_way_of_kamailio_is_announced_heard_and_kept(
    node: Node, tmp_path: Path, customer: Path
) -> None:
    """Digest, Record-Route, rtpengine in the way of the caller's media; SIPp answers."""
    server = node.server
    with ExitStack() as stack:
        recorder = f"{server.bind}:{server.sip_port}"
        proxy = stack.enter_context(
            kamailio.registrar(
                tmp_path / "proxy", {"alice": PASSWORD}, host=PROXY, recorder=recorder
            )
        )
        alices = baresip.Settings(
            user="alice", host=ALICE, says=customer, registrar=proxy.uri, password=PASSWORD
        )
        alice = stack.enter_context(baresip.phone(tmp_path, alices))
        voiced = stack.enter_context(voice(BOB, AGENT_SAYS))
        bobs = sipp.Settings(scenario="callee", host=BOB, media=voiced.port)
        bob = stack.enter_context(sipp.callee(tmp_path, bobs))
        call = node.route(bob.node)
        alice.registered()
        alice.call(f"sip:{call.number}@{proxy.target}")
        alice.talks()
        voiced.speak_to(Ports.of(call).callee, server.bind)
        voiced.hears(CUSTOMER_SAYS, within_s=LONG_ENOUGH_S)
        spoke = hears(alice.heard, AGENT_SAYS, within_s=LONG_ENOUGH_S)
        assert find(read(alice.heard), notice()).at_s < spoke.at_s
        alice.hang_up()
        alice.ended()
        bob.finish()
    kept_whole(Kept.of(call))


def came(call: Call, pattern: bytes) -> None:
    """Wait for a message in which a pattern is found, since the call's route is there."""
    since_us = call.since.timestamp() * 1_000_000
    met(
        lambda: any(
            d.at_us >= since_us and re.search(pattern, d.payload, re.MULTILINE | re.DOTALL)
            for d in call.node.witness.seen()
        ),
        str(pattern),
    )


@needs("sipp")
def test_a_call_is_sent_past_a_node_that_is_dead(
    node: Node, tmp_path: Path, customer: Path, agent: Path
) -> None:
    """The shipped dispatcher; SIPp was the first node until it was killed."""
    first = sipp.Settings(scenario="callee", host=CAROL)
    with ExitStack() as stack:
        dead = stack.enter_context(sipp.callee(tmp_path, first))
        nodes = [dead.node, f"sip:{node.server.bind}:{node.server.sip_port}"]
        proxy = stack.enter_context(kamailio.chooser(tmp_path / "proxy", nodes, host=PROXY))
        alice, bob = stack.enter_context(two(tmp_path, (customer, agent), {}, {}))
        call = node.route(bob.uri)
        dead.process.kill()
        dead.process.wait()
        talked(alice, bob, f"sip:{call.number}@{proxy.target}")
    kept_whole(Kept.of(call))
