"""Who may send us calls."""

import json
from ipaddress import ip_network

import pytest

from capture.peers import sources
from capture.peers.sources import MAX_STRANGERS, Source, Sources, UnknownSources
from capture.sip.owner import Owner


def source(name: str, *networks: str) -> Source:
    return Source(name=name, tenant=b"t" * 16, networks=tuple(map(ip_network, networks)))


SOURCES = (
    source("host", "192.0.2.7/32"),
    source("office", "192.0.2.0/24", "2001:db8::/32"),
    source("rest", "192.0.0.0/16"),
)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("192.0.2.7", "host"),
        ("192.0.2.8", "office"),
        ("192.0.3.1", "rest"),
        ("::ffff:192.0.2.7", "host"),
        ("2001:db8::1", "office"),
        ("2001:db8::1%eth0", "office"),
        ("198.51.100.1", None),
        ("2001:db9::1", None),
        ("::ffff:198.51.100.1", None),
    ],
)
def test_the_first_source_whose_network_has_the_address_wins(host: str, name: str | None) -> None:
    """IPv4 that came over an IPv6 socket is IPv4."""
    found = Sources(SOURCES).find(host)

    assert (found and found.name) == name


def test_an_address_is_looked_up_once() -> None:
    """A search per packet of SIP would cost."""
    known = Sources(SOURCES)
    assert known.find("192.0.2.7") is known.find("192.0.2.7")
    known.known = ()

    assert known.find("192.0.2.7") is SOURCES[0]


def test_remembered_addresses_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever forges addresses fills no memory."""
    monkeypatch.setattr(sources, "MAX_REMEMBERED", 10)
    known = Sources(SOURCES)
    for number in range(100):
        known.find(f"198.51.100.{number}")

    assert len(known._found) <= 10
    found = known.find("192.0.2.7")
    assert found is SOURCES[0]


def test_loopback_is_this_machine_in_both_families() -> None:
    """Networks of either are one source's."""
    known = Sources((source("loopback", "127.0.0.0/8", "::1/128"),))

    assert known.find("127.0.0.1") == known.find("::1") == known.known[0]
    assert known.find("127.1.2.3") is known.known[0]
    assert known.find("192.0.2.1") is None


def test_a_source_that_was_taken_out_of_the_configuration_leaves_its_calls_a_name() -> None:
    """A call that is up at a reload is recorded to its end, by the strictest rules."""
    known = Sources(SOURCES)
    gone = known.named("gone")

    assert known.named("office") is SOURCES[1]
    assert (gone.name, gone.tenant, gone.networks) == ("gone", b"t" * 16, ())
    assert not gone.allow_telephone_event


def test_strangers_are_counted_by_address_up_to_a_bound() -> None:
    """The rest is one sum; those that are counted go on being counted."""
    strangers = UnknownSources()
    for number in range(MAX_STRANGERS + 5):
        strangers.note(f"10.0.{number // 256}.{number % 256}", b"", number)
    strangers.note("10.0.0.0", b"", 999)

    assert len(strangers.counts) == len(strangers.last_us) == MAX_STRANGERS
    assert strangers.others == 5
    assert (strangers.counts["10.0.0.0"], strangers.last_us["10.0.0.0"]) == (2, 999)
    assert strangers.counts["10.0.0.1"] == 1
    assert strangers.total == MAX_STRANGERS + 6


def test_strangers_are_written_a_line_each() -> None:
    """`rokuon source unknown` reads them. A call that is sent again is one call."""
    strangers = UnknownSources()
    for at_us, call in ((4, b"one"), (5, b"one"), (6, b"two")):
        invite = b"INVITE sip:a SIP/2.0\r\nCall-ID: %s\r\n\r\n" % call
        strangers.note("192.0.2.7", invite, at_us)
    strangers.note("2001:db8::1", b"INVITE sip:a SIP/2.0\r\n\r\n", 7)

    assert [json.loads(line) for line in strangers.as_lines().splitlines()] == [
        {"address": "192.0.2.7", "count": 2, "last_at": 6},
        {"address": "2001:db8::1", "count": 1, "last_at": 7},
    ]


def test_who_proves_a_certificate_is_its_source_wherever_it_stands() -> None:
    """Another source may have the same addresses for those that prove nothing."""
    own = Source(
        name="tls", tenant=b"t" * 16, networks=(ip_network("192.0.2.0/24"),), certificate="sbc.x"
    )
    both = Sources((source("plain", "192.0.0.0/16"), own))
    found = [both.find("192.0.2.1", names) for names in ((), ("sbc.x",))]

    assert [each.name for each in found if each] == ["plain", "tls"]


def test_whose_calls_are_up_is_heard_whatever_is_configured_now() -> None:
    """A reload ends no call: all addresses of a source that is gone, or its name."""
    owners = {
        Owner(source="gone", networks=("198.51.100.0/24",)),
        Owner(source="proved", networks=("203.0.113.1/32",), certificate="sbc.example"),
    }
    sources = Sources(SOURCES, frozenset(owners))

    assert sources.known_as("198.51.100.9") == "198.51.100.9"
    assert sources.find("198.51.100.9") is None
    assert sources.known_as("203.0.113.7", ("sbc.example",)) == "203.0.113.7"
    assert sources.known_as("203.0.113.1") == ""
    assert sources.known_as("192.0.2.7") == "host"


def test_a_source_is_there_still_with_the_addresses_that_it_had() -> None:
    """Another one of its name is another one."""
    sources = Sources(SOURCES)

    assert sources.has_still(Owner(source="host", networks=("192.0.2.7/32",)))
    assert not sources.has_still(Owner(source="host", networks=("192.0.2.9/32",)))
    assert not sources.has_still(Owner(source="gone", networks=("192.0.2.7/32",)))
