"""What is in no file: what came before recording began, and anything in the clear.

SIPp on both sides, tcpdump is the witness.
"""

import secrets
from pathlib import Path
from typing import Final

import pytest

from tests.scenarios.inline.kept import Ports
from tests.scenarios.inline.node import ALICE, Node
from tests.scenarios.inline.talk import Roles, Talk, talk
from tests.scenarios.oracle import STAMP_TOLERANCE_US
from tests.scenarios.phones import sipp
from tests.scenarios.waiting import met, until
from tests.scenarios.witness import Datagram
from tests.support.scenarios.secrecy import files_with

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.skipif(bool(sipp.why_not()), reason=sipp.why_not() or "it is here"),
]
EARLY: Final = r"^SIP/2.0 183 "
# Packets of a second.
MANY: Final = 50


def arrived_from(two: Talk, host: str) -> list[Datagram]:
    """What the witness saw come to the caller's port from there."""
    port = Ports.of(two.call).caller
    return [
        d for d in two.call.node.witness.seen() if d.target.port == port and d.source.host == host
    ]


@pytest.mark.parametrize("record_from", ["after-notice", "with-notice"])
def test_no_datagram_from_before_and_none_in_the_clear(
    node: Node, tmp_path: Path, record_from: str
) -> None:
    """Both sides speak from the answer on: one pattern of 16 bytes each, in every packet.

    It is on the wire, and nowhere below the folder of the node: not while the call is up, and not
    once it is archived.
    """
    marks = secrets.token_bytes(16), secrets.token_bytes(16)
    data = node.folder / "var"
    roles = Roles(
        callee="callee_early", until_answered=(("callee", EARLY),),
        says=(marks[0] * 10, marks[1] * 10),
    )  # fmt: skip
    with talk(node, tmp_path, roles, record_from=record_from) as two:
        two.caller.saw(EARLY)
        former = len(arrived_from(two, ALICE))  # of another call that had this port
        two.alice.speak_to(Ports.of(two.call).caller, node.server.bind)
        met(lambda: len(arrived_from(two, ALICE)) - former > MANY, "Alice, before the answer")
        two.answered()
        until(lambda: [d for d in two.bob.datagrams() if marks[0] in d][50:] or None, "Alice")
        until(lambda: [d for d in two.alice.datagrams() if marks[1] in d][50:] or None, "Bob")
        assert list((data / "spool").rglob("*"))
        while_up = [files_with(data, mark) for mark in marks]
        two.hang_up()
    kept = two.kept()

    said = kept.notice_is_true()
    at_us = said.until_us if record_from == "after-notice" else said.from_us
    assert abs(kept.began_us - at_us) <= 5 * STAMP_TOLERANCE_US
    kept.nothing_from_before()
    before = [d for d in kept.arrived(kept.ports.caller) if d.at_us < kept.began_us]
    assert len(before) > MANY
    assert all(d.at_us >= kept.began_us for d in kept.received(kept.ports.caller))
    assert while_up == [[], []]
    assert [files_with(data, mark) for mark in marks] == [[], []]
    assert node.witness.file in files_with(node.folder, marks[0])
