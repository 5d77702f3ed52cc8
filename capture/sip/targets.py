"""From a SIP URI to the hops that a request to it may take, in order (RFC 3263, RFC 2782).

Pure: what is still to be asked comes out, what DNS said goes in, and chance is given. Knows no
resolver and opens nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final, Literal

from capture.errors import PeerBrokeProtocol
from capture.sip.flow import Address
from capture.sip.headers import DEFAULT_PORT, DEFAULT_TLS_PORT
from capture.sip.uri import SipUri, bare_host, parse_uri

Transport = Literal["udp", "tcp", "tls"]
Kind = Literal["NAPTR", "SRV", "A", "AAAA"]

# A large carrier has eight; trying more would outlast the caller's patience.
MAX_HOPS: Final = 16
# Services and their transports in the order that we try them in without NAPTR (RFC 3263 §4.1).
_SERVICES: Final[dict[Transport, str]] = {
    "udp": "_sip._udp",
    "tcp": "_sip._tcp",
    "tls": "_sips._tcp",
}
# RFC 3263 §4.1; D2S (SCTP) and D2W are not ours.
_NAPTR_SERVICES: Final[dict[str, Transport]] = {
    "SIP+D2U": "udp",
    "SIP+D2T": "tcp",
    "SIPS+D2T": "tls",
}
_FAMILIES: Final[tuple[Kind, ...]] = ("A", "AAAA")
_NO_SERVICE: Final = "."  # RFC 2782: the service is decidedly not there


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be asked; `name` in lower case without the dot at its end."""

    kind: Kind
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Naptr:
    """RFC 3403: which service is where, the lowest order and preference first."""

    order: int
    preference: int
    flags: str
    service: str
    replacement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Srv:
    """RFC 2782: the lowest priority first, and of one priority by weight."""

    priority: int
    weight: int
    port: int
    target: str


@dataclass(frozen=True, slots=True)
class Host:
    """An address, IPv4 or IPv6."""

    address: str


Record = Naptr | Srv | Host
Records = Mapping[Question, Sequence[Record]]
"""What DNS said to each question, () where it knows of nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """Where a request may be sent."""

    transport: Transport
    address: str
    port: int

    @property
    def remote(self) -> Address:
        """Address and port, as a flow has them."""
        return Address(self.address, self.port)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """A URI as far as it says where it leads; `transports` are those that may be taken.

    Where it `names_transport`, nobody else is asked which one.
    """

    host: str
    port: int | None
    transports: tuple[Transport, ...]
    names_transport: bool

    @property
    def is_numeric(self) -> bool:
        """Is there nothing to ask?"""
        return _is_address(self.host)

    def place(self) -> "_Place":
        """The host itself, by the transport that comes first (RFC 3263 §4.1, §4.2)."""
        transport = self.transports[0]
        port = _usual_port(transport) if self.port is None else self.port
        return _Place(transport, self.host, port)


@dataclass(frozen=True, slots=True)
class _Place:
    """A name and a port, before its addresses are known."""

    transport: Transport
    host: str
    port: int


class _DnsAnswers:
    """Looks up what DNS said, and notes what it was not asked yet."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self.missing: dict[Question, None] = {}

    def look(self, kind: Kind, name: str) -> Sequence[Record]:
        question = Question(kind, name)
        if question not in self._records:
            self.missing[question] = None
        return self._records.get(question, ())


def questions(uri: bytes, records: Records) -> tuple[Question, ...]:
    """What must be asked before `hops` can say more; () once it cannot."""
    answers = _DnsAnswers(records)
    _hops(uri, answers, lambda: 0.0)
    return tuple(answers.missing)


def hops(uri: bytes, records: Records, chance: Callable[[], float]) -> tuple[Hop, ...]:
    """Where a request to `uri` is sent, in the order in which it is tried; () leads nowhere.

    `chance` gives numbers from 0 up to 1, without 1.
    """
    return _hops(uri, _DnsAnswers(records), chance)


def _hops(uri: bytes, answers: _DnsAnswers, chance: Callable[[], float]) -> tuple[Hop, ...]:
    target = _target_of(uri)
    if target is None:
        return ()
    found = (
        Hop(transport=place.transport, address=address, port=place.port)
        for place in _places(target, answers, chance)
        for address in _addresses(place.host, answers)
    )
    # All of them, so that what is missing is noted of each.
    return tuple(list(found)[:MAX_HOPS])


def host_in(uri: bytes) -> str:
    """The host that a SIP URI names, in lower case, and that must be proved; "" in any other one.

    Not the one that unprotected DNS or `maddr` lead to (RFC 5922 §7.3).
    """
    try:
        parsed = parse_uri(uri)
    except PeerBrokeProtocol:
        return ""
    return _host(parsed.host) if isinstance(parsed, SipUri) else ""


def _target_of(uri: bytes) -> _Target | None:
    """The host that is asked for: `maddr` where it stands (RFC 3263 §4)."""
    try:
        parsed = parse_uri(uri)
    except PeerBrokeProtocol:
        return None
    if not isinstance(parsed, SipUri):
        return None
    transports = _transports(parsed)
    if not transports:
        return None
    return _Target(
        host=_host(parsed.param(b"maddr") or parsed.host),
        port=parsed.port,
        transports=transports,
        names_transport=parsed.param(b"transport") is not None,
    )


def _host(raw: bytes) -> str:
    return bare_host(raw).lower().rstrip(".")


def _transports(uri: SipUri) -> tuple[Transport, ...]:
    """RFC 3263 §4.1, in our order; `sips` means TLS and nothing else (RFC 3261 §26.2.2)."""
    said = (uri.param(b"transport") or b"").lower()
    if uri.scheme == b"sips":
        return ("tls",) if said in {b"", b"tcp", b"tls"} else ()
    if not said:
        return ("udp", "tcp", "tls")
    return tuple(each for each in _SERVICES if each.encode() == said)


def _places(target: _Target, answers: _DnsAnswers, chance: Callable[[], float]) -> list[_Place]:
    """RFC 3263 §4.2: a port or an address leaves nothing to ask; else SRV, else the host itself."""
    if target.is_numeric or target.port is not None:
        return [target.place()]
    services = _services(target, answers)
    found = [(transport, answers.look("SRV", name)) for transport, name in services]
    if answers.missing:
        return []
    places = [
        _Place(transport, srv.target, srv.port)
        for transport, records in found
        for srv in in_order(_best(records), chance)
        if srv.target != _NO_SERVICE
    ]
    return places if any(records for _, records in found) else [target.place()]


def _services(target: _Target, answers: _DnsAnswers) -> list[tuple[Transport, str]]:
    """Which services are to be asked for: what NAPTR says, else each that may be taken (§4.1)."""
    usual = [(each, f"{_SERVICES[each]}.{target.host}") for each in target.transports]
    if target.names_transport:
        return usual
    told = [each for each in answers.look("NAPTR", target.host) if isinstance(each, Naptr)]
    if answers.missing:
        return []
    named = [
        (_NAPTR_SERVICES[each.service.upper()], each.replacement)
        for each in sorted(told, key=lambda each: (each.order, each.preference))
        if each.flags.lower() == "s" and each.service.upper() in _NAPTR_SERVICES
    ]
    return [each for each in named if each[0] in target.transports][:MAX_HOPS] or usual


def in_order(records: Sequence[Srv], chance: Callable[[], float]) -> Iterator[Srv]:
    """RFC 2782: by priority, and within one by weighted chance; weight 0 comes rarely first."""
    left = sorted(records, key=lambda each: (each.priority, each.weight))
    while left:
        same = [each for each in left if each.priority == left[0].priority]
        chosen = _chosen(same, chance())
        left.remove(chosen)
        yield chosen


def _chosen(records: Sequence[Srv], chance: float) -> Srv:
    """The first whose running sum of weights reaches a number between 0 and the whole sum."""
    mark = int(chance * (sum(each.weight for each in records) + 1))
    for record in records:
        mark -= record.weight
        if mark <= 0:
            return record
    return records[-1]


def _best(records: Sequence[Record]) -> list[Srv]:
    """As many as can be tried: the same ones whatever chance says, for they are asked for first."""
    found = (each for each in records if isinstance(each, Srv))
    return sorted(found, key=lambda each: (each.priority, -each.weight))[:MAX_HOPS]


def _addresses(host: str, answers: _DnsAnswers) -> list[str]:
    if _is_address(host):
        return [host]
    said = [record for kind in _FAMILIES for record in answers.look(kind, host)]
    return [each.address for each in said if isinstance(each, Host)]


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _usual_port(transport: Transport) -> int:
    return DEFAULT_TLS_PORT if transport == "tls" else DEFAULT_PORT
