"""By which endpoint a message leaves."""

from pathlib import Path

from capture.endpoints.certificates import TlsFiles
from capture.endpoints.transports import TlsPlan, Transports
from capture.sip.events import SendMessage
from capture.sip.flow import Address, Flow
from tests.support.live_signalling import Node, Running

LOST = Flow(transport="sctp", local=Address("127.0.0.1", 1), remote=Address("127.0.0.1", 1))


async def test_a_message_of_a_transport_that_is_not_there_is_lost(node: Node) -> None:
    """As any datagram may be; nothing is raised into a call."""
    async with Running(node) as running:
        transports = running.signalling._transports
        assert isinstance(transports, Transports)
        transports.send(SendMessage(flow=LOST, data=b"x"))
        assert transports._streams.keys() == {"tcp"}


async def test_certificates_of_a_node_without_tls_wait_for_a_restart(node: Node) -> None:
    """Its port is opened at the start alone; files that are not there are not even read."""
    async with Running(node) as running:
        files = TlsFiles(certificate=Path("none"), key=Path("none"))
        plan = TlsPlan(address=Address("127.0.0.1", 5061), files=files)
        running.signalling._transports.use(plan)

        assert running.signalling._transports._wires is None
