"""Names, looked up at a DNS server of our own on loopback."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Self

import dns.asyncresolver
import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
import pytest_asyncio

from capture.endpoints import resolver as shell
from capture.endpoints.resolver import (
    ABSENT_S,
    SILENT_S,
    TABLE_S,
    Resolver,
    configured_server,
    system_table,
)

URI = b"sip:bob@example.net"
ZONE = (
    'example.net. 300 IN NAPTR 10 0 "s" "SIP+D2T" "" _sip._tcp.example.net.',
    "_sip._tcp.example.net. 60 IN SRV 0 1 5070 One.example.net.",
    "_sip._tcp.example.net. 60 IN SRV 1 1 5071 two.example.net.",
    "one.example.net. 20 IN A 192.0.2.1",
    "one.example.net. 20 IN AAAA 2001:db8::1",
    "two.example.net. 20 IN CNAME three.example.net.",
    "three.example.net. 900 IN A 192.0.2.3",
    "plain.example.net. 900 IN A 192.0.2.4",
    "brief.example.net. 0 IN A 192.0.2.5",
    "huge.example.net. 999999 IN A 192.0.2.6",
)
HOPS = ["tcp 192.0.2.1:5070", "tcp 2001:db8::1:5070", "tcp 192.0.2.3:5071"]


class NameServer(asyncio.DatagramProtocol):
    """Answers from a zone and keeps what it was asked; `rcode` None is silence."""

    transport: asyncio.DatagramTransport

    def __init__(self) -> None:
        self.zone: dict[tuple[str, str], dns.rrset.RRset] = {}
        self.asked: list[str] = []
        self.rcode: dns.rcode.Rcode | None = dns.rcode.NOERROR
        for line in ZONE:
            name, ttl, _, kind, *rest = line.split(" ", 4)
            rrset = dns.rrset.from_text(name.lower(), int(ttl), "IN", kind, *rest)
            key = (name.lower(), kind)
            self.zone[key] = self.zone[key].union(rrset) if key in self.zone else rrset

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]  # of an endpoint for datagrams

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        name, kind = str(query.question[0].name).lower(), query.question[0].rdtype.name
        self.asked.append(f"{kind} {name}")
        if self.rcode is None:
            return
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        answer.set_rcode(self.rcode)
        if self.rcode == dns.rcode.NOERROR:
            self._answer(answer, name, kind)
        self.transport.sendto(answer.to_wire(), addr)

    def _answer(self, answer: dns.message.Message, name: str, kind: str) -> None:
        alias = self.zone.get((name, "CNAME"))
        if alias is not None:
            answer.answer.append(alias)
            name = str(alias[0].target)
        if (name, kind) in self.zone:
            answer.answer.append(self.zone[name, kind])
        elif not any(known == name for known, _ in self.zone):
            answer.set_rcode(dns.rcode.NXDOMAIN)


class Lookup:
    """A resolver, its server, a table of its own, and a clock that is set by hand."""

    def __init__(self, server: NameServer) -> None:
        self.server = server
        self.now_s = 0.0
        self.table: dict[str, list[str]] = {}
        self.looked_up: list[str] = []
        dns_server = dns.asyncresolver.Resolver(configure=False)
        dns_server.nameservers = ["127.0.0.1"]
        dns_server.port = server.transport.get_extra_info("sockname")[1]
        # Long enough for a busy machine: who is asked again is counted twice.
        dns_server.timeout = 5.0
        self.dns = dns_server
        self.resolver = Resolver(dns_server, self._listed, lambda: self.now_s, lambda: 0.0)

    async def _listed(self, name: str, family: socket.AddressFamily) -> list[str]:
        self.looked_up.append(name)
        found = self.table.get(name, [])
        return [each for each in found if (":" in each) == (family == socket.AF_INET6)]

    async def hops(self, uri: bytes = URI) -> list[str]:
        found = await asyncio.wait_for(self.resolver.hops(uri), 10.0)
        return [f"{hop.transport} {hop.address}:{hop.port}" for hop in found]

    def at(self, now_s: float) -> Self:
        self.now_s = now_s
        self.server.asked.clear()
        return self


@pytest_asyncio.fixture
async def lookup() -> AsyncIterator[Lookup]:
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(NameServer, local_addr=("127.0.0.1", 0))
    yield Lookup(server)
    transport.close()


async def test_a_name_is_followed_from_service_to_address(lookup: Lookup) -> None:
    """NAPTR, SRV, then A and AAAA of each target, aliases included."""
    assert await lookup.hops() == HOPS
    assert lookup.server.asked[:2] == [
        "NAPTR example.net.",
        "SRV _sip._tcp.example.net.",
    ]


async def test_what_is_known_is_not_asked_again_until_its_time_is_over(lookup: Lookup) -> None:
    """Each record has a time of its own; of an alias the shorter one counts."""
    await lookup.hops()

    await lookup.at(19.9).hops()
    assert lookup.server.asked == []
    await lookup.at(20.0).hops()
    assert sorted(lookup.server.asked) == [
        "A one.example.net.",
        "A two.example.net.",
        "AAAA one.example.net.",
    ]


async def test_calls_that_begin_at_once_ask_once(lookup: Lookup) -> None:
    """A time that is over must not make a hundred callers a hundred questions."""
    found = await asyncio.gather(*(lookup.hops() for _ in range(20)))

    assert found == [HOPS] * 20
    assert len(lookup.server.asked) == len(set(lookup.server.asked)) == 6
    assert not lookup.resolver._turns


@pytest.mark.parametrize(
    ("name", "lasts_s"), [(b"brief", 0.0), (b"huge", shell.LONGEST_S), (b"plain", 900.0)]
)
async def test_a_time_is_believed_within_bounds(
    lookup: Lookup, name: bytes, lasts_s: float
) -> None:
    """0 is not kept at all, and a week is a mistake that nobody could wait for."""
    uri = b"sip:%s.example.net:5060" % name
    await lookup.hops(uri)
    if lasts_s:
        await lookup.at(lasts_s - 0.1).hops(uri)
        assert f"A {name.decode()}.example.net." not in lookup.server.asked

    await lookup.at(lasts_s).hops(uri)
    assert f"A {name.decode()}.example.net." in lookup.server.asked


async def test_what_is_not_there_is_believed_for_a_while(lookup: Lookup) -> None:
    """A wrong number in a route must not ask DNS with each call."""
    uri = b"sip:nobody.example.net"
    assert await lookup.hops(uri) == []

    assert await lookup.at(ABSENT_S - 0.1).hops(uri) == []
    assert lookup.server.asked == []
    await lookup.at(ABSENT_S).hops(uri)
    assert "NAPTR nobody.example.net." in lookup.server.asked


async def test_what_was_known_is_used_while_dns_is_away(
    lookup: Lookup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RFC 8767 §4: calls go on; the server is asked again after a pause."""
    monkeypatch.setattr(shell, "ANSWER_S", 0.1)
    await lookup.hops()
    lookup.server.rcode = None
    lookup.dns.timeout = 0.05

    assert await lookup.at(1_000.0).hops() == HOPS
    assert await lookup.at(1_000.0 + SILENT_S - 0.1).hops() == HOPS
    assert lookup.server.asked == []
    lookup.server.rcode = dns.rcode.NOERROR
    assert await lookup.at(1_000.0 + SILENT_S).hops() == HOPS
    assert "NAPTR example.net." in lookup.server.asked


async def test_a_server_that_cannot_answer_is_as_one_that_knows_nothing(lookup: Lookup) -> None:
    """Some fail at NAPTR alone; the call is not lost by it."""
    lookup.server.rcode = dns.rcode.SERVFAIL
    lookup.table["pbx"] = ["192.0.2.8"]

    assert await lookup.hops(b"sip:pbx") == ["udp 192.0.2.8:5060"]


async def test_names_of_the_systems_own_tables_are_found(lookup: Lookup) -> None:
    """A container's neighbours are in /etc/hosts and nowhere else."""
    lookup.table["pbx"] = ["192.0.2.8", "2001:db8::8"]

    assert await lookup.hops(b"sip:pbx:5080") == ["udp 192.0.2.8:5080", "udp 2001:db8::8:5080"]
    lookup.looked_up.clear()
    await lookup.at(TABLE_S - 0.1).hops(b"sip:pbx:5080")
    assert lookup.looked_up == []
    await lookup.at(TABLE_S).hops(b"sip:pbx:5080")
    assert lookup.looked_up == ["pbx", "pbx"]


async def test_what_dns_knows_is_not_looked_for_elsewhere(lookup: Lookup) -> None:
    """The tables would ask DNS once more."""
    await lookup.hops(b"sip:one.example.net:5060")
    assert lookup.looked_up == []


@pytest.mark.parametrize("uri", [b"sip:bob@192.0.2.1", b"tel:+81355550100"])
async def test_what_needs_no_name_asks_nobody(lookup: Lookup, uri: bytes) -> None:
    """Most trunks are configured by address."""
    assert len(await lookup.hops(uri)) == (uri[:3] == b"sip")
    assert lookup.server.asked == lookup.looked_up == []


@pytest.mark.parametrize("name", [b"a..b", b"x" * 64, b"\xff.example", b"a" * 300])
async def test_a_name_that_is_none_leads_nowhere(lookup: Lookup, name: bytes) -> None:
    """A transfer may name anything."""
    assert await lookup.hops(b"sip:" + name) == []


async def test_the_cache_has_a_bound(lookup: Lookup, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names come from outside too, by REFER; the least used ones go."""
    monkeypatch.setattr(shell, "MAX_CACHED", 4)
    await lookup.hops(b"sip:plain.example.net:5060")
    for number in range(9):
        await lookup.hops(b"sip:n%d.example.net:5060" % number)

    await lookup.at(1.0).hops(b"sip:plain.example.net:5060")
    assert "A plain.example.net." in lookup.server.asked
    assert len(lookup.resolver._known) == 4


async def test_an_answer_has_a_bound(lookup: Lookup, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand addresses are a mistake or worse."""
    monkeypatch.setattr(shell, "MAX_RECORDS", 2)
    lookup.table["pbx"] = [f"192.0.2.{last}" for last in range(9)]

    assert len(await lookup.hops(b"sip:pbx:5060")) == 2


async def test_the_system_knows_itself() -> None:
    """The one name that is in every table; another is in none."""
    assert await system_table("localhost", socket.AF_INET) == ["127.0.0.1"]
    assert await system_table("a..b", socket.AF_INET) == []


def test_the_machines_own_servers_have_our_patience() -> None:
    """Five seconds a server, as usual, would outlast the caller's."""
    assert configured_server().timeout == shell.TRY_S
