"""Tests of the client's recording session."""

import base64

import pytest

from rokuon.selftest.client import japanese_call
from rokuon.selftest.session import CallRefused, OutgoingSession, new_metadata_ids
from rokuon.selftest.session_description import AnsweredStream
from rokuon.selftest.signalling import connect
from tests.rokuon.selftest.server import RecordingServer, listening

PORTS = (4_000, 4_002)
SOURCES = (5_000, 5_002)
PARTIES = (japanese_call(0).customer, japanese_call(0).agent)


def cseqs(server: RecordingServer) -> list[bytes]:
    return [message.split(b"CSeq: ")[1].split(b"\r\n")[0] for message in server.heard]


async def test_a_session_is_begun_held_resumed_and_ended_in_one_dialog() -> None:
    """Numbers count up, each ACK has its INVITE's, all go to the server's Contact."""
    server = RecordingServer(PORTS)
    async with listening(server) as target, connect(target) as client:
        session = OutgoingSession(client, target, SOURCES)
        answered = await session.begin(PARTIES)
        await session.hold()
        resumed = await session.resume()
        status = await session.end()

    assert answered == resumed == [AnsweredStream("127.0.0.1", port) for port in PORTS]
    assert status == 200
    assert cseqs(server) == [
        b"1 INVITE", b"1 ACK", b"2 INVITE", b"2 ACK", b"3 INVITE", b"3 ACK", b"4 BYE",
    ]  # fmt: skip
    assert all(b" sip:here@127.0.0.1 SIP/2.0" in message for message in server.heard[1:])
    assert all(b";tag=srs" in message for message in server.heard[1:])
    assert all(b"\r\nFrom: <sip:+81300001234@" in message for message in server.heard)
    assert [b"a=inactive" in message for message in server.heard[:5:2]] == [False, True, False]


async def test_only_the_first_invite_carries_metadata() -> None:
    """Nothing about the participants changes by a hold."""
    server = RecordingServer(PORTS)
    async with listening(server) as target, connect(target) as client:
        session = OutgoingSession(client, target, SOURCES)
        await session.begin(PARTIES)
        await session.hold()
        await session.end()

    assert ["田中".encode() in message for message in server.heard] == [
        True, False, False, False, False,
    ]  # fmt: skip


async def test_a_refusal_is_acknowledged_on_its_own_branch_and_says_its_status() -> None:
    """RFC 3261 §17.1.1.3; the load counts refusals by status."""
    server = RecordingServer(PORTS, refuse_with=503)
    async with listening(server) as target, connect(target) as client:
        session = OutgoingSession(client, target, SOURCES)
        with pytest.raises(CallRefused) as refused:
            await session.begin(PARTIES)
        # An answer to what is asked next: the ACK, which is never answered, has been read by then.
        probe = (
            b"BYE sip:h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=b\r\nTo: <sip:h>\r\nCall-ID: c\r\n\r\n"
        )
        await client.request(probe, b"b")

    branches = [message.split(b"branch=")[1].split(b";")[0] for message in server.heard[:2]]
    assert refused.value.status == 503
    assert server.methods[:2] == [b"INVITE", b"ACK"]
    assert branches[0] == branches[1]


def test_ids_are_base64_of_whole_uuids_and_never_the_same() -> None:
    """RFC 7865 §6.10 wants UUIDs in base64."""
    ids = new_metadata_ids()
    everyone = [ids.session, *ids.participants, *ids.streams]

    assert len(set(everyone)) == 5
    assert {len(base64.b64decode(one, validate=True)) for one in everyone} == {16}
