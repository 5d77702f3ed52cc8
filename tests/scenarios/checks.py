"""The whole comparison of a recorded call with what the witness saw.

Knows nothing of how the call was made.
"""

from typing import Final

from tests.scenarios.oracle import heard_in_place, same_datagrams, stretches
from tests.scenarios.recordings import Recorded
from tests.scenarios.scene import Scene

LANES: Final = 2


def matches(recorded: Recorded, scene: Scene, *, left: int, right: int) -> list[list[int]]:
    """Packets, audio and places; `left` and `right` are the ports of customer and agent.

    The time line begins with the INVITE. Returns the first samples of each stretch, by lane.
    """
    seen, begin_us = scene.media(), scene.invited().at_us
    same_datagrams(recorded.datagrams(), seen)
    audio = recorded.audio()
    assert audio.shape[1] == LANES
    return [
        heard_in_place(audio[:, lane], stretches(seen, port), begin_us)
        for lane, port in enumerate((left, right))
    ]
