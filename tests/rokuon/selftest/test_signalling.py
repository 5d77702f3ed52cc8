"""Tests of the client's end of the wire, against a server of a few lines."""

import asyncio
from collections.abc import Callable

import pytest

from rokuon.selftest import signalling
from rokuon.selftest.signalling import PeerGone, PeerSilent, Signalling, Stream, Transport, connect
from tests.rokuon.selftest.server import RecordingServer, listening

PORTS = (4_000, 4_002)


def request(client: Signalling, method: bytes = b"INVITE") -> bytes:
    return (
        method + b" sip:srs@h SIP/2.0\r\nVia: SIP/2.0/UDP " + client.local + b";branch=z9hG4bK1\r\n"
        b"From: <sip:src@h>;tag=l\r\nTo: <sip:srs@h>\r\nCall-ID: c1\r\nCSeq: 1 "
        + method
        + b"\r\nContent-Length: 0\r\n\r\n"
    )


class Listener(Signalling):
    """Hands on what it is given, unread."""

    def __init__(self, read: Callable[[bytes], None]) -> None:
        super().__init__(Transport.TCP, b"127.0.0.1:1", read)

    def receive(self, message: bytes) -> None:
        self.send(message)


@pytest.fixture
def quick_timers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signalling, "T1_S", 0.01)


@pytest.mark.parametrize("transport", Transport)
async def test_a_request_gets_the_final_response_that_belongs_to_it(transport: Transport) -> None:
    """The provisional one before it is not the answer; over TCP both come at once."""
    server = RecordingServer(PORTS)
    async with listening(server, transport) as target, connect(target) as client:
        response = await client.request(request(client), b"z9hG4bK1", invite=True)

    assert (response.status, response.to_tag) == (200, b"srs")
    assert response.body.count(b"m=audio") == 2


@pytest.mark.usefixtures("quick_timers")
async def test_over_udp_a_lost_request_is_sent_again() -> None:
    """RFC 3261 §17.1.1.2, timer A."""
    server = RecordingServer(PORTS, ignore=2)
    async with listening(server) as target, connect(target) as client:
        response = await client.request(request(client), b"z9hG4bK1", invite=True)

    assert response.status == 200
    assert server.methods == [b"INVITE"] * 3


@pytest.mark.usefixtures("quick_timers")
async def test_over_tcp_nothing_is_sent_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reliable transport needs no timer A; the wait still ends (timer B)."""
    monkeypatch.setattr(signalling, "GIVE_UP_S", 0.1)
    server = RecordingServer(PORTS, ignore=9)
    async with listening(server, Transport.TCP) as target, connect(target) as client:
        with pytest.raises(PeerSilent):
            await client.request(request(client), b"z9hG4bK1", invite=True)

    assert server.methods == [b"INVITE"]


async def test_a_message_that_comes_byte_by_byte_over_tcp_is_read_once_and_whole() -> None:
    """RFC 3261 §18.3: only Content-Length says where a message ends."""
    read: list[bytes] = []
    stream = Stream()
    stream.client = Listener(read.append)
    final = RecordingServer(PORTS).replies(request(stream.client))[-1]
    for octet in 2 * final:
        stream.data_received(bytes([octet]))

    assert read == [final, final]


async def test_a_repeated_response_is_acknowledged_again() -> None:
    """RFC 3261 §13.2.2.4: the ACK may have been lost."""
    sent: list[bytes] = []
    client = Signalling(Transport.UDP, b"127.0.0.1:1", sent.append)
    final = RecordingServer(PORTS).replies(request(client))[-1]
    client.acknowledge(b"z9hG4bK1", b"the ACK")
    client.receive(final)
    client.forget(b"c1", [b"z9hG4bK1"])
    client.receive(final)

    assert sent == [b"the ACK", b"the ACK"]


async def test_the_servers_bye_is_answered_and_told_to_the_session() -> None:
    """A drained server ends calls itself."""
    sent: list[bytes] = []
    client = Signalling(Transport.UDP, b"127.0.0.1:1", sent.append)
    ended = client.follow(b"c1")
    client.receive(request(client, b"BYE"))

    assert ended.is_set()
    assert sent[0].startswith(b"SIP/2.0 200 OK\r\n")


async def test_a_request_outside_every_session_is_refused_and_a_probe_answered() -> None:
    """RFC 3261 §12.2.2 and §11.2; an ACK is never answered."""
    sent: list[bytes] = []
    client = Signalling(Transport.UDP, b"127.0.0.1:1", sent.append)
    for method in (b"BYE", b"OPTIONS", b"ACK"):
        client.receive(request(client, method))

    assert [message.split(b" ")[1] for message in sent] == [b"481", b"200"]


@pytest.mark.parametrize("transport", Transport)
async def test_a_server_that_is_not_there_is_noticed_at_once(transport: Transport) -> None:
    """Thirty-two seconds of silence are no answer to "is it running?"."""
    async with listening(RecordingServer(PORTS), transport) as target:
        pass

    async with asyncio.timeout(5):
        with pytest.raises((PeerGone, ConnectionRefusedError)):
            async with connect(target) as client:
                await client.request(request(client), b"z9hG4bK1", invite=True)


@pytest.mark.parametrize("transport", Transport)
async def test_a_client_speaks_from_the_address_that_it_is_given(transport: Transport) -> None:
    """A node tells its sources by their address."""
    async with (
        listening(RecordingServer(PORTS), transport) as target,
        connect(target, "127.0.0.9") as client,
    ):
        assert client.local.startswith(b"127.0.0.9:")
