"""Kamailio, by the configuration that we ship, goes round a Rokuon that is dead or drains.

Where it knows none that is alive it asks each, and a call for help is never refused. Two whole
nodes, SIPp as caller and as PBX: when what was said is read from their own traces.
"""

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest

from tests.scenarios.inline.node import ALICE, BOB, CAROL, PROXY
from tests.scenarios.inline.talk import RANG
from tests.scenarios.phones import kamailio, sipp
from tests.support.scenarios.neighbours import BEHIND_KAMAILIO, Node, serving

WHY_NOT: Final = sipp.why_not() or kamailio.why_not()
pytestmark = [
    pytest.mark.scenario,
    pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT or "all is here"),
]
NUMBER: Final = "0355501234"
HELP: Final = "110"
ROUND_WITHIN_S: Final = 2.0
# More than any disk has.
NO_ROOM: Final = 10**18
SERVICE: Final = (
    "INVITE urn:service:sos.police SIP/2.0", "Via: SIP/2.0/UDP {us};branch=z9hG4bKsos;rport",
    "From: <sip:caller@{us}>;tag=sos", "To: <urn:service:sos.police>", "Call-ID: sos",
    "CSeq: 1 INVITE", "Contact: <sip:caller@{us}>", "Max-Forwards: 70", "Content-Length: 0", "", "",
)  # fmt: skip
# A line of SIPp's trace, and the first line of the message behind it.
_TRACED: Final = re.compile(
    r"^-+ (\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d\.\d+).*\n"
    r"UDP message (?:sent|received).*\n\n(.+?)\r?$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two nodes behind a Kamailio, the first of which it prefers, and the PBX of both."""

    proxy: kamailio.Proxy
    first: Node
    second: Node
    pbx: sipp.Player


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """Both live."""
    with before(tmp_path, sipp.Settings(scenario="callee", host=BOB, calls=9)) as both:
        yield both


@contextmanager
def before(
    tmp_path: Path, bobs: sipp.Settings, *, min_free_bytes: int = 0, carrier: str = ""
) -> Iterator[Pair]:
    """Two nodes before such a PBX."""
    with ExitStack() as stack:
        pbx = stack.enter_context(sipp.callee(tmp_path, bobs))
        blocks = BEHIND_KAMAILIO.format(pbx=pbx.node)
        first, second = (
            stack.enter_context(serving(blocks, min_free_bytes=min_free_bytes)) for _ in range(2)
        )
        proxy = stack.enter_context(
            kamailio.chooser(
                tmp_path / "proxy", [first.uri, second.uri], host=PROXY, carrier=carrier
            )
        )
        yield Pair(proxy, first, second, pbx)


def refused(pair: Pair, folder: Path) -> None:
    """An ordinary call hears 503, and the PBX nothing of it."""
    rang = len(pair.pbx.call_ids())
    told = sipp.Settings(scenario="caller_refused", host=ALICE, status="503 Service Unavailable")
    with sipp.caller(folder, told, pair.proxy.target, called=NUMBER) as caller:
        caller.finish()
    assert len(pair.pbx.call_ids()) == rang


def traced(player: sipp.Player) -> list[tuple[datetime, str]]:
    """When each message was sent or received, and its first line."""
    return [
        (datetime.fromisoformat(f"{day} {time}"), line)
        for day, time, line in _TRACED.findall(player.seen())
    ]


def rings_through(pair: Pair, node: Node, folder: Path, *, called: str = NUMBER) -> float:
    """A call that rings by way of this node and no other one; the caller's seconds until then."""
    before = len(pair.pbx.call_ids())
    ours = sipp.Settings(scenario="caller", host=ALICE)
    with sipp.caller(folder, ours, pair.proxy.target, called=called) as caller:
        caller.saw(RANG)
        trace = traced(caller)
        caller.saw(rf"^ACK sip:[^ ]*{node.sip_port}")
        caller.go_on()
        caller.finish()
    assert len(pair.pbx.call_ids()) == before + 1, "the PBX is called once"
    invited, rang = (
        next(at for at, line in trace if line.startswith(word))
        for word in ("INVITE ", "SIP/2.0 180 ")
    )
    assert trace[0][1].startswith("INVITE ")
    return (rang - invited).total_seconds()


def test_a_node_that_is_killed_is_gone_round_by_the_call_that_finds_out(
    pair: Pair, tmp_path: Path
) -> None:
    """And by the next one, which does not have to."""
    assert rings_through(pair, pair.first, tmp_path) < ROUND_WITHIN_S
    pair.first.kill()
    assert rings_through(pair, pair.second, tmp_path) < ROUND_WITHIN_S
    assert rings_through(pair, pair.second, tmp_path) < ROUND_WITHIN_S


def test_a_node_that_drains_is_gone_round_and_called_again_afterwards(
    pair: Pair, tmp_path: Path
) -> None:
    """Its 503 is not what the caller hears; then Kamailio's own question finds out."""
    assert pair.first.ran("drain").returncode == 0
    assert rings_through(pair, pair.second, tmp_path) < ROUND_WITHIN_S
    pair.proxy.says(f"node down: {pair.first.uri}")
    assert rings_through(pair, pair.second, tmp_path) < ROUND_WITHIN_S
    assert pair.first.ran("drain", "--off").returncode == 0
    pair.proxy.says(f"node up: {pair.first.uri}")
    assert rings_through(pair, pair.first, tmp_path) < ROUND_WITHIN_S


def test_a_pbx_that_is_overloaded_is_not_called_by_way_of_both_nodes(tmp_path: Path) -> None:
    """Its 503 is no node's (RFC 3261 section 16.7 step 6): the PBX rings once."""
    full = sipp.Settings(
        scenario="callee_refuses", host=BOB, calls=9, status="503 Service Unavailable"
    )
    told = sipp.Settings(scenario="caller_refused", host=ALICE, status="500 Server Internal Error")
    with before(tmp_path, full) as both:
        with sipp.caller(tmp_path, told, both.proxy.target, called=NUMBER) as caller:
            caller.finish()
        assert len(both.pbx.call_ids()) == 1


def test_a_call_for_help_goes_through_a_node_when_all_of_them_drain(
    pair: Pair, tmp_path: Path
) -> None:
    """To Kamailio they are dead, but they take it; an ordinary call they refuse themselves."""
    for each in (pair.first, pair.second):
        assert each.ran("drain").returncode == 0
        pair.proxy.says(f"node down: {each.uri}")
    refused(pair, tmp_path)
    assert rings_through(pair, pair.first, tmp_path, called=HELP) < ROUND_WITHIN_S
    pair.first.kill()
    assert rings_through(pair, pair.second, tmp_path, called=HELP) < ROUND_WITHIN_S


def test_a_call_goes_through_a_node_when_none_has_room_in_its_spool(tmp_path: Path) -> None:
    """They say so to OPTIONS, and take it unrecorded, as `record_failure` has it."""
    bobs = sipp.Settings(scenario="callee", host=BOB, calls=9)
    with before(tmp_path, bobs, min_free_bytes=NO_ROOM) as both:
        for each in (both.first, both.second):
            both.proxy.says(f"node down: {each.uri}")
        assert rings_through(both, both.first, tmp_path) < ROUND_WITHIN_S


def test_a_call_for_help_goes_to_the_carrier_when_every_node_is_dead(tmp_path: Path) -> None:
    """By number or by service (RFC 5031 section 4.2); an ordinary call does not."""
    with ExitStack() as stack:
        carriers = sipp.Settings(scenario="callee", host=CAROL, calls=9)
        carrier = stack.enter_context(sipp.callee(tmp_path, carriers))
        bobs = sipp.Settings(scenario="callee", host=BOB)
        both = stack.enter_context(before(tmp_path, bobs, carrier=carrier.node))
        both.first.kill()
        both.second.kill()
        refused(both, tmp_path)
        ours = sipp.Settings(scenario="caller", host=ALICE)
        caller = stack.enter_context(
            sipp.caller(tmp_path, ours, both.proxy.target, called=f"+81{HELP}")
        )
        caller.saw(rf"^ACK sip:callee@{CAROL}")
        caller.go_on()
        caller.finish()
        calls_for_service(both.proxy)
        carrier.saw(r"^INVITE urn:service:sos\.police ")
        assert len(carrier.call_ids()) == 2, "the ordinary call has not come here"


def calls_for_service(proxy: kamailio.Proxy) -> None:
    """An INVITE whose Request-URI is no SIP URI, which no scenario of SIPp has."""
    with socket.socket(type=socket.SOCK_DGRAM) as ours:
        ours.bind((ALICE, 0))
        us = "{}:{}".format(*ours.getsockname())
        ours.sendto("\r\n".join(SERVICE).format(us=us).encode(), (proxy.host, proxy.port))
