"""What both loops of a relay look at."""

from capture.media.relay.loop_memory import Legs
from capture.media.relay.outgoing_stream import NO_SOURCE, Voice
from capture.native.layout import LOOKED_AT, NO_LEG
from tests.capture.media.relay_scene import Stage, call
from tests.capture.media.scene import rtp


def test_the_numbers_of_an_end_are_those_of_its_leg() -> None:
    """One memory: what the one loop counts the other one sees."""
    legs = Legs(4)
    voice, arrivals, _ = legs.begin(
        2, Voice(ssrc=9, clock_hz=8000, packet_ms=20, next_index=70, stamp=5)
    )
    voice.packets, arrivals.heard_s = 7, 1.5
    leg = legs.by_pair[2]

    assert (leg.voice.ssrc, leg.voice.source, leg.voice.next_index) == (9, NO_SOURCE, 70)
    assert (leg.voice.packets, leg.arrivals.heard_s) == (7, 1.5)
    leg.voice.next_index = 71
    assert voice.next_index == 71


def test_a_leg_says_whose_packets_go_where(stage: Stage) -> None:
    """By the kernel's names."""
    stage.tell(call(stage, {"types": ((96, 8),), "event_types": (101,)}))
    legs, ends = stage.relay.roster.legs, stage.relay.roster.by_pair
    assert not legs.by_pair[0].is_carried, "nobody is latched"
    stage.send(stage.caller, rtp(1), to=0)
    leg, other = legs.by_pair[0], legs.by_pair[1]

    assert leg.is_carried
    assert leg.lands
    assert legs.leg_of[ends[0].descriptor] == 1
    assert leg.hearer == 1
    assert bytes(other.target)[: other.target_bytes] == ends[1].places.name(stage.callee.place)
    assert leg.latched[0] == ends[0].places.key(stage.caller.place)
    assert [leg.kinds[kind] for kind in (0, 96, 101)] == [0, 8, LOOKED_AT]


def test_what_may_not_pass_is_not_carried(stage: Stage) -> None:
    """Hold, what is played, SRTP, a call that is over."""
    stage.tell(call(stage))
    stage.send(stage.caller, rtp(1), to=0)
    stage.send(stage.callee, rtp(1), to=1)
    legs = stage.relay.roster.legs.by_pair
    stage.tell(call(stage, {"speaks": False}))
    assert [leg.is_carried for leg in legs[:2]] == [0, 1]
    stage.tell(call(stage, is_raw=True))
    assert [leg.is_carried for leg in legs[:2]] == [0, 0]
    stage.tell(call(stage))
    assert [leg.is_carried for leg in legs[:2]] == [1, 1]


def test_nothing_is_carried_of_a_call_that_is_over(stage: Stage) -> None:
    """Its socket may be another call's at once."""
    wanted = call(stage)
    stage.tell(wanted)
    stage.send(stage.caller, rtp(1), to=0)
    descriptor = stage.relay.roster.by_pair[0].descriptor
    stage.relay.roster.gone(wanted.call)
    legs = stage.relay.roster.legs

    assert not legs.by_pair[0].is_carried
    assert legs.leg_of[descriptor] == NO_LEG
