"""Packets from one end of a call to the other, over real sockets."""

import socket
from pathlib import Path

import pytest

from capture.holder.relay_buffer import RELAY_SLOTS
from capture.links.relay_messages import Foreign, Keyed, Latch, Place
from capture.native.layout import MAX_RUN
from tests.capture.media import scene
from tests.capture.media.relay_scene import (
    FIRST_SEQUENCE,
    FIRST_TIMESTAMP,
    SSRC_TO_CALLEE,
    SSRC_TO_CALLER,
    Stage,
    call,
    header,
    stage_on,
)
from tests.capture.media.scene import rtp

TO_CALLER, TO_CALLEE = 0, 1
CALLER_RTP, CALLEE_RTP = 1, 3


def test_a_party_hears_the_other_under_one_voice(stage: Stage) -> None:
    """Payload byte for byte; sequence, timestamp and SSRC are ours; the first one is marked."""
    stage.tell(call(stage))
    stage.send(stage.caller, rtp(70, b"hello" * 32), rtp(71), to=0)
    stage.send(stage.callee, rtp(9, ssrc=3), to=1)
    first, second = stage.callee.hears(), stage.callee.hears()

    assert header(first) == (True, 0, FIRST_SEQUENCE, FIRST_TIMESTAMP, SSRC_TO_CALLEE)
    assert header(second) == (False, 0, FIRST_SEQUENCE + 1, FIRST_TIMESTAMP + 160, SSRC_TO_CALLEE)
    assert first[12:] == b"hello" * 32
    assert header(stage.caller.hears())[2:] == (FIRST_SEQUENCE, FIRST_TIMESTAMP, SSRC_TO_CALLER)


def test_what_has_come_lands_as_it_was(stage: Stage) -> None:
    """Evidence is what a party sent, not what we made of it."""
    sent = [rtp(70), rtp(71, b"x" * 300), rtp(72)]
    stage.tell(call(stage))
    stage.send(stage.caller, *sent, to=0)

    assert stage.landed() == [(CALLER_RTP, each) for each in sent]


def test_a_longer_packet_than_most_is_passed_whole(stage: Stage) -> None:
    """It lies in two places of the ring."""
    long = rtp(70, bytes(range(250)) * 5)
    stage.tell(call(stage))
    stage.send(stage.caller, long, to=0)

    assert stage.callee.hears()[12:] == long[12:]


def test_reordered_and_repeated_packets_stay_so(stage: Stage) -> None:
    """The phone has a jitter buffer; we have none."""
    stage.tell(call(stage))
    stage.send(stage.caller, rtp(70), rtp(73), rtp(71), rtp(71), rtp(72), to=0)
    found = [header(stage.callee.hears())[2] - FIRST_SEQUENCE for _ in range(5)]

    assert found == [0, 3, 1, 1, 2]


def test_a_new_source_goes_on_where_the_last_one_was(stage: Stage) -> None:
    """A transfer behind the other party: by one, and by the time that has passed."""
    stage.tell(call(stage))
    stage.send(stage.caller, rtp(70, ssrc=7), to=0)
    stage.now_s += 1.0
    stage.send(stage.caller, rtp(30_000, ssrc=8), rtp(30_001, ssrc=8), to=0)
    stage.callee.hears()

    assert header(stage.callee.hears()) == (
        True, 0, FIRST_SEQUENCE + 1, FIRST_TIMESTAMP + 8_000, SSRC_TO_CALLEE,
    )  # fmt: skip
    assert header(stage.callee.hears())[:3] == (False, 0, FIRST_SEQUENCE + 2)


def test_payload_types_are_mapped_with_their_marker(stage: Stage) -> None:
    """Where the sides use other numbers for one codec."""
    stage.tell(call(stage, {"types": ((96, 8), (101, 97)), "event_types": (101,)}))
    stage.send(stage.caller, rtp(1, kind=96), rtp(2, kind=96 | 0x80), rtp(3, b"\1" * 4, kind=101),
               rtp(4, kind=13), to=0)  # fmt: skip

    assert [header(stage.callee.hears())[:2] for _ in range(4)] == [
        (True, 8), (True, 8), (False, 97), (False, 13),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("caller", "callee", "joined"),
    [({}, {}, False), ({"speaks": False}, {}, True), ({}, {"hears": False}, True),
     ({}, {"places": ()}, True)],
    ids=["not joined", "on hold", "does not hear", "not there yet"],
)  # fmt: skip
def test_what_may_not_be_passed_on_lands_all_the_same(
    stage: Stage, caller: dict[str, object], callee: dict[str, object], joined: bool
) -> None:
    """The gate decides what is kept of it."""
    stage.tell(call(stage, caller, callee, is_joined=joined))
    stage.send(stage.caller, rtp(1), to=0)

    assert stage.callee.hears_nothing()
    assert stage.landed() == [(CALLER_RTP, rtp(1))]


def test_a_call_that_is_not_recorded_lands_nothing(stage: Stage) -> None:
    """It is passed on the same."""
    stage.tell(call(stage, is_landed=False))
    stage.send(stage.caller, *[rtp(n) for n in range(5)], to=0)

    assert [header(stage.callee.hears())[2] for _ in range(5)] == [
        FIRST_SEQUENCE + n for n in range(5)
    ]
    assert stage.landed() == []
    assert stage.ring.head == 0
    assert int(stage.table.missed[0]) == 0


def test_a_stranger_is_neither_heard_nor_kept(stage: Stage) -> None:
    """It must not be in the call, nor in the recording; signalling is told."""
    stranger = stage.party()
    stage.tell(call(stage))
    stage.send(stranger, rtp(1), rtp(2), to=0)
    stage.pass_time(1.0)

    assert stage.callee.hears_nothing()
    assert stage.landed() == []
    told = [each for each in stage.says() if isinstance(each, Foreign)]
    assert [(each.place, each.packets) for each in told] == [(stranger.place, 2)]


def test_behind_nat_a_steady_source_is_heard_and_sent_to(stage: Stage) -> None:
    """The first three of its packets are not."""
    behind = stage.party()
    nowhere = Place("127.0.0.1", 9)
    stage.tell(call(stage, {"latch": Latch.NAT, "places": (nowhere,)}))
    stage.send(behind, *[rtp(n) for n in range(5)], to=0)
    stage.send(stage.callee, rtp(1), to=1)

    assert [header(stage.callee.hears())[2] for _ in range(2)] == [1_000, 1_001]
    assert len(stage.landed()) == 3
    assert header(behind.hears())[4] == SSRC_TO_CALLER


def test_keys_are_told_once_each_and_passed_on(stage: Stage) -> None:
    """An event has several packets of one timestamp (RFC 4733 §2.5.1.2)."""
    stage.tell(call(stage, {"event_types": (101,)}))
    event = rtp(5, b"\x0b\x0a\0\0", kind=101)
    again = event[:2] + (6).to_bytes(2, "big") + event[4:]
    stage.send(stage.caller, event, again, rtp(7, b"\x01\x0a\0\0", kind=101), to=0)

    keys = [each.digit for each in stage.says() if isinstance(each, Keyed)]
    assert keys == ["#", "1"]
    assert [stage.callee.hears()[12] for _ in range(3)] == [11, 11, 1]


def test_what_is_no_rtp_goes_no_further(stage: Stage) -> None:
    """STUN, a keep-alive, an empty datagram: kept of whom we hear, never sent on."""
    stage.tell(call(stage))
    stage.send(stage.caller, rtp(1), b"", b"\0\1" + bytes(18), b"\x80", to=0)
    stage.callee.hears()

    assert stage.callee.hears_nothing()
    assert [data for _, data in stage.landed()] == [rtp(1), b"", b"\0\1" + bytes(18), b"\x80"]


def test_reports_on_the_audio_s_port_end_here(stage: Stage) -> None:
    """RFC 5761; ours are of our own making."""
    report = b"\x80\xc8\0\6" + bytes(24)
    stage.tell(call(stage, {"is_muxed": True}))
    stage.send(stage.caller, rtp(1), report, to=0)

    assert header(stage.callee.hears())[2] == FIRST_SEQUENCE
    assert stage.callee.hears_nothing()
    assert stage.landed() == [(CALLER_RTP, rtp(1)), (CALLER_RTP, report)]


def test_a_full_ring_costs_the_recording_and_not_the_call(stage: Stage) -> None:
    """What is not kept is counted, to be told as a gap."""
    stage.tell(call(stage))
    stage.ring.head = RELAY_SLOTS - MAX_RUN + 1
    stage.send(stage.caller, *[rtp(n) for n in range(3)], to=0)

    assert [header(stage.callee.hears())[2] for _ in range(3)] == [1_000, 1_001, 1_002]
    assert stage.ring.head == RELAY_SLOTS - MAX_RUN + 1
    assert int(stage.table.missed[0]) == 3


def test_a_network_that_refuses_a_packet_ends_nothing(stage: Stage) -> None:
    """The next one may get through; nobody may send to all hosts."""
    everybody = {"places": (Place("255.255.255.255", 9),)}
    stage.tell(call(stage))
    stage.send(stage.caller, rtp(0), to=0)
    stage.callee.hears()
    stage.tell(call(stage, callee=everybody))
    stage.send(stage.caller, rtp(1), to=0)
    stage.tell(call(stage))
    stage.send(stage.caller, rtp(2), to=0)

    assert header(stage.callee.hears())[2] == FIRST_SEQUENCE + 2
    assert stage.relay.roster.by_pair[1].voice.failed == 1


def test_a_call_over_ipv6_is_passed_the_same(tmp_path: Path) -> None:
    """Sources are told apart by longer names."""
    try:
        socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).bind(("::1", 0))
    except OSError:
        pytest.skip("no IPv6 here")
    node = scene.node(tmp_path, rtp="::1")
    with stage_on(node, tmp_path) as stage:
        stage.tell(call(stage))
        stage.send(stage.caller, rtp(1), rtp(2), to=0)
        found = [header(stage.callee.hears())[2] for _ in range(2)]
        landed = stage.landed()
    node.close()

    assert found == [FIRST_SEQUENCE, FIRST_SEQUENCE + 1]
    assert landed == [(CALLER_RTP, rtp(1)), (CALLER_RTP, rtp(2))]


def test_a_successor_sends_what_was_read_and_not_sent(
    plain_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Late, under the number that it would have had, and it is in the ring once."""
    stage = plain_stage
    stage.tell(call(stage))
    stage.send(stage.caller, rtp(1), to=0)
    before = stage.ring.head

    class Killed(Exception):
        pass

    def die(*_: object) -> int:
        raise Killed

    monkeypatch.setattr(stage.relay.roster.by_pair[0].hearer, "send", die)
    with pytest.raises(Killed):
        stage.send(stage.caller, rtp(2), rtp(3), to=0)
    stage.callee.hears()
    assert stage.ring.head == before
    stage.begin()
    stage.turn()

    assert [header(stage.callee.hears())[2] for _ in range(2)] == [1_001, 1_002]
    assert [data for _, data in stage.landed()] == [rtp(1), rtp(2), rtp(3)]


def test_the_hot_loop_and_the_closer_look_agree(stage: Stage) -> None:
    """What is not plain is treated by other lines: they say the same."""
    packets = [rtp(n, kind=n % 3) for n in (70, 72, 71, 71)] + [rtp(9, ssrc=5)]
    stage.tell(call(stage, {"types": ((1, 8),)}))
    stage.send(stage.caller, *packets, to=0)
    hot = [stage.callee.hears() for _ in packets]
    stage.tell(call(stage, {"types": ((1, 8),)}, call=b"d" * 16))
    stage.relay.roster.by_pair[0].passes = False
    stage.send(stage.caller, *packets, to=0)
    looked = [stage.callee.hears() for _ in packets]

    assert hot == looked
