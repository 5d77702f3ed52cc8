"""Sources and certificates that change while calls are up. SIPp calls over TLS."""

import shutil
import ssl
import tempfile
from pathlib import Path
from typing import Any, Final

import pytest

from tests.scenarios.bodies import both, description, metadata
from tests.scenarios.exchanges import Pause, answered, hung_up, playing
from tests.scenarios.oracle import same_datagrams
from tests.scenarios.recordings import answered_since, recorded_of
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, speaking
from tests.scenarios.server import HOST, KNOWN_PEER, Server, make_certificate
from tests.scenarios.stage import Stage, fresh_number
from tests.scenarios.waiting import met, now, until
from tests.scenarios.witness import watching

pytestmark = pytest.mark.scenario

CALLS: Final = 50
NEW_PEER: Final = "127.0.0.9"
CALL: Final = (*answered(), Pause(8), *hung_up(2))


@pytest.fixture
def server(own_server: Server) -> Server:
    """A Rokuon of this test alone: it is reconfigured."""
    return own_server


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


def live(server: Server) -> int:
    """How many calls are up."""
    return len(server.rows("calls", "live", expected=None))


def test_fifty_calls_go_on_while_certificate_and_sources_change(server: Server) -> None:
    """Also those of a source that is gone, whose media is whole; new calls meet what is new."""
    since, offer = now(), both(description(), metadata(fresh_number()))
    with (
        watching(server.folder, server.traffic) as witness,
        playing(server, CALL, calls=CALLS, transport="tls") as play,
    ):
        met(lambda: live(server) == CALLS, "fifty calls")
        with Stage(server, witness).call("call", offer) as spoken:
            said = zip((CUSTOMER_SAYS, AGENT_SAYS), spoken.scene.ports(), strict=True)
            with speaking(list(said)):
                text = server.configuration.read_text()
                server.configuration.write_text(text.replace(f"{KNOWN_PEER}/32", f"{NEW_PEER}/32"))
                fresh = new_certificate(server)
                server.reload()
                met(lambda: certificate_of(server) == fresh, "the new certificate")
                assert live(server) == CALLS + 1
            spoken.hang_up()
        play.finish()
        found = recorded_of(spoken.scene, "--id", spoken.scene.call_id)
        same_datagrams(found.datagrams(), spoken.scene.media())
    with playing(
        server, (*answered(), *hung_up(2)), calls=1, transport="tls", host=NEW_PEER
    ) as one:
        one.finish()

    rows = until(lambda: _all(answered_since(server, since), CALLS + 2), "the rows of the calls")
    silent = [row["detail"] for row in rows if row["fate"] == "without audio"]
    assert silent == ["bye"] * (CALLS + 1)


def _all(rows: list[dict[str, Any]], count: int) -> list[dict[str, Any]] | None:
    return rows if len(rows) == count else None
