"""Where a message came from and where an answer goes (RFC 3261 §18, RFC 3581).

A value only: it opens nothing and resolves no name.
"""

from dataclasses import replace
from ipaddress import ip_address
from typing import Literal, NamedTuple

import msgspec

from capture.errors import PeerBrokeProtocol
from capture.sip.grammar import split_outside
from capture.sip.headers import DEFAULT_PORT, DEFAULT_TLS_PORT
from capture.sip.message import HeaderLine, Message, Request
from capture.sip.uri import SipUri, bare_host, parse_uri


class Address(NamedTuple):
    """An IP address as text, and a port."""

    host: str
    port: int


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """One way to a peer: `transport` is "udp", "tcp" or "tls", `connection` is 0 for UDP.

    On a stream the bytes go to `connection`; `remote` is where to connect anew once that
    connection is gone (RFC 3261 §18.2.2). `local` is the address that the peer knows us by, `names`
    are those that its certificate proves. Whom we call over TLS must prove `name`, "": any name.
    Whom we call behind an address translator (`is_translated`) is reached nowhere else.
    """

    transport: str
    local: Address
    remote: Address
    connection: int = 0
    names: tuple[str, ...] = ()
    name: str = ""
    is_translated: bool = False

    @property
    def is_reliable(self) -> bool:
        """Does the transport retransmit by itself?"""
        return self.transport != "udp"


def transport_of(flow: Flow) -> Literal["udp", "tcp", "tls"]:
    match flow.transport:
        case "tcp" | "tls":
            return flow.transport
        case _:
            return "udp"


def answering_flow(request: Message, flow: Flow) -> Flow:
    """Where the response to a request that came by `flow` is sent (RFC 3261 §18.2.2, RFC 3581 §4).

    Always the address that the packet came from; its port where `rport` asks for it, else the
    port of sent-by. `maddr` is not followed: a response goes nowhere that did not ask.
    """
    via = request.top_via
    if not flow.is_reliable and via.param(b"rport") is not None:
        return flow
    return msgspec.structs.replace(flow, remote=Address(flow.remote.host, via.sent_by_port))


def requesting_flow(flow: Flow, uri: bytes) -> Flow:
    """Where a request to `uri` is sent: to its address, or along `flow` where it is a name."""
    try:
        target = parse_uri(uri)
        if not isinstance(target, SipUri):
            return flow
        host = str(ip_address(bare_host(target.host)))
    except (PeerBrokeProtocol, ValueError):
        return flow
    port = _usual_port(target, flow) if target.port is None else target.port
    return msgspec.structs.replace(flow, remote=Address(host, port))


def _usual_port(target: SipUri, flow: Flow) -> int:
    """RFC 3263 §4.2: another one for TLS."""
    is_tls = target.scheme == b"sips" or flow.transport == "tls"
    return DEFAULT_TLS_PORT if is_tls else DEFAULT_PORT


def stamp_via(request: Request, flow: Flow) -> Request:
    """The request with `received` and `rport` written into its top Via where they are due.

    Every other byte stays as it came (RFC 3261 §18.2.1, RFC 3581 §4).
    """
    via = request.top_via
    same_host = bare_host(via.host) == flow.remote.host
    asks_port = via.param(b"rport") == b""
    if same_host and not asks_port:
        return request
    index = next(i for i, line in enumerate(request.lines) if line.name == b"via")
    stamped = _stamped(request.lines[index], flow.remote, asks_port=asks_port)
    lines = (*request.lines[:index], stamped, *request.lines[index + 1 :])
    return replace(request, lines=lines)


def _stamped(line: HeaderLine, source: Address, *, asks_port: bool) -> HeaderLine:
    name, _, text = line.raw.partition(b":")
    first = split_outside(text, b",")[0]
    rest = text[len(first) :]
    head, *pieces = split_outside(first, b";")
    if asks_port:
        pieces = [_with_port(piece, source.port) for piece in pieces]
    pieces.append(b"received=" + source.host.encode())
    raw = name + b":" + b";".join([head.rstrip(), *pieces]) + rest
    return HeaderLine(line.name, line.value, raw)


def _with_port(piece: bytes, port: int) -> bytes:
    """`rport` with its value; white space around it is kept."""
    name = piece.rstrip(b" \t\r\n=")
    if name.strip().lower() != b"rport":
        return piece
    return name + b"=%d" % port
