"""`rokuon user`."""

import json
import os

import httpx2
import pytest

from api.permissions.peers import Peer
from rokuon.cli.terminal.exits import Exit, code_for
from rokuon.compose.api import peer_protocol
from rokuon.machine.api_client import ApiRefused
from rokuon.machine.logins import name_of
from rokuon.messages.error_words import words_of
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation, installation


def shown(site: Installation, name: str) -> dict[str, object]:
    """What is known of a user."""
    found: dict[str, object] = json.loads(run_at(site, "user", "show", name, "-o", "json").output)
    return found


def test_a_user_is_made_given_roles_and_a_login_and_ended(site: Installation) -> None:
    """What is said while it is done, and what there is afterwards."""
    run_at(site, "user", "add", "sato", "--purpose", "quality")
    part = run_at(site, "user", "role", "sato", "reviewer", "--queue", "Support", "--queue", "x")
    whole = run_at(site, "user", "role", "sato", "auditor")
    run_at(site, "user", "os-name", "sato", "dsato")
    listed = run_at(site, "user", "list").output
    before = shown(site, "sato")
    run_at(site, "user", "role", "sato", "auditor", "--remove")
    run_at(site, "user", "os-name", "sato", "dsato", "--remove")
    run_at(site, "user", "disable", "sato")
    after = shown(site, "sato")

    assert "reviewer: Support x" in part.output
    assert "auditor: everything" in whole.output
    assert "reviewer (Support x), auditor (everything)" in listed
    assert (before["purpose"], before["os_names"]) == ("quality", ["dsato"])
    assert [each["role"] for each in after["roles"]] == ["reviewer"]  # type: ignore[attr-defined]  # JSON
    assert after["os_names"] == []
    assert after["disabled_at"] is not None


def test_what_the_api_refuses_has_its_exit_code(site: Installation) -> None:
    """1 for what is not there, 2 for what cannot be."""
    run_at(site, "user", "add", "ono")
    for words, code in (
        (("show", "nobody"), Exit.ERROR),
        (("add", "ono"), Exit.ERROR),
        (("add", "Ono"), Exit.USAGE),
        (("role", "ono", "king"), Exit.USAGE),
    ):
        refused = run_at(site, "user", *words).exception
        assert isinstance(refused, ApiRefused)
        assert code_for(refused) is code


def test_a_token_is_one_line_and_another_one_each_time(site: Installation) -> None:
    """It can be put into a variable of a shell, and works."""
    first, second = (run_at(site, "user", "token", "crm").output for _ in range(2))
    transport = httpx2.HTTPTransport(uds=str(site.answering()))
    headers = {"Authorization": f"Bearer {first.strip()}"}
    with httpx2.Client(transport=transport, base_url="http://rokuon/api/v1") as client:
        allowed = client.get("/tokens", headers=headers).status_code

    assert first.startswith("rokuon_")
    assert first.count("\n") == 1
    assert first != second
    assert allowed == 403


def test_a_token_of_one_s_own_is_a_person_s(site: Installation) -> None:
    """Root is nobody, though it acts as somebody."""
    own = run_at(site, "user", "token", "--note", "laptop")
    if os.geteuid() == 0:
        assert isinstance(own.exception, ApiRefused)
        assert own.exception.code == "person_needed"
    else:
        assert own.output.startswith("rokuon_")


def test_a_service_that_hears_is_proposed_and_the_command_says_what_comes_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Which proposal another person approves; then the same command goes on."""
    login = name_of(os.geteuid())
    monkeypatch.setattr(peer_protocol, "peer_of", lambda _: Peer(4_711, login))
    with installation() as site:
        site.answering()
        run_at(site, "approval", "one-person", "--end")
        alone = run_at(site, "user", "token", "crm", "--scope", "ledger:read")
        hears = run_at(site, "user", "token", "crm", "--scope", "audio:listen").exception
        asked = json.loads(run_at(site, "approval", "list", "-o", "json").output)

    assert alone.output.startswith("rokuon_")
    assert isinstance(hears, ApiRefused)
    assert words_of(hears).startswith("Another person must approve it: rokuon approval give 1;")
    assert [each["summary"] for each in asked] == ["crm: 90 days for technical, may audio:listen"]


def test_root_that_is_somebody_gives_no_service_ears(monkeypatch: pytest.MonkeyPatch) -> None:
    """It counts as nobody, whoever it is mapped to."""
    login = name_of(os.geteuid())
    monkeypatch.setattr(peer_protocol, "peer_of", lambda _: Peer(0, login))
    with installation() as site:
        site.answering()
        run_at(site, "approval", "one-person", "--end")
        hears = run_at(site, "user", "token", "crm", "--scope", "audio:listen").exception

    assert isinstance(hears, ApiRefused)
    assert (hears.code, code_for(hears)) == ("person_needed", Exit.NOT_PERMITTED)
