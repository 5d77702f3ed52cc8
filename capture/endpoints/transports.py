"""Every transport of SIP: the endpoints on the holder's sockets, and by which a message goes.

Knows which there are. Knows nothing of what is said over them.
"""

from dataclasses import dataclass

from capture.endpoints.certificates import TlsFiles, client_context, server_context
from capture.endpoints.tcp import Carrier, TcpEndpoint, UpperLayer
from capture.endpoints.udp import UdpEndpoint
from capture.endpoints.wire import PLAIN, TlsWires
from capture.holder.client import HolderClient
from capture.sip.events import SendMessage
from capture.sip.flow import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsPlan:
    """SIP over TLS: the address that peers know, and the files that it needs."""

    address: Address
    files: TlsFiles


class Transports:
    """The endpoints of one process; each message that comes is given to the layer above."""

    def __init__(
        self,
        holder: HolderClient,
        local: Address,
        tls: TlsPlan | None,
        above: UpperLayer,
    ) -> None:
        self._udp = UdpEndpoint(holder.take_one("sip-udp"), local, above.receive)
        plain = Carrier(transport="tcp", wires=PLAIN, holder=holder)
        tcp = TcpEndpoint(holder.take_one("sip-tcp"), local, above, plain)
        self._streams = {"tcp": tcp}
        self._wires: TlsWires | None = None
        if tls is not None:
            self._wires = TlsWires(server_context(tls.files), client_context(tls.files))
            sealed = Carrier(transport="tls", wires=self._wires)
            self._streams["tls"] = TcpEndpoint(
                holder.take_one("sip-tls"), tls.address, above, sealed
            )

    def send(self, message: SendMessage) -> None:
        """Write a message along its flow; one of a transport that is not there is lost."""
        endpoint = self._streams.get(message.flow.transport)
        if endpoint is not None:
            endpoint.send(message.flow, message.data)
        elif message.flow.transport == "udp":
            self._udp.send(message.flow, message.data)

    def use(self, tls: TlsPlan | None) -> None:
        """Other certificates for the connections that come; raises `CertificatesUnusable`."""
        if tls is not None and self._wires is not None:
            self._wires.use(server_context(tls.files), client_context(tls.files))
