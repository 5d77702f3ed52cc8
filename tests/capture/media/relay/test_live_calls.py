"""What the ends of a call may do, and where they are sent to."""

from capture.links.relay_messages import Latch
from tests.capture.media.relay_scene import CALL, Stage, call
from tests.capture.media.scene import rtp


def test_an_end_is_sent_to_where_it_is_heard_from(stage: Stage) -> None:
    """Before that where the SDP says; nowhere while there is none, or none that we can reach."""
    stage.tell(call(stage, {"latch": Latch.ANY}))
    end, other = stage.relay.roster.calls[CALL].ends[0], stage.party()
    assert end.target == tuple(stage.caller.place)
    stage.send(other, rtp(1), to=0)
    assert end.target == tuple(other.place)
    for places in ((), (("pbx.example", 9),), (("::1", 9),)):
        stage.tell(call(stage, {"latch": Latch.ANY, "places": places}))
        assert end.target is None


def test_jitter_is_that_of_the_packets_that_were_looked_at(stage: Stage) -> None:
    """In units of what the other end hears."""
    stage.tell(call(stage))
    end = stage.relay.roster.by_pair[0]
    stage.send(stage.caller, rtp(1), to=0)
    for number in range(2, 40):
        stage.send(stage.caller, rtp(number), to=0)

    assert end.arrivals.jitter > 0  # they came at once, and claim to be 20 ms apart
