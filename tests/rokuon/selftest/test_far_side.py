"""Tests of the far side of a call."""

import asyncio
from dataclasses import dataclass, field

import pytest

from rokuon.selftest import far_side as module
from rokuon.selftest.far_side import FarSide, far_side
from rokuon.selftest.messages import Dialog, Response, ack, bye, call_invite, parse
from rokuon.selftest.session_description import AnsweredStream, call_description, parse_answer
from tests.rokuon.selftest.bridge import HOST, free_port

DIALOG = Dialog(
    call_id=b"c1",
    local_tag=b"l1",
    remote_tag=b"",
    remote_target=b"sip:far@127.0.0.9:5099",
    server=b"127.0.0.9:5099",
    local=b"127.0.0.1:5060",
    transport=b"UDP",
)
PEER = ("127.0.0.1", 5_060)
INVITE = call_invite(DIALOG, 1, b"z9hG4bK1", sdp=call_description("127.0.0.1", 4_000, session=1))


@dataclass
class Wire(asyncio.DatagramTransport):
    """Keeps what is sent."""

    sent: list[bytes] = field(default_factory=list)

    def get_extra_info(self, _name: str, _default: object = None) -> tuple[str, int]:
        return HOST, 5_099

    def sendto(self, data: bytes, _address: object = None) -> None:  # type: ignore[override]  # what is sent here
        self.sent.append(data)

    @property
    def statuses(self) -> list[int]:
        said = map(parse, self.sent)
        return [one.status for one in said if isinstance(one, Response)]


def called(*messages: bytes) -> tuple[FarSide, Wire]:
    wire, far = Wire(), FarSide(HOST, 6_000)
    far.connection_made(wire)
    for message in messages:
        far.datagram_received(message, PEER)
    return far, wire


async def test_it_rings_answers_and_says_where_its_voice_comes_from() -> None:
    """And has learnt where to send it."""
    far, wire = called(INVITE)
    answered = parse(wire.sent[1])

    assert wire.statuses == [180, 200]
    assert isinstance(answered, Response)
    assert parse_answer(answered.body, 1) == [AnsweredStream(HOST, 6_000)]
    assert answered.contact == b"sip:selftest@127.0.0.9:5099"
    assert far.voice_to.result() == AnsweredStream("127.0.0.1", 4_000)
    assert not far.ended.is_set()
    far.connection_lost(None)


async def test_the_answer_is_repeated_until_it_is_acknowledged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """RFC 3261 §13.3.1.4: a datagram may be lost, also on a busy loopback."""
    monkeypatch.setattr(module, "T1_S", 0.001)
    far, wire = called(INVITE, INVITE)
    await asyncio.sleep(0.02)
    repeated = wire.statuses.count(200)
    far.datagram_received(ack(DIALOG, 1, b"z9hG4bK2"), PEER)
    count = len(wire.sent)
    await asyncio.sleep(0.02)

    assert repeated > 1
    assert len(wire.sent) == count


async def test_it_is_over_when_it_is_hung_up_on() -> None:
    """And says so to who did it."""
    far, wire = called(INVITE, ack(DIALOG, 1, b"z9hG4bK2"), bye(DIALOG, 2, b"z9hG4bK3"))

    assert far.ended.is_set()
    assert wire.statuses == [180, 200, 200]


async def test_a_second_call_is_busy_and_a_probe_is_answered() -> None:
    """Somebody else's call is not ours; a node may ask whether we live."""
    other = INVITE.replace(b"Call-ID: c1", b"Call-ID: c2")
    options = bye(DIALOG, 1, b"z9hG4bK9").replace(b"BYE", b"OPTIONS")
    far, wire = called(INVITE, ack(DIALOG, 1, b"z9hG4bK2"), other, options, b"\r\n\r\n")

    assert wire.statuses == [180, 200, 486, 200]
    assert not far.ended.is_set()


async def test_a_call_without_a_place_for_its_voice_is_refused() -> None:
    """An offerless INVITE, say: our own offer would be another test."""
    far, wire = called(call_invite(DIALOG, 1, b"z9hG4bK1", sdp=b""))

    assert wire.statuses == [488]
    assert not far.voice_to.done()


async def test_it_listens_where_it_is_told_and_only_once() -> None:
    """Two self-tests at a time would answer each other's calls."""
    place = (HOST, free_port())
    async with far_side(place, 6_000):
        with pytest.raises(OSError, match="in use"):
            async with far_side(place, 6_002):
                pass
