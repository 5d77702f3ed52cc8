"""SIP messages drawn and written."""

import struct
from pathlib import Path
from zoneinfo import ZoneInfo

from archive.call.events import SipMessage
from archive.reading.recording import RecordingReader
from archive.reading.trace import capture_file, ladder
from tests.archive.reading.scenes import START_US, Shelf, Talk, added

INVITE = b"INVITE sip:srs@192.0.2.9 SIP/2.0\r\nContent-Type: multipart/mixed;boundary=x\r\n\r\nbody"
OK = b"SIP/2.0 200 OK\r\nc: application/sdp\r\n\r\nv=0"


def said(data: bytes, *, is_received: bool, remote: str = "192.0.2.1:5060") -> SipMessage:
    return SipMessage(
        at_us=START_US + 250_000, is_received=is_received, transport="udp",
        local="192.0.2.9:5060", remote=remote, data=data,
    )  # fmt: skip


CALL = [said(INVITE, is_received=True), said(OK, is_received=False)]


def test_a_ladder_shows_who_said_what_to_whom() -> None:
    """Arrows point where the message went."""
    _, ends, asked, answered = ladder(CALL, ZoneInfo("Asia/Tokyo"))

    assert ends.split() == ["192.0.2.1:5060", "192.0.2.9:5060", "(udp)"]
    assert asked.startswith("2026-11-18 20:06:40.250")
    assert " INVITE ----" in asked
    assert asked.endswith("->|  multipart/mixed")
    assert "|<-" in answered
    assert answered.endswith("- 200 OK |  application/sdp")


def test_another_way_gets_a_head_of_its_own() -> None:
    """A client that moved, or a second connection."""
    other = said(b"BYE sip:a SIP/2.0\r\n\r\n", is_received=True, remote="[2001:db8::1]:7")

    assert sum("192.0.2.9:5060" in line for line in ladder([*CALL, other])) == 2


def test_a_capture_file_holds_each_message_between_its_ends() -> None:
    """Both addresses are real, unlike those of the media."""
    head, asked, answered = capture_file(CALL)
    v6 = said(OK, is_received=True, remote="[2001:db8::1]:7")
    mixed = capture_file([msg_with_local(v6, "[2001:db8::9]:5060")])

    assert struct.unpack(">I", head[:4]) == (0xA1B2C3D4,)
    assert asked[28:36] == bytes((192, 0, 2, 1, 192, 0, 2, 9))
    assert answered[28:36] == bytes((192, 0, 2, 9, 192, 0, 2, 1))
    assert asked.endswith(INVITE)
    assert len(list(mixed)[1]) == 16 + 40 + 8 + len(OK)


def msg_with_local(message: SipMessage, local: str) -> SipMessage:
    return SipMessage(
        at_us=message.at_us, is_received=message.is_received, transport="tcp",
        local=local, remote=message.remote, data=message.data,
    )  # fmt: skip


def test_a_recording_gives_its_messages_once_and_in_order(tmp_path: Path) -> None:
    """A later part repeats what the earlier ones had."""
    shelf = Shelf(folder=tmp_path)
    for _ in range(2):
        shelf.write(Talk().sent(), [added(0), *CALL])
    with RecordingReader(shelf.parts) as reader:
        assert list(reader.messages()) == CALL
        assert reader.timeline.events == (added(0),)
        written = b"".join(capture_file(reader.messages()))

    assert written == b"".join(capture_file(CALL))


def of_call(call: bytes, line: bytes, *, is_received: bool, remote: str) -> SipMessage:
    data = line + b"\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK" + call + b"\r\nCSeq: 1 INVITE\r\n"
    data += b"From: <sip:a>;tag=a\r\nTo: <sip:b>\r\nCall-ID: " + call + b"\r\n\r\n"
    return SipMessage(
        at_us=START_US, is_received=is_received, transport="tcp",
        local="192.0.2.9:5060", remote=remote, data=data,
    )  # fmt: skip


ASK, ANSWER = b"INVITE sip:b SIP/2.0", b"SIP/2.0 200 OK"
LEGS = [
    of_call(b"one", ASK, is_received=True, remote="192.0.2.1:40000"),
    of_call(b"two", ASK, is_received=False, remote="192.0.2.30:5060"),
    of_call(b"two", ANSWER, is_received=True, remote="192.0.2.30:5060"),
    of_call(b"one", ANSWER, is_received=False, remote="192.0.2.1:40000"),
]


def test_legs_of_a_call_are_drawn_one_below_the_other() -> None:
    """Between two legs whose messages take turns nobody can follow either."""
    lines = list(ladder(LEGS))
    heads = [line for line in lines if line.startswith(("one", "two"))]
    arrows = [line.split("|")[1].strip(" <->") for line in lines if line.count("|") > 1]

    assert heads == ["one  a", "two  a"]
    assert arrows == ["INVITE", "200 OK", "INVITE", "200 OK"]


def test_both_directions_of_a_connection_have_one_pair_of_ports() -> None:
    """In the drawing and in the capture file: else no tool takes them for one conversation."""
    drawn = [line.split()[0] for line in ladder(LEGS) if line.endswith("(tcp)")]
    head, asked, _, _, answered = capture_file(LEGS)

    assert head
    assert drawn == ["192.0.2.1:40000", "192.0.2.30:5060"]
    assert struct.unpack(">HH", asked[36:40]) == (40000, 5060)
    assert struct.unpack(">HH", answered[36:40]) == (5060, 40000)
