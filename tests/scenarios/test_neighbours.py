"""Inline calls as an administrator tries them: the self-test, and a call through Kamailio.

Each has a Rokuon of its own, with the block that `rokuon selftest --inline` asks for.
"""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from rokuon.compose.selftest.inline_route import BLOCK
from rokuon.selftest.call_verdict import Step
from tests.scenarios.hearing import hears, never_hears, write
from tests.scenarios.phones import kamailio, pjsua, voip
from tests.scenarios.phones.program import PYTHON
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS
from tests.scenarios.waiting import met
from tests.support.scenarios.neighbours import ALICE, BEHIND_KAMAILIO, BOB, PROXY, Node, serving

pytestmark = pytest.mark.scenario


def test_the_self_test_passes_every_step_of_a_node_and_names_the_one_that_does_not() -> None:
    """Nothing of the chain is a stand-in; a draining node is what an administrator may forget."""
    with serving(BLOCK) as node:
        told = node.value("selftest", "--inline")
        assert told["passed"], told
        assert len(told["steps"]) == 8
        assert {step["passed"] for step in told["steps"]} == {True}

        node.ran("drain")
        drained = node.ran("--lang", "en", "selftest", "--inline")
        assert drained.returncode == 3
        assert "✗" in drained.stdout
        assert "503" in drained.stdout

        node.ran("drain", "--off")
        assert node.ran("selftest", "--inline").returncode == 0


@pytest.mark.parametrize(
    "phone",
    [
        pytest.param(name, marks=pytest.mark.skipif(bool(peer.why_not()), reason=peer.why_not()))
        for name, peer in (("pjsua2", pjsua), ("pyvoip", voip))
    ],
)
def test_the_self_test_passes_every_step_with_a_phone_that_nobody_here_wrote(phone: str) -> None:
    """Judged by sound, for its codec and jitter buffer leave no byte as it was."""
    words = ("selftest", "--inline", "--phone", phone, "--phone-python", str(PYTHON))
    with serving(BLOCK) as node:
        told = node.value(*words)
        assert told["passed"], told
        assert [step["step"] for step in told["steps"]] == [step.value for step in Step]

        node.ran("drain")
        drained = node.ran("--lang", "en", *words)
        assert drained.returncode == 3, drained
        assert drained.stdout.count("✗") == 1


@pytest.mark.skipif(
    bool(pjsua.why_not() or kamailio.why_not()), reason=pjsua.why_not() or kamailio.why_not()
)
def test_a_call_through_the_shipped_kamailio_is_told_joined_and_recorded(tmp_path: Path) -> None:
    """Kamailio chooses the node, the node calls the PBX by itself; hanging up goes back through."""
    alices = pjsua.Settings(user="alice", host=ALICE, says=write(CUSTOMER_SAYS, tmp_path))
    bobs = pjsua.Settings(user="bob", host=BOB, says=write(AGENT_SAYS, tmp_path), answers=True)
    with ExitStack() as stack:
        alice = stack.enter_context(pjsua.phone(tmp_path, alices))
        bob = stack.enter_context(pjsua.phone(tmp_path, bobs))
        pbx = f"sip:{bob.uri.rpartition('@')[2]}"
        node = stack.enter_context(serving(BEHIND_KAMAILIO.format(pbx=pbx)))
        proxy = stack.enter_context(kamailio.chooser(tmp_path / "proxy", [node.uri], host=PROXY))
        call = alice.call(f"sip:0355501234@{proxy.target}")
        call.talks()
        rung = bob.rung()
        rung.talks()
        hears(call.heard, AGENT_SAYS)
        hears(rung.heard, CUSTOMER_SAYS)
        never_hears(call.heard, CUSTOMER_SAYS)
        call.hang_up()
        rung.ended()
        met(lambda: len(_recordings(node)) == 1, "the recording")
        found = _recordings(node)[0]

    assert found["source"] == "trunk"
    assert found["direction"] == "inbound"
    assert not {"notice_missing", "no_bye"} & set(found["flags"])


def _recordings(node: Node) -> list[dict[str, Any]]:
    window = ("--from", "2020-01-01", "--to", "2100-01-01", "--zone", "UTC")
    return list(node.value("calls", "find", *window))
