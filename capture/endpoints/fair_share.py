"""Which connection gives way when there are more than may be: one of the peer that holds the most.

Pure values. Knows no socket and not what a connection is for.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

# What one customer is given (RFC 6177 §2): its addresses are one peer.
_IPV6_PREFIX_BITS = 64


@dataclass(frozen=True, slots=True)
class ConnectionShare:
    """One connection: its number, the peer whose share it takes, and since when it is idle (s)."""

    number: int
    peer: str
    host: str
    idle_since_s: float


def network_of(host: str) -> str:
    """Return what counts as one address of an unknown peer: an IPv4 address, a /64 of IPv6."""
    address = ip_address(host.partition("%")[0])
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ip_network((address, _IPV6_PREFIX_BITS), strict=False))
    return str(address)


def excess(held: Iterable[ConnectionShare], limit: int) -> int | None:
    """Return the number of the connection that has to go, None while there is room.

    It is one of the peer with the most connections, of that peer's address with the most, and the
    one that is idle for longest: whoever holds less than its share loses none to others.
    """
    all_held = list(held)
    if len(all_held) <= limit:
        return None
    peers = Counter(each.peer for each in all_held)
    hosts = Counter((each.peer, each.host) for each in all_held)
    return min(
        all_held,
        key=lambda each: (-peers[each.peer], -hosts[each.peer, each.host], each.idle_since_s),
    ).number
