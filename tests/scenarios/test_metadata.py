"""Recording sessions whose metadata is broken or not there: the call counts, not its description.

SIPp signals, ffmpeg speaks, tcpdump is the witness.
"""

import pytest

from tests.scenarios.bodies import alone, both, description, metadata
from tests.scenarios.checks import matches
from tests.scenarios.recordings import recorded_of
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, speak
from tests.scenarios.stage import Stage, fresh_number

pytestmark = pytest.mark.scenario


def test_a_call_with_broken_metadata_is_kept_and_flagged(stage: Stage) -> None:
    """Half a document says nothing of who spoke; the first stream is taken for the customer."""
    document = metadata(fresh_number())
    with stage.call("call", both(description(), document[: len(document) // 2])) as call:
        first, second = call.scene.ports()
        speak([(CUSTOMER_SAYS, first), (AGENT_SAYS, second)])
        call.hang_up()

    recorded = recorded_of(call.scene)
    assert recorded.flags == {"metadata_broken", "side_guessed"}
    matches(recorded, call.scene, left=first, right=second)


def test_a_call_without_metadata_is_kept_and_flagged(stage: Stage) -> None:
    """A description alone is enough to record."""
    with stage.call("call", alone(description())) as call:
        first, second = call.scene.ports()
        speak([(CUSTOMER_SAYS, first), (AGENT_SAYS, second)])
        call.hang_up()

    recorded = recorded_of(call.scene)
    assert recorded.flags == {"metadata_missing", "side_guessed"}
    matches(recorded, call.scene, left=first, right=second)
