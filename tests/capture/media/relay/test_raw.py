"""What is no speech crosses the relay byte for byte: T.38, video, whatever it is."""

import os

import pytest

from capture.links.relay_messages import Latch
from tests.capture.media.relay_scene import Party, Stage, call
from tests.capture.media.scene import rtp

# A UDPTL packet: sequence, an IFP of two bytes, no redundancy.
T38 = b"\x00\x01\x02\xc0\x01\x00\x00"


def raw(stage: Stage, **changes: object) -> None:
    """A raw call of the stage's parties."""
    stage.tell(call(stage, is_raw=True, is_landed=False, gate_us=0, **changes))


@pytest.mark.parametrize(
    "packet",
    [T38, b"\x00", rtp(7, b"video" * 200), os.urandom(1_400)],
    ids=["udptl", "one byte", "rtp", "noise"],
)
def test_every_packet_crosses_as_it_is(stage: Stage, packet: bytes) -> None:
    """Numbers, names and all: nothing of it is ours."""
    raw(stage)
    stage.send(stage.caller, packet, to=0)
    stage.send(stage.callee, packet, to=1)

    assert stage.callee.hears() == packet
    assert stage.caller.hears() == packet
    assert stage.landed() == []


def test_its_reports_cross_too(stage: Stage) -> None:
    """They are about numbers that we have not touched; none is ours."""
    raw(stage)
    report = bytes.fromhex("80c90001aaaaaaaa")
    stage.send(stage.caller, report, to=0, rtcp=True)
    assert stage.callee.rtcp.recv(4096) == report

    stage.send(stage.caller, rtp(1), to=0)
    stage.callee.hears()
    stage.pass_time(20)
    stage.callee.rtcp.settimeout(0)
    with pytest.raises(BlockingIOError):
        stage.callee.rtcp.recv(4096)


def test_before_both_may_talk_nothing_crosses(stage: Stage) -> None:
    """A notice is heard before anything is seen."""
    raw(stage, is_joined=False)
    stage.send(stage.caller, T38, to=0)

    assert stage.callee.hears_nothing()


@pytest.mark.parametrize(("latch", "heard"), [(Latch.SIGNALLED, 0), (Latch.NAT, 2)])
def test_a_stranger_is_heard_as_the_latch_says(stage: Stage, latch: Latch, heard: int) -> None:
    """By its address alone, for there may be no SSRC."""
    stranger: Party = stage.party()
    raw(stage, caller={"latch": latch})
    for _ in range(5):
        stage.send(stranger, T38, to=0)
    found = 0
    while not stage.callee.hears_nothing():
        stage.callee.hears()
        found += 1

    assert found == heard


def test_a_successor_passes_it_on(stage: Stage) -> None:
    """Whoever is killed."""
    raw(stage)
    stage.begin()
    stage.send(stage.caller, T38, to=0)

    assert stage.callee.hears() == T38
