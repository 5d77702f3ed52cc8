"""Callers behind an address translator: what they say of themselves is of another network.

SIPp on both sides, tcpdump is the witness.
"""

from pathlib import Path
from typing import Literal

import pytest

from tests.scenarios.inline.node import BARE, Node
from tests.scenarios.inline.talk import Roles, talk
from tests.scenarios.phones import sipp

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.skipif(bool(sipp.why_not()), reason=sipp.why_not() or "it is here"),
]
# The kernel takes nothing for it, as for a private address that no route leads to.
NOWHERE = "240.0.0.1"


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_caller_with_private_addresses_is_told_heard_and_hung_up_on(
    node: Node, tmp_path: Path, transport: Literal["udp", "tcp"]
) -> None:
    """Neither notice nor call is lost; the BYE goes where the call came from."""
    roles = Roles(
        caller="caller_translated", callee="callee_hangs_up", ends="callee",
        host=BARE, transport=transport, claims=NOWHERE,
    )  # fmt: skip
    with talk(node, tmp_path, roles, without_notice="block") as two:
        two.answered()
        two.caller_was_told()
        two.hear_each_other()
        two.hang_up()
        came_from = two.caller.port
    kept = two.kept()

    assert kept.recorded.flags == set()
    kept.notice_is_true()
    kept.nothing_from_before()
    kept.voices_in_place()
    if transport == "udp":
        byes = [d.target for d in node.witness.seen() if d.payload.startswith(b"BYE ")]
        assert byes[-1].port == came_from
