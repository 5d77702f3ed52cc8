"""The RTP sockets of a real holder, by pair."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from capture.endpoints.rtp_sockets import RtpSockets
from tests.capture.media import scene
from tests.capture.media.scene import LOOPBACK, Node


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    made = scene.node(tmp_path)
    yield made
    made.close()


def hears(ears: RtpSockets, pair: int, port: int) -> bool:
    """Does a datagram to the port of a pair arrive in its socket?"""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", (LOOPBACK, port))
    ear = socket.socket(fileno=os.dup(ears.descriptors[pair]))
    with ear:
        try:
            return bool(ear.recv(64))
        except BlockingIOError:
            return False


def ears_of(node: Node) -> RtpSockets:
    """One worker's."""
    return RtpSockets([node.holder.names["rtp-0"]])


def test_pairs_go_round_the_workers() -> None:
    """Pair n is worker n % workers' (as the pool of ports gives them out)."""
    assert RtpSockets([[10, 12, 14], [11, 13]]).descriptors == [10, 11, 12, 13, 14]


def test_a_pair_hears_only_while_it_is_open(node: Node) -> None:
    """What is sent before a call begins or after it ended is nobody's."""
    ears, port = ears_of(node), node.plan.first_port + 2
    assert not hears(ears, 1, port)

    ears.open([1])
    assert hears(ears, 1, port)
    assert not hears(ears, 0, port - 2)

    ears.close([1])
    assert not hears(ears, 1, port)


def test_a_pair_whose_port_another_program_has_is_known(node: Node) -> None:
    """It must be given to no call."""
    assert ears_of(node).unbound() == []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as unbound:
        assert RtpSockets([[node.holder.names["rtp-0"][0], unbound.fileno()]]).unbound() == [1]
