"""Networks that are not one IPv4 wire: IPv6, and a client behind address translation.

SIPp signals, ffmpeg speaks, tcpdump is the witness.
"""

import re
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from tests.scenarios import namespaces
from tests.scenarios.exchanges import Get, Pause, Reply, answered, hung_up, playing, sdp
from tests.scenarios.oracle import same_datagrams
from tests.scenarios.recordings import Recorded
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, speaking
from tests.scenarios.server import Server, running
from tests.scenarios.waiting import now, until
from tests.scenarios.witness import Datagram, Witness, watching

pytestmark = pytest.mark.scenario

LOOPBACK: Final = "::1"


def answered_ports(witness: Witness, tag: str) -> list[int]:
    """The ports that the call of this tag was answered with, waited for."""

    def both() -> list[int] | None:
        taken = [d for d in witness.seen() if tag.encode() in d.payload and b" 200 " in d.payload]
        lines = [re.findall(rb"^m=audio (\d+)", d.payload, re.MULTILINE) for d in taken]
        return [int(port) for port in lines[0]] if lines and lines[0] else None

    return until(both, "the answer")


def recorded(server: Server, since: datetime) -> Recorded:
    """The only call since then."""
    window = (since.isoformat(), (since + timedelta(minutes=5)).isoformat())

    def find() -> Recorded | None:
        rows = server.rows("calls", "find", "--from", window[0], "--to", window[1])
        return next((Recorded(server, row) for row in rows if row["state"] == "complete"), None)

    return until(find, "the recording")


def media(witness: Witness, lines: list[int]) -> list[Datagram]:
    """What came to these ports and to their RTCP."""
    own = {port + rtcp for port in lines for rtcp in (0, 1)}
    return [d for d in witness.seen() if d.is_udp and d.target.port in own]


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_call_over_ipv6_is_recorded(transport: str) -> None:
    """Signalling and media; the answer names our address of that family."""
    with (
        tempfile.TemporaryDirectory(prefix="rk") as folder,
        running(Path(folder), bind=LOOPBACK, peer=f"{LOOPBACK}/128") as server,
        watching(server.folder, server.traffic) as witness,
    ):
        since = now()
        steps = (*answered(body=sdp(address="IP6 ::1")), Pause(5), *hung_up(2))
        with playing(server, steps, calls=1, transport=transport, host=LOOPBACK) as play:  # type: ignore[arg-type]  # one of them
            lines = answered_ports(witness, play.tag)
            said = list(zip((CUSTOMER_SAYS, AGENT_SAYS), lines, strict=True))
            with speaking(said, host=LOOPBACK):
                pass
            play.finish()

        answers = [d.payload for d in witness.seen() if b" 200 " in d.payload]
        assert b"c=IN IP6 ::1" in answers[0]
        same_datagrams(recorded(server, since).datagrams(), media(witness, lines))


@pytest.mark.skipif(bool(namespaces.why_not()), reason=namespaces.why_not())
def test_a_client_behind_address_translation_is_recorded_and_can_be_called_back() -> None:
    """Its Via, Contact and SDP name an address that nobody can reach (RFC 3581, RFC 5626).

    It falls silent; our BYE must find it through the translator.
    """
    with (
        tempfile.TemporaryDirectory(prefix="rk") as folder,
        namespaces.behind_translation() as network,
        running(
            Path(folder),
            bind=namespaces.SERVER,
            peer=f"{namespaces.OUTSIDE}/32",
            within=network.server.command(),
        ) as server,
        watching(
            server.folder, server.traffic, interface="eth0", within=network.server.command()
        ) as witness,
    ):
        since = now()
        # Larger than the wires' 1,500 bytes: the INVITE comes in fragments.
        offer = sdp(address=f"IP4 {namespaces.CLIENT}") + "".join(
            f"a=x-note:{n:060}\n" for n in range(150)
        )
        steps = (*answered(body=offer), Get("BYE"), Reply(200))
        with playing(
            server, steps, calls=1, host=namespaces.CLIENT, within=network.client.command()
        ) as play:
            lines = answered_ports(witness, play.tag)
            said = list(zip((CUSTOMER_SAYS, AGENT_SAYS), lines, strict=True))
            with speaking(said, host=namespaces.SERVER, within=network.client.command()):
                pass
            play.finish()

        kept = recorded(server, since)
        assert kept.flags >= {"no_bye"}
        same_datagrams(kept.datagrams(), media(witness, lines))
        assert {d.source.host for d in kept.datagrams()} == {namespaces.OUTSIDE}
