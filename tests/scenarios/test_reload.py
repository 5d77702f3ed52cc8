"""Sources and certificates that change while calls are up. SIPp calls over TLS."""

import shutil
import ssl
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from tests.scenarios.exchanges import Pause, answered, hung_up, playing
from tests.scenarios.server import HOST, KNOWN_PEER, Server, make_certificate, running
from tests.scenarios.waiting import met, now, until

pytestmark = pytest.mark.scenario

CALLS: Final = 50
NEW_PEER: Final = "127.0.0.9"
CALL: Final = (*answered(), Pause(8), *hung_up(2))


@pytest.fixture
def server() -> Iterator[Server]:
    """A Rokuon of this test alone: it is reconfigured."""
    with (
        tempfile.TemporaryDirectory(prefix="rk") as folder,
        running(Path(folder), timeout_s=60) as started,
    ):
        yield started


def certificate_of(server: Server) -> str:
    """What a new connection is shown."""
    return ssl.get_server_certificate((HOST, server.tls_port))


def new_certificate(server: Server) -> str:
    """Put another one in the place of the server's; what it is."""
    with tempfile.TemporaryDirectory() as folder:
        make_certificate(Path(folder))
        for name in ("node.key", "node.crt"):
            shutil.copy(Path(folder) / name, server.folder / name)
    return server.certificate.read_text()


def complete(server: Server, since: datetime) -> list[dict[str, Any]]:
    """The recordings that began since then and are over."""
    window = (since.isoformat(), (since + timedelta(minutes=5)).isoformat())
    rows = server.rows("calls", "find", "--from", window[0], "--to", window[1], "--limit", "500")
    return [row for row in rows if row["state"] == "complete"]


def test_fifty_calls_go_on_while_certificate_and_sources_change(server: Server) -> None:
    """Also those of a source that is gone; new calls meet what is new."""
    since = now()
    with playing(server, CALL, calls=CALLS, transport="tls") as play:
        met(lambda: len(server.rows("calls", "live", expected=None)) == CALLS, "fifty calls")
        text = server.configuration.read_text()
        server.configuration.write_text(text.replace(f"{KNOWN_PEER}/32", f"{NEW_PEER}/32"))
        fresh = new_certificate(server)
        server.reload()
        met(lambda: certificate_of(server) == fresh, "the new certificate")
        assert len(server.rows("calls", "live", expected=None)) == CALLS
        play.finish()
    with playing(
        server, (*answered(), *hung_up(2)), calls=1, transport="tls", host=NEW_PEER
    ) as one:
        one.finish()

    rows = until(lambda: _all(complete(server, since), CALLS + 1), "the recordings")
    assert {flag for row in rows for flag in row["flags"]} <= {"metadata_missing", "side_guessed"}


def _all(rows: list[dict[str, Any]], count: int) -> list[dict[str, Any]] | None:
    return rows if len(rows) == count else None
