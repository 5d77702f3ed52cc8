"""What both loops of a relay look at."""

from capture.media.relay.loop_memory import LoopMemory
from capture.media.relay.outgoing_stream import NO_SOURCE, OutgoingNumbers
from capture.native.layout import LOOKED_AT, NO_END
from tests.capture.media.relay_scene import Stage, call
from tests.capture.media.scene import rtp


def test_the_numbers_of_an_end_are_those_of_its_leg() -> None:
    """One memory: what the one loop counts the other one sees."""
    memory = LoopMemory(4)
    voice, arrivals, _ = memory.begin(
        2, OutgoingNumbers(ssrc=9, clock_hz=8000, packet_ms=20, next_index=70, stamp=5)
    )
    voice.packets, arrivals.heard_s = 7, 1.5
    loop_end = memory.by_pair[2]

    assert (loop_end.voice.ssrc, loop_end.voice.source, loop_end.voice.next_index) == (
        9,
        NO_SOURCE,
        70,
    )
    assert (loop_end.voice.packets, loop_end.arrivals.heard_s) == (7, 1.5)
    loop_end.voice.next_index = 71
    assert voice.next_index == 71


def test_a_leg_says_whose_packets_go_where(stage: Stage) -> None:
    """By the kernel's names."""
    stage.tell(call(stage, {"types": ((96, 8),), "event_types": (101,)}))
    memory, ends = stage.relay.roster.memory, stage.relay.roster.by_pair
    assert not memory.by_pair[0].is_carried, "nobody is latched"
    stage.send(stage.caller, rtp(1), to=0)
    loop_end, other = memory.by_pair[0], memory.by_pair[1]

    assert loop_end.is_carried
    assert loop_end.lands
    assert memory.end_of[ends[0].descriptor] == 1
    assert loop_end.hearer == 1
    assert bytes(other.target)[: other.target_bytes] == ends[1].places.name(stage.callee.place)
    assert loop_end.latched[0] == ends[0].places.key(stage.caller.place)
    assert [loop_end.kinds[kind] for kind in (0, 96, 101)] == [0, 8, LOOKED_AT]


def test_what_may_not_pass_is_not_carried(stage: Stage) -> None:
    """Hold, what is played, SRTP, a call that is over."""
    stage.tell(call(stage))
    stage.send(stage.caller, rtp(1), to=0)
    stage.send(stage.callee, rtp(1), to=1)
    memory = stage.relay.roster.memory.by_pair
    stage.tell(call(stage, {"speaks": False}))
    assert [loop_end.is_carried for loop_end in memory[:2]] == [0, 1]
    stage.tell(call(stage, is_raw=True))
    assert [loop_end.is_carried for loop_end in memory[:2]] == [0, 0]
    stage.tell(call(stage))
    assert [loop_end.is_carried for loop_end in memory[:2]] == [1, 1]


def test_nothing_is_carried_of_a_call_that_is_over(stage: Stage) -> None:
    """Its socket may be another call's at once."""
    wanted = call(stage)
    stage.tell(wanted)
    stage.send(stage.caller, rtp(1), to=0)
    descriptor = stage.relay.roster.by_pair[0].descriptor
    stage.relay.roster.gone(wanted.call)
    memory = stage.relay.roster.memory

    assert not memory.by_pair[0].is_carried
    assert memory.end_of[descriptor] == NO_END
