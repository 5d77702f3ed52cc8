"""RTCP of inline calls."""

import struct

from capture.links.relay_messages import Latch, RelayGone, Reported
from capture.media.rtcp import blocks_of, sender_report
from tests.capture.media.relay_scene import CALL, SSRC_TO_CALLEE, Stage, call
from tests.capture.media.scene import readable, rtp
from tests.support.media.relay_reports import report_about
from tests.support.media.relay_secrecy import line

REPORTS_S = 8.0
CALLEE_RTCP = 4


def wait(stage: Stage) -> None:
    for _ in range(12):
        stage.pass_time(1.0)


def voip_metrics(ssrc: int, *, discards: int) -> bytes:
    """An extended report (RFC 3611): a receiver's reference time, then VoIP metrics."""
    clock = struct.pack(">BBHQ", 4, 0, 2, 0)
    metrics = struct.pack(">BBHIBB", 7, 0, 8, ssrc, 0, discards) + bytes(26)
    blocks = clock + metrics
    return struct.pack(">BBHI", 0x80, 207, 1 + len(blocks) // 4, 99) + blocks


def test_each_end_gets_reports_of_what_it_sent_and_hears(stage: Stage) -> None:
    """Sender report, our clock, and a block about its own stream."""
    stage.tell(call(stage))
    for number in (10, 11, 13):
        stage.send(stage.caller, rtp(number, ssrc=7), to=0)
    stage.send(stage.callee, rtp(500, ssrc=8), to=1)
    wait(stage)
    report = stage.caller.rtcp.recv(4096)
    (block,) = blocks_of(report)
    sent = sender_report(report)

    assert (block.ssrc, block.lost, block.highest_sequence) == (7, 1, 13)
    assert sent is not None
    assert report[1] == 200
    packets, octets = struct.unpack_from(">II", report, 20)
    assert (packets, octets) == (1, 172)
    assert sent.ntp >> 32 > 2_208_988_800


def test_an_end_that_was_sent_nothing_gets_no_sender_report(stage: Stage) -> None:
    """We have no stream to it yet; it is told that we hear it once it is passed on."""
    stage.tell(call(stage, is_joined=False))
    stage.send(stage.caller, rtp(1), to=0)
    wait(stage)
    report = stage.caller.rtcp.recv(4096)

    assert report[:2] == b"\x80\xc9"
    assert blocks_of(report) == []


def test_names_differ_from_call_to_call(stage: Stage) -> None:
    """A party cannot tell that two calls went through one recorder."""
    stage.tell(call(stage))
    wait(stage)
    first = stage.caller.rtcp.recv(4096)
    stage.tell(call(stage, call=b"d" * 16))
    wait(stage)
    while readable(stage.caller.rtcp, 0):
        last = stage.caller.rtcp.recv(4096)

    assert first[16:40] != last[16:40]


def test_a_clock_that_is_set_back_repeats_no_index_of_a_report(stage: Stage) -> None:
    """Nor does a successor: two reports under one key stream tell both (RFC 3711 §9.1)."""
    stage.tell(call(stage, {"own_key": line()}))
    wait(stage)
    stage.wall_us -= 3_600_000_000
    wait(stage)
    stage.link = None
    stage.begin()
    wait(stage)
    found = []
    while readable(stage.caller.rtcp, 0):
        found.append(int.from_bytes(stage.caller.rtcp.recv(4096)[-14:-10], "big"))

    assert len(found) > 3
    assert found == sorted(set(found))


def test_what_an_end_reports_of_our_stream_is_told(stage: Stage) -> None:
    """Evidence of what a party got of a notice; of other streams it says nothing to us."""
    stage.tell(call(stage))
    stage.relay.roster.by_pair[1].voice.next_index = 70_000
    stage.now_s += 100
    reports = [report_about(SSRC_TO_CALLEE), report_about(123)]
    for each in reports:
        stage.send(stage.callee, each, to=1, rtcp=True)
    told = [each for each in stage.says() if isinstance(each, Reported)]

    assert [(each.highest_sequence, each.lost, each.jitter) for each in told] == [
        (65_536 + 1_010, 2, 33)
    ]
    assert stage.landed() == [(CALLEE_RTCP, each) for each in reports]


def test_what_an_end_threw_away_is_told(stage: Stage) -> None:
    """PJSIP says of packets in a format that it did not agree to: received, none lost (XR)."""
    stage.tell(call(stage))
    stage.now_s += 100
    report = report_about(SSRC_TO_CALLEE, lost=0) + voip_metrics(SSRC_TO_CALLEE, discards=255)
    stage.send(stage.callee, report, to=1, rtcp=True)

    told = [each for each in stage.says() if isinstance(each, Reported)]
    assert [(each.lost, each.discards) for each in told] == [(0, 255)]


def test_the_same_is_not_told_again_nor_too_often(stage: Stage) -> None:
    """Signalling wants the last word, not all of them."""
    stage.tell(call(stage))
    stage.now_s += 100
    for highest in (5, 6):
        stage.send(stage.callee, report_about(SSRC_TO_CALLEE, highest=highest), to=1, rtcp=True)
    stage.now_s += 10
    for _ in range(2):
        stage.send(stage.callee, report_about(SSRC_TO_CALLEE, highest=7), to=1, rtcp=True)

    told = [each.highest_sequence for each in stage.says() if isinstance(each, Reported)]
    assert told == [5, 7]


def test_a_stranger_s_report_is_nobody_s(stage: Stage) -> None:
    """From a host that is not the party's it does not even land."""
    stage.tell(call(stage, None, {"places": (("192.0.2.1", 9),), "reports_to": None}))
    stage.send(stage.callee, report_about(SSRC_TO_CALLEE), to=1, rtcp=True)

    assert stage.landed() == []


def test_reports_go_with_the_audio_where_they_share_a_port(stage: Stage) -> None:
    """RFC 5761."""
    stage.tell(call(stage, {"is_muxed": True}))
    wait(stage)

    assert stage.caller.hears()[1] == 201
    assert not readable(stage.caller.rtcp, 0)


def test_behind_nat_they_go_where_they_come_from(stage: Stage) -> None:
    """The signalled port is not open there."""
    behind = stage.party()
    stage.tell(call(stage, {"latch": Latch.NAT}))
    stage.send(behind, report_about(1), to=0, rtcp=True)
    wait(stage)

    assert readable(behind.rtcp)
    assert not readable(stage.caller.rtcp, 0)


def test_a_call_that_ends_is_told_to_both(stage: Stage) -> None:
    """BYE (RFC 3550 §6.6), behind a report as every compound."""
    stage.tell(call(stage))
    stage.send(stage.caller, rtp(1), to=0)
    stage.tell(RelayGone(call=CALL))
    report = stage.callee.rtcp.recv(4096)

    assert report[1] == 201
    assert report[-8:] == b"\x81\xcb\0\1" + SSRC_TO_CALLEE.to_bytes(4, "big")
