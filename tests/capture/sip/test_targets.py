"""Where a URI leads, with what DNS says of it."""

from itertools import count

import pytest

from capture.sip.flow import Address
from capture.sip.targets import (
    MAX_HOPS,
    Hop,
    Host,
    Naptr,
    Question,
    Record,
    Srv,
    hops,
    host_in,
    in_order,
    questions,
)

A, B = Host("192.0.2.1"), Host("192.0.2.2")
SIX = Host("2001:db8::1")


class Dns:
    """A zone that is asked step by step, as a resolver does; it keeps what it was asked."""

    def __init__(self, zone: dict[tuple[str, str], list[Record]]) -> None:
        self.zone = zone
        self.asked: list[list[tuple[str, str]]] = []

    def __call__(self, uri: bytes) -> list[str]:
        """The hops of a URI as text, once everything was asked for."""
        records: dict[Question, list[Record]] = {}
        while missing := questions(uri, records):
            self.asked.append([(each.kind, each.name) for each in missing])
            for each in missing:
                records[each] = self.zone.get((each.kind, each.name), [])
        return [
            f"{hop.transport} {hop.address}:{hop.port}" for hop in hops(uri, records, lambda: 0.0)
        ]


def naptr(order: int, service: str, replacement: str, **more: object) -> Naptr:
    """A record of the usual kind."""
    usual: dict[str, object] = {"preference": 0, "flags": "s"}
    return Naptr(order=order, service=service, replacement=replacement, **(usual | more))  # type: ignore[arg-type]  # fields of Naptr


def srv(target: str, priority: int = 0, weight: int = 0, port: int = 5070) -> Srv:
    """A record with most of it as usual."""
    return Srv(priority=priority, weight=weight, port=port, target=target)


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        (b"sip:bob@192.0.2.1", ["udp 192.0.2.1:5060"]),
        (b"sip:192.0.2.1:5080", ["udp 192.0.2.1:5080"]),
        (b"sip:bob@192.0.2.1;transport=TCP", ["tcp 192.0.2.1:5060"]),
        (b"sip:bob@192.0.2.1;transport=tls", ["tls 192.0.2.1:5061"]),
        (b"sips:bob@192.0.2.1", ["tls 192.0.2.1:5061"]),
        (b"sips:bob@192.0.2.1;transport=tcp", ["tls 192.0.2.1:5061"]),
        (b"sip:bob@[2001:db8::1]:5080", ["udp 2001:db8::1:5080"]),
        (b"sip:bob@example.net;maddr=192.0.2.9", ["udp 192.0.2.9:5060"]),
        # What leads nowhere for us.
        (b"sips:bob@192.0.2.1;transport=udp", []),
        (b"sip:bob@192.0.2.1;transport=ws", []),
        (b"tel:+81355550100", []),
        (b"nonsense", []),
    ],
)
def test_an_address_leaves_nothing_to_ask(uri: bytes, expected: list[str]) -> None:
    """RFC 3263 §4.1 and §4.2; `sips` is TLS and nothing else."""
    dns = Dns({})

    assert dns(uri) == expected
    assert dns.asked == []


def test_a_port_leaves_only_the_addresses_to_ask() -> None:
    """RFC 3263 §4.2: IPv4 first, since most trunks have nothing else."""
    dns = Dns({("A", "example.net"): [A, B], ("AAAA", "example.net"): [SIX]})

    assert dns(b"sip:bob@Example.NET.:5080") == [
        "udp 192.0.2.1:5080",
        "udp 192.0.2.2:5080",
        "udp 2001:db8::1:5080",
    ]
    assert dns.asked == [[("A", "example.net"), ("AAAA", "example.net")]]


def test_naptr_says_which_service_and_srv_where() -> None:
    """RFC 3263 §4.1: by order and preference; only what we speak, and only with flag `s`."""
    dns = Dns(
        {
            ("NAPTR", "example.net"): [
                naptr(30, "SIP+D2U", "u.example.net"),
                naptr(20, "sips+d2t", "s.example.net", preference=2, flags="S"),
                naptr(20, "SIP+D2T", "t.example.net", preference=1),
                naptr(10, "SIP+D2S", "sctp.example.net"),
                naptr(5, "SIP+D2U", "other.example.net", flags="u"),
            ],
            ("SRV", "t.example.net"): [srv("one.example.net")],
            ("SRV", "s.example.net"): [srv("one.example.net", port=5071)],
            ("SRV", "u.example.net"): [srv("one.example.net", port=5072)],
            ("A", "one.example.net"): [A],
        }
    )

    assert dns(b"sip:bob@example.net") == [
        "tcp 192.0.2.1:5070",
        "tls 192.0.2.1:5071",
        "udp 192.0.2.1:5072",
    ]
    assert [len(step) for step in dns.asked] == [1, 3, 2]
    assert dns(b"sips:bob@example.net") == ["tls 192.0.2.1:5071"]


def test_without_naptr_each_transport_is_asked_for_in_our_order() -> None:
    """RFC 3263 §4.1."""
    dns = Dns(
        {
            ("SRV", "_sips._tcp.example.net"): [srv("one.example.net", port=5061)],
            ("SRV", "_sip._udp.example.net"): [srv("one.example.net")],
            ("A", "one.example.net"): [A],
        }
    )

    assert dns(b"sip:bob@example.net") == ["udp 192.0.2.1:5070", "tls 192.0.2.1:5061"]
    assert dns.asked[1] == [
        ("SRV", "_sip._udp.example.net"),
        ("SRV", "_sip._tcp.example.net"),
        ("SRV", "_sips._tcp.example.net"),
    ]
    assert dns(b"sips:bob@example.net") == ["tls 192.0.2.1:5061"]


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
def test_a_transport_in_the_uri_is_the_one(transport: str) -> None:
    """RFC 3263 §4.1: NAPTR has no say then, SRV has."""
    name = {"udp": "_sip._udp", "tcp": "_sip._tcp", "tls": "_sips._tcp"}[transport]
    dns = Dns(
        {
            ("NAPTR", "example.net"): [naptr(1, "SIP+D2U", "u.example.net")],
            ("SRV", f"{name}.example.net"): [srv("one.example.net")],
            ("A", "one.example.net"): [A],
        }
    )

    uri = b"sip:bob@example.net;transport=" + transport.encode()
    assert dns(uri) == [f"{transport} 192.0.2.1:5070"]
    assert dns.asked[0] == [("SRV", f"{name}.example.net")]


@pytest.mark.parametrize(
    ("uri", "hop"),
    [
        (b"sip:bob@example.net", "udp 192.0.2.1:5060"),
        (b"sips:bob@example.net", "tls 192.0.2.1:5061"),
        (b"sip:bob@example.net;transport=tcp", "tcp 192.0.2.1:5060"),
    ],
)
def test_without_any_service_the_name_itself_is_the_host(uri: bytes, hop: str) -> None:
    """RFC 3263 §4.2: most PBXs in a company's own DNS."""
    assert Dns({("A", "example.net"): [A]})(uri) == [hop]


def test_a_service_that_is_decidedly_not_there_is_not_looked_for_elsewhere() -> None:
    """RFC 2782: target `.`."""
    dns = Dns({("SRV", "_sip._udp.example.net"): [srv(".")], ("A", "example.net"): [A]})

    assert dns(b"sip:bob@example.net;transport=udp") == []
    assert dns.asked == [[("SRV", "_sip._udp.example.net")]]


def test_nothing_is_known_and_nothing_is_left_to_ask() -> None:
    """The layer above answers 404 or tries its next target."""
    assert Dns({})(b"sip:bob@example.net") == []


def test_over_tls_the_port_of_the_service_is_taken() -> None:
    """And `maddr` is where it is sent (RFC 3263 section 4)."""
    service = Question("SRV", "_sips._tcp.example.net")
    records: dict[Question, list[Record]] = {
        service: [srv("one.example.com")],
        Question("A", "one.example.com"): [A],
    }
    [hop] = hops(b"sip:bob@example.net;transport=tls", records, lambda: 0.0)

    assert hop == Hop(transport="tls", address="192.0.2.1", port=5070)
    assert hop.remote == Address("192.0.2.1", 5070)
    [elsewhere] = hops(b"sips:bob@example.net;maddr=192.0.2.9", {}, lambda: 0.0)
    assert elsewhere.address == "192.0.2.9"


@pytest.mark.parametrize(
    ("uri", "host"),
    [
        (b"sips:bob@Example.net.:5071;maddr=192.0.2.9", "example.net"),
        (b"sip:[2001:db8::1]", "2001:db8::1"),
        (b"tel:+81355501234", ""),
        (b"urn:service:sos", ""),
        (b"sip:", ""),
    ],
)
def test_the_host_of_a_uri_is_what_must_be_proved(uri: bytes, host: str) -> None:
    """RFC 5922 section 7.3: the one that was asked for."""
    assert host_in(uri) == host


# -- RFC 2782 --------------------------------------------------------------------------------------

WEIGHED = [srv("none"), srv("small", weight=1), srv("large", weight=3), srv("spare", priority=1)]


@pytest.mark.parametrize(
    ("chance", "first"),
    [
        (0.0, "none"),
        (0.19, "none"),
        (0.2, "small"),
        (0.39, "small"),
        (0.4, "large"),
        (0.99, "large"),
    ],
)
def test_weights_share_what_comes_first(chance: float, first: str) -> None:
    """A number from 0 to the sum of 4; weight 0 has a fifth here, and hardly any usually."""
    order = [each.target for each in in_order(WEIGHED[::-1], lambda: chance)]

    assert order[0] == first
    assert order[-1] == "spare"
    assert sorted(order) == ["large", "none", "small", "spare"]


def test_each_place_of_the_order_has_a_chance_of_its_own() -> None:
    """RFC 2782: the running sum is made anew without those that are placed."""
    chances = iter([0.99, 0.0, 0.0, 0.0])
    order = [each.target for each in in_order(WEIGHED, lambda: next(chances))]
    assert order == ["large", "none", "small", "spare"]


def test_priority_beats_weight() -> None:
    """The spare is for when all others are away."""
    heavy = srv("heavy", priority=9, weight=65_535)
    assert [each.target for each in in_order([heavy, srv("light")], lambda: 0.99)] == [
        "light",
        "heavy",
    ]


def test_hops_and_questions_have_a_bound() -> None:
    """An answer may hold a thousand records; a caller waits for none of them."""
    numbers = count()
    many = [srv(f"h{next(numbers)}.example.net", priority=each) for each in range(1_000)]
    dns = Dns({("SRV", "_sip._udp.example.net"): [*many]})
    dns.zone |= {("A", each.target): [A, B] for each in many}

    assert len(dns(b"sip:bob@example.net;transport=udp")) == MAX_HOPS
    assert len(dns.asked[-1]) == 2 * MAX_HOPS
