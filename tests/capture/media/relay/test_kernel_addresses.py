"""Places and the keys of sources."""

import pytest

from capture.links.relay_messages import Place
from capture.media.relay.kernel_addresses import NO_KEY, KernelAddresses

V4 = Place("192.0.2.7", 40_000)
V6 = Place("2001:db8::7", 40_000)


@pytest.mark.parametrize(("place", "is_wide"), [(V4, False), (V4, True), (V6, True)])
def test_a_key_is_that_of_its_place_and_back(place: Place, is_wide: bool) -> None:
    """What the kernel names and what SDP says are compared by it."""
    places = KernelAddresses(is_wide=is_wide)
    key = places.key(place)

    assert key != NO_KEY
    assert places.key_of(places.name(place)) == key
    assert places.place(key) == place


def test_another_port_or_host_is_another_key() -> None:
    """All 16 bits of the port, all of the address."""
    narrow, wide = KernelAddresses(is_wide=False), KernelAddresses(is_wide=True)
    v4 = [V4, Place("192.0.2.8", 40_000), Place("192.0.2.7", 40_001), Place("192.0.2.7", 7)]
    v6 = [V6, Place("2001:db8::8", 40_000), Place("2001:db9::7", 40_000), Place("2001:db8::7", 1)]

    assert len({narrow.key(each) for each in v4}) == len(v4)
    assert len({wide.key(each) for each in v4 + v6}) == len(v4 + v6)


def test_an_ipv6_socket_sends_to_ipv4_by_a_mapped_address() -> None:
    """The kernel takes nothing else."""
    assert KernelAddresses(is_wide=True).target(V4) == ("::ffff:192.0.2.7", 40_000)
    assert KernelAddresses(is_wide=True).target(V6) == ("2001:db8::7", 40_000)
    assert KernelAddresses(is_wide=False).target(V4) == ("192.0.2.7", 40_000)


@pytest.mark.parametrize(("host", "narrow", "wide"), [
    ("192.0.2.7", True, True), ("2001:db8::7", False, True), ("pbx.example", False, False),
])  # fmt: skip
def test_only_numeric_places_of_our_family_are_accepted(
    host: str, narrow: bool, wide: bool
) -> None:
    """A name would have to be looked up between two packets."""
    place = Place(host, 5)

    assert KernelAddresses(is_wide=False).accepts(place) is narrow
    assert KernelAddresses(is_wide=True).accepts(place) is wide
