"""Who loses a connection when there are too many."""

import pytest

from capture.endpoints.fair_share import ConnectionShare, excess, network_of


def held(*rows: tuple[str, str, float]) -> list[ConnectionShare]:
    """Connections numbered in order: peer, address, idle since."""
    return [ConnectionShare(number, *row) for number, row in enumerate(rows)]


def test_while_there_is_room_nobody_loses_one() -> None:
    """However they are shared out."""
    assert excess(held(("a", "a1", 0), ("a", "a1", 1)), 2) is None


@pytest.mark.parametrize(
    ("rows", "lost"),
    [
        ([("a", "a1", 0), ("b", "b1", 1), ("b", "b1", 2)], 1),
        ([("a", "a1", 0), ("b", "b1", 2), ("b", "b1", 1)], 2),
        ([("b", "b1", 0), ("b", "b2", 2), ("b", "b2", 1)], 2),
        ([("a", "a1", 0), ("a", "a1", 1), ("b", "b1", 4), ("b", "b2", 3), ("b", "b3", 2)], 4),
        ([("a", "a1", 1), ("b", "b1", 0), ("c", "c1", 2)], 1),
    ],
    ids=[
        "of who has the most",
        "the idlest",
        "of the address with the most",
        "of many addresses",
        "all alike",
    ],
)
def test_who_has_the_most_loses_one(rows: list[tuple[str, str, float]], lost: int) -> None:
    """Who has less than its share keeps what it has, however long it was silent."""
    assert excess(held(*rows), 2) == lost


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_all_addresses_of_one_customer_are_one(host: str, network: str) -> None:
    """Of IPv6 anybody has more addresses than there are places."""
    assert network_of(host) == network
