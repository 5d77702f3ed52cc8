"""What a dialog keeps of whom we hear in it."""

import msgspec
import pytest

from capture.sip.owner import MAX_HOSTS, NOBODY, Owner

OWNER = Owner(
    source="pbx", tenant=b"t" * 16, networks=("192.0.2.0/30", "2001:db8::/64"), certificate="",
    peer_group="sbc", account="phone",
)  # fmt: skip
CALLED = Owner(is_called=True, hosts=("192.0.2.30",), networks=("192.0.2.28/30",))


@pytest.mark.parametrize("owner", [OWNER, CALLED, NOBODY])
def test_it_round_trips_through_bytes(owner: Owner) -> None:
    """It lies in the memory of live calls."""
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(owner), type=Owner) == owner


@pytest.mark.parametrize(
    ("host", "is_heard"),
    [("192.0.2.3", True), ("192.0.2.4", False), ("::ffff:192.0.2.1", True), ("2001:db8::9", True)],
)
def test_its_addresses_are_heard_whatever_is_configured_now(host: str, *, is_heard: bool) -> None:
    """IPv4 that came over an IPv6 socket is IPv4."""
    assert OWNER.is_heard(host, ()) is is_heard


def test_who_is_told_by_a_certificate_is_heard_with_it() -> None:
    """His address may be another's too."""
    owner = Owner(networks=("192.0.2.0/30",), certificate="pbx.example")

    assert owner.is_heard("203.0.113.1", ("pbx.example",))
    assert not owner.is_heard("192.0.2.1", ("other.example",))


def test_where_who_answered_says_he_is_counts_in_calls_that_we_made() -> None:
    """A Contact of who calls us would let him name anybody."""
    for uri in (b"sip:201@198.51.100.7:5070;transport=tcp", b"sips:201@[2001:db8::7]"):
        assert OWNER.reached_at(uri) == OWNER
        assert CALLED.reached_at(uri) != CALLED
    assert CALLED.reached_at(b"sip:201@pbx.example") == CALLED
    assert CALLED.reached_at(b"tel:+81355501234") == CALLED
    assert CALLED.reached_at(b"sip:201@192.0.2.30") == CALLED


def test_however_often_that_changes_some_are_kept() -> None:
    """The first is where we have called."""
    owner = CALLED
    for number in range(20):
        owner = owner.reached_at(b"sip:201@198.51.100.%d" % number)

    assert owner.hosts == ("192.0.2.30", "198.51.100.17", "198.51.100.18", "198.51.100.19")
    assert len(owner.hosts) == MAX_HOSTS
