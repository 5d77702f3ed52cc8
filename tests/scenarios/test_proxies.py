"""Through nginx and through Caddy as the how-to has them: bodies, events, ranges, names, logs."""

import json
import ssl
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPResponse, HTTPSConnection
from typing import Final

import pytest

from bench.server import Running, start_rokuon
from tests.crash.whole import own_rtp_ports
from tests.scenarios.proxies import NAME, PROXIES, Proxy, example, missing
from tests.scenarios.waiting import until

pytestmark = pytest.mark.scenario

# With its ends of lines as JSON has them more than the 1 MB that nginx takes unless told otherwise.
POLICY_LINES: Final = 90_000
PATIENCE_S: Final = 60


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A recorder that trusts the proxy, as step 1 says."""
    settings, folder = example("toml").partition("[http]")[2], tmp_path_factory.mktemp("behind")
    running = start_rokuon(folder, max_calls=20, rtp_ports=own_rtp_ports(), more=settings)
    yield running
    running.stop()


@pytest.fixture(scope="module", params=PROXIES)
def proxy(
    request: pytest.FixtureRequest, behind: Running, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    """Each of them."""
    if why := missing(request.param):
        pytest.skip(why)
    folder = tmp_path_factory.mktemp(request.param)
    with PROXIES[request.param](folder, behind.http_port) as started:
        yield started


@pytest.fixture(scope="module")
def token(behind: Running) -> str:
    """Of a service that may do what is tried here."""
    scopes = ("policy:read", "live:read", "calls:search", "calls:read", "audio:listen")
    asked = (word for scope in scopes for word in ("--scope", scope))
    return _typed(behind, "user", "token", "proxies", *asked).split()[-1]


def _command(behind: Running, *words: str) -> list[str]:
    return [sys.executable, "-m", "rokuon", "--config", str(behind.config), *words]


def _typed(behind: Running, *words: str) -> str:
    said = subprocess.run(_command(behind, *words), capture_output=True, text=True, check=True)
    return said.stdout


def _ask(
    proxy: Proxy,
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes | None = None,
    name: str = NAME,
) -> HTTPResponse:
    """The answer; its certificate is not looked at: nobody has signed it."""
    context = ssl._create_unverified_context()  # noqa: S323
    connection = HTTPSConnection("localhost", proxy.port, context=context, timeout=PATIENCE_S)
    connection.request(method, path, body, {"Host": name, **headers})
    return connection.getresponse()


def _bearer(token: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Rokuon-Purpose": "technical", **more}


def _event_of_a_call(behind: Running, events: HTTPResponse) -> bool:
    """Whether the call is told of while it is up: what a proxy keeps back comes at its end."""
    with subprocess.Popen(
        _command(behind, "selftest", "--calls", "1"), stdout=subprocess.DEVNULL
    ) as calling:
        while line := events.readline():
            if line.startswith(b"event: call"):
                return calling.poll() is None
    return False


def _call(behind: Running) -> str:
    window = ("--from", "yesterday", "--to", "today", "--zone", "UTC")

    def found() -> str | None:
        rows = json.loads(_typed(behind, "calls", "find", *window, "-o", "json") or "[]")
        return str(rows[0]["call"]) if rows else None

    return until(found, "the recording", within_s=PATIENCE_S)


def test_a_large_body_comes_through_whole(proxy: Proxy, token: str) -> None:
    """A policy of more than a megabyte: it is read to its last line, where its one mistake is."""
    lines = [f"# {number:08}" for number in range(POLICY_LINES)]
    text = "\n".join(["form = 1", *lines, "wrong"])
    body, json_of = json.dumps({"text": text}).encode(), {"Content-Type": "application/json"}

    answer = _ask(proxy, "POST", "/api/v1/policies/check", _bearer(token, **json_of), body)

    assert len(body) > 1 << 20
    assert json.load(answer)["code"] == "policy_refused"


def test_live_calls_are_told_of_as_they_happen_and_ranges_are_ranges(
    behind: Running, proxy: Proxy, token: str
) -> None:
    """And nobody between keeps what is of a person."""
    events = _ask(proxy, "GET", "/api/v1/live", _bearer(token))
    assert events.getheader("Cache-Control") == "no-store"
    assert _event_of_a_call(behind, events)
    events.close()

    path = f"/api/v1/calls/{_call(behind)}/audio"
    part = _ask(proxy, "GET", path, _bearer(token, Range="bytes=100-299"))

    assert (part.status, len(part.read())) == (206, 200)
    assert str(part.getheader("Content-Range")).startswith("bytes 100-299/")
    assert part.getheader("Cache-Control") == "no-store"


def test_pages_are_given_under_their_name_and_the_log_has_no_query(proxy: Proxy) -> None:
    """A page that is asked for over TLS from elsewhere lets its reader sign in."""
    page = _ask(proxy, "GET", "/sign-in?number=0312345678", {"Accept": "text/html"})
    other = _ask(proxy, "GET", "/sign-in", {"Accept": "text/html"}, name="evil.example")
    assert page.status == 200
    assert b'type="password"' in page.read()
    assert b'type="password"' not in other.read()

    def logged() -> str | None:
        said = proxy.log.read_text() if proxy.log.exists() else ""
        return said if "/sign-in" in said else None

    assert "0312345678" not in until(logged, "its line in the log")
