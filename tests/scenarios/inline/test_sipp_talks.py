"""SIPp on both sides of the node: calls that are answered, each message as written.

Both have a voice. tcpdump is the witness.
"""

from pathlib import Path
from typing import Final

import pytest

from archive.call.events import NoticeReported, RouteTaken
from tests.scenarios.inline.kept import NODE, Ports, notice
from tests.scenarios.inline.node import GUARDED, Node
from tests.scenarios.inline.talk import RANG, Roles, talk
from tests.scenarios.phones import sipp

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.skipif(bool(sipp.why_not()), reason=sipp.why_not() or "it is here"),
]


ANSWERED: Final = (
    Roles(),
    Roles(callee="callee_when_told", until_answered=(("callee", RANG),)),
    Roles(callee="callee_early", until_answered=(("callee", r"^SIP/2.0 183 "),)),
    Roles(caller="caller_hears_bye", callee="callee_hangs_up", ends="callee"),
    Roles(caller="caller_offerless"),
    Roles(caller="caller_lost_ack"),
    Roles(caller="caller_prack_once", callee="callee_reliable"),
    Roles(callee="callee_forks"),
    Roles(callee="callee_forks_once"),
    Roles(callee="callee_small_timer"),
    Roles(caller="caller_small_timer"),
    Roles(callee="callee_unauthorized"),
    Roles(callee="callee_challenges"),
    Roles(caller="caller_unauthorized", host=GUARDED),
)


@pytest.mark.parametrize("roles", ANSWERED, ids=str)
def test_an_answered_call_is_announced_heard_and_kept(
    node: Node, tmp_path: Path, roles: Roles
) -> None:
    """The notice to the caller, ringback to the callee, then each the other, to the sample."""
    with talk(node, tmp_path, roles) as two:
        two.answered()
        two.caller_was_told()
        two.hear_each_other()
        two.hang_up()
    kept = two.kept()

    assert kept.recorded.flags == set()
    assert kept.ports == Ports.of(two.call)
    said = kept.notice_is_true()
    assert kept.began_us >= said.until_us
    kept.nothing_from_before()
    kept.voices_in_place()
    assert kept.hears(NODE, notice())
    assert [event.route for event in kept.all(RouteTaken)] == [f"to-{two.call.number}"]
    assert [event.reports for event in kept.all(NoticeReported)] == [0]


@pytest.mark.parametrize("first", ["amr-wb", "opus"])
def test_a_caller_hears_the_notice_whose_first_codec_has_another_clock(
    node: Node, tmp_path: Path, first: str
) -> None:
    """16 or 48 kHz offered, G.711 agreed on; where nobody may talk without having been told."""
    roles = Roles(codecs=(first, "pcmu", "pcma"))
    with talk(node, tmp_path, roles, without_notice="block") as two:
        two.answered()
        two.caller_was_told()
        two.hear_each_other()
        two.hang_up()

    two.kept().notice_is_true()
