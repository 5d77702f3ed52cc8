"""Tests of somebody who calls."""

import pytest

from rokuon.selftest import caller
from rokuon.selftest.caller import OutgoingCall
from rokuon.selftest.session import CallRefused
from rokuon.selftest.session_description import AnsweredStream
from rokuon.selftest.signalling import PeerSilent, Signalling, Target, Transport, connect
from tests.rokuon.selftest.bridge import HOST, Bridge, bridging


def bridge(*, refuses_with: int = 0) -> Bridge:
    return Bridge(notice=b"", ringback=b"", calls=None, refuses_with=refuses_with)


async def test_a_call_is_begun_and_ended_in_one_dialog() -> None:
    """It learns where the voice goes, and answers with ACK."""
    server = bridge()
    async with bridging(server) as target, connect(target, HOST) as client:
        call = OutgoingCall(client, target, 4_000, user="ann", called="bob")
        voice_to = await call.begin()
        status = await call.end()

    assert isinstance(voice_to, AnsweredStream)
    assert voice_to.host == HOST
    assert status == 200
    assert call.dialog.remote_tag == b"b2b"
    assert server.methods == [b"INVITE", b"ACK", b"BYE"]


async def test_an_invite_that_nobody_answers_in_time_is_taken_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A node with another configuration may be ringing somebody."""
    monkeypatch.setattr(caller, "ANSWER_S", 0.05)
    sent: list[bytes] = []
    client = Signalling(Transport.UDP, b"127.0.0.9:1", sent.append)
    call = OutgoingCall(client, Target(), 4_000, user="ann", called="bob")
    with pytest.raises(PeerSilent):
        await call.begin()

    invite, cancelled = (message.split(b"\r\n") for message in sent)
    assert cancelled[0] == b"CANCEL sip:bob@127.0.0.1:5060 SIP/2.0"
    assert cancelled[1] == invite[1]  # RFC 3261 §9.1: the branch of the INVITE
    assert b"CSeq: 1 CANCEL" in cancelled


async def test_a_refusal_is_acknowledged_and_says_its_status() -> None:
    """The advice depends on it."""
    server = bridge(refuses_with=404)
    async with bridging(server) as target, connect(target, HOST) as client:
        call = OutgoingCall(client, target, 4_000, user="ann", called="bob")
        with pytest.raises(CallRefused) as refused:
            await call.begin()
        await call.end()

    assert refused.value.status == 404
    assert server.methods[:2] == [b"INVITE", b"ACK"]
