"""A caller behind a masquerade of nftables: all that he says of himself is of a private network.

Three network namespaces: he, the translator, and the node; the callee is outside as well. SIPp on
both sides, tcpdump before the node is the witness. Needs root.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final, Literal

import pytest

from tests.scenarios import namespaces
from tests.scenarios.inline.node import Node, between
from tests.scenarios.inline.talk import Roles, Talk
from tests.scenarios.inline.voice import voice
from tests.scenarios.namespaces import BESIDE, CLIENT, OUTSIDE, SERVER, Translation
from tests.scenarios.phones import sipp
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS

WHY_NOT: Final = sipp.why_not() or namespaces.why_not()
pytestmark = [
    pytest.mark.scenario,
    pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT or "all is here"),
]
# Nobody else is in these networks.
SIGNALLING, MEDIA = 5070, 40_000


@pytest.fixture(scope="module")
def network() -> Iterator[Translation]:
    """Two wires and who translates between them."""
    with namespaces.behind_translation() as made:
        yield made


@pytest.fixture(scope="module")
def node(network: Translation) -> Iterator[Node]:
    """A Rokuon that reaches the translator, and nobody behind it by himself."""
    with (
        tempfile.TemporaryDirectory(prefix="rk") as folder,
        between(Path(folder), bind=SERVER, within=network.server.command()) as started,
    ):
        yield started


@contextmanager
def masqueraded(
    node: Node, network: Translation, folder: Path, transport: Literal["udp", "tcp"]
) -> Iterator[Talk]:
    """Alice, behind the masquerade, has called Bob; he will hang up."""
    inside, outside = tuple(network.client.command()), tuple(network.translator.command())
    roles = Roles(caller="caller_hears_bye", callee="callee_hangs_up", ends="callee")
    with ExitStack() as stack:
        alice = stack.enter_context(voice(CLIENT, CUSTOMER_SAYS, port=MEDIA, within=inside))
        bob = stack.enter_context(voice(BESIDE, AGENT_SAYS, port=MEDIA, within=outside))
        bobs = sipp.Settings(
            scenario=roles.callee, host=BESIDE, port=SIGNALLING, media=MEDIA, within=outside
        )
        callee = stack.enter_context(sipp.callee(folder, bobs))
        call = node.route(callee.node, without_notice="block")
        alices = sipp.Settings(
            scenario=roles.caller, host=CLIENT, port=SIGNALLING, media=MEDIA,
            transport=transport, within=inside,
        )  # fmt: skip
        caller = stack.enter_context(sipp.caller(folder, alices, call.target, called=call.number))
        yield Talk(call, roles, caller, callee, alice, bob)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_caller_behind_a_masquerade_is_told_heard_recorded_and_hung_up_on(
    node: Node, network: Translation, tmp_path: Path, transport: Literal["udp", "tcp"]
) -> None:
    """Contact and SDP name a host to which no route leads; nothing of ours is sent there."""
    with masqueraded(node, network, tmp_path, transport) as two:
        two.answered()
        two.caller_was_told()
        two.hear_each_other()
        two.hang_up()
    kept = two.kept()

    assert CLIENT in two.call.scene().invited().text.decode()
    assert kept.recorded.flags == set()
    kept.notice_is_true()
    kept.nothing_from_before()
    kept.voices_in_place()
    assert {d.source.host for d in kept.received(kept.ports.caller)} == {OUTSIDE}
    assert CLIENT not in {d.target.host for d in node.witness.seen()}
