"""The UDP socket of SIP on loopback."""

import socket

import pytest
from structlog.testing import capture_logs

from capture.sip.flow import Address, Flow
from tests.capture.endpoints.stage import HERE, Node, Peer


async def test_a_datagram_comes_with_its_way_and_the_answer_goes_back_on_it(node: Node) -> None:
    """The address is what the kernel says, not what the message says."""
    endpoint = node.udp()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        peer = Peer(sock)
        sock.sendto(b"one", node.listens)
        sock.sendto(b"two", node.listens)
        first, second = await node.inbox.take(), await node.inbox.take()
        endpoint.send(first[1], b"answer")

        assert (first[0], second[0]) == (b"one", b"two")
        assert first[1] == Flow(
            transport="udp", local=HERE, remote=Address("127.0.0.1", sock.getsockname()[1])
        )
        assert await peer.receive() == b"answer"


async def test_an_answer_that_nobody_takes_stops_nothing(node: Node) -> None:
    """The peer's port is closed: an ICMP error comes back on our socket."""
    endpoint = node.udp()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gone:
        gone.bind(("127.0.0.1", 0))
        nobody = Address(*gone.getsockname())
    endpoint.send(Flow(transport="udp", local=HERE, remote=nobody), b"answer")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(b"still there", node.listens)

        assert (await node.inbox.take())[0] == b"still there"


@pytest.mark.parametrize("remote", [Address("::1", 5060), Address("127.0.0.1", 0)])
async def test_what_cannot_be_sent_is_said_without_the_address(node: Node, remote: Address) -> None:
    """A Contact may name anything."""
    endpoint = node.udp()
    with capture_logs() as logs:
        endpoint.send(Flow(transport="udp", local=HERE, remote=remote), b"answer")

    assert [entry["event"] for entry in logs] == ["datagram not sent"]
    assert remote.host not in str(logs)
