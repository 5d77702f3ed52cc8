"""A second host that sends RTP into a call that is not its own, under each latch.

What docs/inline.md says of each is what is seen here. Needs root: network namespaces.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.scenarios import namespaces
from tests.scenarios.inline.kept import Ports
from tests.scenarios.inline.node import ALICE, BARE, BOB, Node, between
from tests.scenarios.inline.talk import ACKED, Roles, talk
from tests.scenarios.inline.voice import voice
from tests.scenarios.namespaces import NEAR, SECOND, Namespace
from tests.scenarios.phones import sipp
from tests.scenarios.senders import AGENT_SAYS, Speech
from tests.scenarios.waiting import met, until
from tests.scenarios.witness import Datagram, Witness, watching

WHY_NOT: Final = sipp.why_not() or namespaces.why_not()
pytestmark = [
    pytest.mark.scenario,
    pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT or "all is here"),
]
INTRUDER_SAYS: Final = Speech(file="ja-agent.ulaw", from_s=0.5)
PORT: Final = 40_000


@pytest.fixture(scope="module")
def second() -> Iterator[Namespace]:
    """The other host."""
    with namespaces.second_host() as made:
        yield made


@pytest.fixture(scope="module")
def node(second: Namespace) -> Iterator[Node]:
    """A Rokuon that the other host reaches."""
    assert second
    with (
        tempfile.TemporaryDirectory(prefix="rk") as folder,
        between(Path(folder), bind=NEAR) as started,
    ):
        yield started


def came(wire: Witness, *ports: int) -> list[list[Datagram]]:
    """What the other host has sent to each of these ports."""
    seen = [d for d in wire.seen() if d.source.host == SECOND]
    return [[d for d in seen if d.target.port == port] for port in ports]


@pytest.mark.parametrize("latch", ["signalled", "nat"])
def test_rtp_of_a_second_host_enters_no_call_and_gets_no_byte(
    node: Node, second: Namespace, tmp_path: Path, latch: str
) -> None:
    """Neither party hears it, nothing of it is kept, nothing is sent there.

    With `nat` once the parties have been heard: from then on they alone are.
    """
    host = ALICE if latch == "signalled" else BARE
    roles = Roles(host=host, target={"latch": latch})
    with (
        watching(tmp_path, "udp", interface="eth0", within=second.command()) as wire,
        voice(SECOND, INTRUDER_SAYS, port=PORT, within=second.command()) as intruder,
        talk(node, tmp_path, roles) as two,
    ):
        two.answered()
        two.hear_each_other()
        ports = Ports.of(two.call)
        for number, port in enumerate((ports.caller, ports.callee)):
            intruder.speak_to(port, NEAR)
            until(
                lambda p=port: came(wire, p)[0][150:] or None,  # type: ignore[misc]  # bound now
                f"three seconds of the intruder at port {number}",
            )
        intruder.hush()
        for party in (two.alice, two.bob):
            party.never_heard(INTRUDER_SAYS)
        two.hang_up()
        assert intruder.datagrams() == []
        assert [d for d in wire.seen() if d.target.host == SECOND] == []
    kept = two.kept()

    assert kept.recorded.flags == set()
    kept.nothing_from_before()
    kept.voices_in_place()
    assert SECOND not in {d.source.host for d in kept.recorded.datagrams()}


def test_before_nat_has_heard_the_party_a_steady_stranger_is_taken_for_him(
    node: Node, second: Namespace, tmp_path: Path
) -> None:
    """He speaks, is recorded and gets what is said, until he is silent; then the party is heard."""
    with (
        voice(SECOND, INTRUDER_SAYS, port=PORT, within=second.command()) as intruder,
        talk(node, tmp_path, Roles(target={"latch": "nat"})) as two,
    ):
        two.caller.saw(ACKED)
        ports = Ports.of(two.call)
        two.alice.speak_to(ports.caller, NEAR)
        intruder.speak_to(ports.callee, NEAR)
        two.alice.hears(INTRUDER_SAYS)
        two.bob.speak_to(ports.callee, NEAR)
        met(lambda: said_by(node, BOB, ports.callee) > 150, "three seconds of Bob")
        two.alice.never_heard(AGENT_SAYS)
        assert intruder.datagrams()

        intruder.hush()
        two.alice.hears(AGENT_SAYS)
        so_far = len(intruder.datagrams())
        two.hear_on()
        assert len(intruder.datagrams()) == so_far
        two.hang_up()
    kept = two.kept()

    assert {SECOND, BOB} <= {d.source.host for d in kept.recorded.datagrams()}


def test_any_lets_everybody_speak_and_sends_to_whoever_did_last(
    node: Node, second: Namespace, tmp_path: Path
) -> None:
    """In the middle of a call whose parties hear each other."""
    with (
        voice(SECOND, INTRUDER_SAYS, port=PORT, within=second.command()) as intruder,
        talk(node, tmp_path, Roles(target={"latch": "any"})) as two,
    ):
        two.answered()
        two.hear_each_other()
        assert intruder.datagrams() == []
        two.bob.hush()
        intruder.speak_to(Ports.of(two.call).callee, NEAR)
        two.alice.hears(INTRUDER_SAYS)
        assert intruder.datagrams()
        two.hang_up()
    kept = two.kept()

    assert {SECOND, BOB} <= {d.source.host for d in kept.recorded.datagrams()}


def said_by(node: Node, host: str, port: int) -> int:
    """How many packets a host has sent to a port."""
    return len([d for d in node.witness.seen() if (d.source.host, d.target.port) == (host, port)])
