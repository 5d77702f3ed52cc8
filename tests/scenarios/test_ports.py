"""Scenarios find ports beside a recorder that is at work on this machine."""

import socket
from collections.abc import Callable

import pytest

from rokuon.config.schema import Config
from tests.scenarios import server
from tests.scenarios.phones import ports

HOST = "127.0.0.1"
RTP = Config().rtp
RECORDERS = {5_060, 5_061, 8_080, *range(RTP.first_port, RTP.last_port + 2)}


def is_free(_host: str, port: int, _kind: socket.SocketKind) -> bool:
    """On a machine with a recorder that takes its default ports at every address."""
    return port not in RECORDERS


@pytest.mark.parametrize("find", [ports.signalling, ports.media, ports.relayed])
def test_phones_and_relays_find_ports_that_the_recorder_does_not_have(
    monkeypatch: pytest.MonkeyPatch, find: Callable[[str], range]
) -> None:
    """Its range for media is all from 10000 to 29999."""
    monkeypatch.setattr(ports, "_is_free", is_free)

    found = [find(HOST) for _ in range(3)]

    assert all(RECORDERS.isdisjoint(each) for each in found)


def test_who_takes_ports_at_every_address_stays_above_its_range() -> None:
    """Whether such a recorder is there or not."""
    assert RECORDERS.isdisjoint(ports.media_anywhere())


def test_so_do_the_recorders_of_the_scenarios(monkeypatch: pytest.MonkeyPatch) -> None:
    """One for the run, one for the test, a second node each; and two runs at once."""
    taken = set(RECORDERS)
    monkeypatch.setattr(server, "_is_free", lambda port, *_: port not in taken)

    for _ in range(8):
        found = server.free_media()
        assert taken.isdisjoint(found)
        taken |= {*found}


def test_ports_that_nobody_has_are_said_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not looked for without end."""
    monkeypatch.setattr(ports, "_is_free", lambda *_: False)

    for find in (ports.signalling, ports.media, ports.relayed):
        with pytest.raises(AssertionError, match=f"no ports are free on {HOST}"):
            find(HOST)
