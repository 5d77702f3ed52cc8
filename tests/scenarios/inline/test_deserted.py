"""A caller who was answered first leaves while the target says nothing at all; SIPp on both sides.

tcpdump says how long the call was.
"""

from pathlib import Path

import pytest

from tests.scenarios.hearing import RATE
from tests.scenarios.inline.kept import Ports, notice
from tests.scenarios.inline.node import Call, Node
from tests.scenarios.inline.talk import ACKED, Roles, talk
from tests.scenarios.phones import sipp
from tests.scenarios.waiting import until

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.slow,
    pytest.mark.skipif(bool(sipp.why_not()), reason=sipp.why_not() or "it is here"),
]
# A busy machine reads a message so much later than tcpdump has seen it.
READ_US = 100_000
# The target has 32 s for his last word (RFC 3261 timer B), and the recording waits for it.
LAST_WORD_S = 60


def test_a_recording_is_as_long_as_its_caller_was_there_whatever_the_target_still_says(
    node: Node, tmp_path: Path
) -> None:
    """The target is asked for half a minute more; the row, the end and the sound end with him."""
    with talk(node, tmp_path, Roles(callee="callee_silent"), notice_when="answer-first") as two:
        two.callee.saw(r"^INVITE ")
        two.caller.saw(ACKED)
        two.alice.speak_to(Ports.of(two.call).caller, node.server.bind)
        two.alice.hears(notice())
        until(lambda: _invites(two.call) > 2 or None, "the target to be asked again")
        two.caller.go_on()
        two.caller.finish()
        bye = two.call.scene().bye()
        assert bye is not None
        until(lambda: _invites(two.call, bye.at_us) or None, "the target to be asked still")
        recorded = two.call.recorded(within_s=LAST_WORD_S)
    (own,) = recorded.server.value("calls", "show", recorded.row["call"])["recordings"]
    audio = recorded.audio()
    long_us = bye.at_us - two.call.scene().answered().at_us

    assert own["ended_because"] == "cancel"
    assert abs(recorded.row["duration_s"] * 1_000_000 - long_us) <= READ_US
    assert abs(len(audio) * 1_000_000 // RATE - long_us) <= READ_US


def _invites(call: Call, since_us: int = 0) -> int:
    """How often the target was asked, as tcpdump saw it."""
    scene = call.callee_scene()
    return sum(
        each.from_server and each.method == b"INVITE" and each.at_us > since_us
        for each in scene.messages()
    )
