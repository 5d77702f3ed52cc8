"""A recording client that nobody here wrote, from end to end: jambonz with rtpengine.

ffmpeg speaks for the telephones, tcpdump is the witness.
"""

import pytest

from tests.scenarios.checks import matches
from tests.scenarios.jambonz import ForkedCall, forked_call, install, missing
from tests.scenarios.recordings import recorded_of
from tests.scenarios.scene import Scene
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, speaking
from tests.scenarios.server import KNOWN_PEER
from tests.scenarios.stage import Stage, fresh_number

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.skipif(bool(missing()), reason=f"not on this machine: {', '.join(missing())}"),
]


def both_speak(call: ForkedCall) -> None:
    """Two seconds of customer and agent, through rtpengine."""
    said = [(CUSTOMER_SAYS, call.caller_port), (AGENT_SAYS, call.called_port)]
    with speaking(said, host=KNOWN_PEER):
        pass


def test_a_call_that_jambonz_forks_is_recorded_and_found(patient: Stage) -> None:
    """Both voices on their sides, a pause by the client kept as silence, found by number."""
    install()
    number = fresh_number()
    with forked_call(patient.server, number, "2001") as call:
        for word in ("pause", "resume", "stop"):
            both_speak(call)
            call.tell(word)
        scene = Scene(patient.server, patient.witness, call.call_id)
        found = recorded_of(scene, "--number", number)

    customer, agent = scene.ports()
    places = matches(found, scene, left=customer, right=agent)
    assert [len(each) for each in places] == [2, 2]
    assert found.flags == set()
