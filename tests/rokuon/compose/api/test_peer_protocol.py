"""Who is at the other end of the API's socket."""

import os
import socket
from pathlib import Path

import httpx2
import pytest

from api.permissions.peers import Peer
from rokuon.compose.api.peer_protocol import PeerProtocol, listen_at, peer_of
from rokuon.machine.logins import name_of
from tests.rokuon.installation import Installation, api_of, installation


async def test_the_kernel_says_who_has_connected(tmp_path: Path) -> None:
    """This user, by the name that the system has for it."""
    with listen_at(tmp_path / "api.sock") as listener, socket.socket(socket.AF_UNIX) as asking:
        asking.connect(str(tmp_path / "api.sock"))
        accepted, _ = listener.accept()
        with accepted:
            found = peer_of(accepted)

    assert (found.uid, found.name) == (os.geteuid(), name_of(os.geteuid()))


def test_a_socket_that_a_former_process_left_is_replaced(tmp_path: Path) -> None:
    """Everybody may connect; what each may ask is decided behind it."""
    path = tmp_path / "run" / "api.sock"
    listen_at(path).close()
    with listen_at(path):
        assert path.stat().st_mode & 0o777 == 0o666


def test_each_user_has_a_share_of_its_own_of_the_connections(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else one who opens hundreds at the socket would have root's command cut off."""
    shares = set()
    for uid in (0, 1000):
        monkeypatch.setattr(PeerProtocol, "_peer", Peer(uid, f"user {uid}"))
        shares.add(object.__new__(PeerProtocol).whose())

    assert len(shares) == 2


def test_without_a_token_the_peer_is_who_asks_and_no_header_makes_it_another(
    site: Installation,
) -> None:
    """A forged header, an empty or a wrong token: none of them becomes somebody."""
    transport = httpx2.HTTPTransport(uds=str(site.answering()))
    with httpx2.Client(transport=transport, base_url="http://rokuon/api/v1") as client:
        asked = client.get("/agents")
        forged = client.get("/agents", headers={"peer": "root", "X-Forwarded-User": "root"})
        wrong = client.get("/agents", headers={"Authorization": "Bearer rokuon_x"})

    assert (asked.status_code, forged.status_code, wrong.status_code) == (200, 200, 401)


def test_whom_nobody_has_mapped_may_see_nothing_though_it_runs_the_api() -> None:
    """Root too: it can make a first user, and is written down as root."""
    base = "http://rokuon/api/v1"
    with installation() as site, api_of(site.config):
        client = httpx2.Client(transport=httpx2.HTTPTransport(uds=str(site.config.http.socket)))
        asked = {
            path: client.get(f"{base}{path}").status_code
            for path in ("/health", "/agents", "/users", "/tokens", "/live/calls", "/approvals")
        }

        client.close()

    assert asked.pop("/health") == 200
    assert set(asked.values()) == {403}
