"""Sockets of pairs, fetched block by block."""

import os
import socket

import pytest

from capture.holder import kernel
from capture.media.relay import pair_sockets
from capture.media.relay.pair_sockets import RelaySockets
from tests.capture.media import scene
from tests.capture.media.relay_scene import HeldHere
from tests.capture.media.scene import Node, rtp


class Counting(HeldHere):
    def __init__(self, node: Node) -> None:
        super().__init__(node)
        self.asked: list[tuple[str, int]] = []

    def take_some(self, name: str, first: int, count: int) -> list[int]:
        self.asked.append((name, first))
        return super().take_some(name, first, count)


def test_a_pair_s_sockets_hear_from_when_they_are_opened_until_they_are_closed(node: Node) -> None:
    """What comes outside of a call is dropped by the kernel."""
    sockets = RelaySockets(HeldHere(node), 0, 1)
    rtp_socket, rtcp_socket = sockets.open(2)
    assert [each.getsockname()[1] for each in (rtp_socket, rtcp_socket)] == [
        node.port(2), node.port(2) + 1,
    ]  # fmt: skip
    node.send(2, rtp(1))
    assert scene.readable(rtp_socket)
    assert rtp_socket.recv(4096) == rtp(1)
    sockets.close(2)
    node.send(2, rtp(2))

    assert not scene.readable(rtp_socket, 0)


def test_the_holder_is_asked_once_for_many_pairs(node: Node) -> None:
    """A successor takes a thousand calls over in a moment."""
    holder = Counting(node)
    sockets = RelaySockets(holder, 0, 1)
    opened = [sockets.open(pair) for pair in (3, 0, 1, 3)]

    assert holder.asked == [("rtp-0", 0), ("rtcp-0", 0)]
    assert opened[0] is opened[3]


def test_pairs_lie_in_blocks_of_a_worker_s_share(node: Node, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """Pair n is entry n // workers of worker n % workers."""
    monkeypatch.setattr(pair_sockets, "BLOCK", 2)

    class Two(Counting):
        def take_some(self, name: str, first: int, count: int) -> list[int]:
            self.asked.append((name, first))
            kind, _, worker = name.partition("-")
            share = self._names[f"{kind}-0"][int(worker) :: 2]
            return [os.dup(each) for each in share[first : first + count]]

    holder = Two(node)
    found = RelaySockets(holder, 1, 2).open(3)

    assert found[0].getsockname()[1] == node.port(3)
    assert holder.asked == [("rtp-1", 0), ("rtcp-1", 0)]


def test_a_pair_that_the_holder_has_not_is_asked_for_again(node: Node) -> None:
    """One bad answer is not the end of a whole block."""

    class Late(Counting):
        def take_some(self, name: str, first: int, count: int) -> list[int]:
            found = super().take_some(name, first, count)
            return [] if len(self.asked) <= 2 else found

    sockets = RelaySockets(Late(node), 0, 1)
    with pytest.raises(LookupError):
        sockets.open(1)

    assert sockets.open(1)[0].getsockname()[1] == node.port(1)


def test_a_socket_of_ours_is_a_copy(node: Node) -> None:
    """Closing it takes nothing from the holder."""
    sockets = RelaySockets(HeldHere(node), 0, 1)
    sockets.open(0)[0].close()
    kernel.open_filter(node.holder.names["rtp-0"][0])
    with socket.socket(fileno=os.dup(node.holder.names["rtp-0"][0])) as held:
        assert held.getsockname()[1] == node.port(0)
