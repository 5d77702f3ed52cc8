"""A worker's side of the socket to signalling, here a relay's."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from capture.links import client_link
from capture.links.client_link import RECONNECT_S, RETRY_S, ClientLink
from capture.links.framed_messages import framed
from capture.links.relay_messages import RelayEverything, RelayGone, RelayHello, RelayStream

GONE = RelayGone(call=b"c" * 16)


@pytest.fixture
def ear(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "relay.sock"))
        listener.listen()
        yield listener


def test_what_each_says_the_other_hears(ear: socket.socket, tmp_path: Path) -> None:
    """Whole messages, however they are cut."""
    link = ClientLink(tmp_path / "relay.sock", RelayStream)
    assert link.connect(0.0)
    peer, _ = ear.accept()
    link.say(RelayHello(worker=3))
    assert list(RelayStream().feed(peer.recv(4096))) == [RelayHello(worker=3)]
    data = framed(GONE) + framed(RelayEverything())
    peer.sendall(data[:7])
    assert list(link.read()) == []
    peer.sendall(data[7:])

    assert list(link.read()) == [GONE, RelayEverything()]
    assert list(link.read()) == []
    peer.close()
    link.close()


@pytest.mark.usefixtures("ear")
def test_signalling_is_looked_for_ten_times_a_second(tmp_path: Path) -> None:
    """Not at every packet."""
    link = ClientLink(tmp_path / "nobody.sock", RelayStream)
    assert not link.connect(5.0)
    link._path = tmp_path / "relay.sock"
    assert not link.connect(5.0 + RETRY_S / 2)
    assert link.connect(5.0 + RETRY_S)
    assert not link.connect(9.0)
    link.close()


@pytest.mark.parametrize(
    "data", [b"", b"\xff" * 8, b"\0\0\0\2{}"], ids=["end", "long", "no message"]
)
def test_a_connection_that_is_broken_is_left(
    ear: socket.socket, tmp_path: Path, data: bytes
) -> None:
    """The relay goes on without it."""
    link = ClientLink(tmp_path / "relay.sock", RelayStream)
    link.connect(0.0)
    peer, _ = ear.accept()
    peer.sendall(data)
    peer.close()

    assert list(link.read()) == []
    assert link.descriptor == -1
    link.say(GONE)
    assert list(link.read()) == []


def test_signalling_that_reads_nothing_is_waited_for_and_then_left(
    ear: socket.socket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No packet waits for it meanwhile."""
    link = ClientLink(tmp_path / "relay.sock", RelayStream)
    link.connect(0.0)
    peer, _ = ear.accept()
    for _ in range(20_000):
        link.say(GONE)
    assert link.descriptor >= 0
    heard, stream = 0, RelayStream()
    while heard < 20_000:
        heard += len(list(stream.feed(peer.recv(1 << 16))))
        link.flush()
    monkeypatch.setattr(client_link, "MAX_WAITING_BYTES", 1)
    for _ in range(20_000):
        link.say(GONE)

    assert link.descriptor == -1
    peer.close()


@pytest.mark.usefixtures("ear")
def test_a_link_that_breaks_at_once_is_made_again_once_a_second(tmp_path: Path) -> None:
    """Each time everything is told again: a storm of greetings keeps both from their calls."""
    link = ClientLink(tmp_path / "relay.sock", RelayStream)
    assert link.connect(5.0)
    link.close()

    assert link.next_due_s(5.0) == 5.0 + RECONNECT_S
    assert not link.connect(5.0 + RECONNECT_S - RETRY_S)
    assert link.connect(5.0 + RECONNECT_S)
    link.close()
