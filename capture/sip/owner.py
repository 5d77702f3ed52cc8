"""Who a dialog is of: whom we hear in it, as its source or target was configured when it began.

A frozen value that round-trips through bytes. Knows nothing of what is configured now.
"""

from enum import Enum
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

import msgspec

from capture.errors import PeerBrokeProtocol
from capture.sip.uri import SipUri, bare_host, parse_uri

# Where our INVITE went, and where who answered says that he is, at first and by now.
MAX_HOSTS: Final = 4
_REMEMBERED: Final = 4_096


class DialogAccess(Enum):
    """Who sends a request within a dialog, to that dialog.

    A guest is another source of the same tenant. `UNPROVED`: a guest who has the account that the
    dialog is of, and has not shown that he knows its password.
    """

    OWN = "own"
    GUEST = "guest"
    UNPROVED = "unproved"
    STRANGER = "stranger"


class Owner(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Of a dialog that we have opened (`is_called`) also the `hosts` where its peer is found.

    `networks` are all addresses of the source (or target), `certificate` the name that tells it
    from others there. Sources of one `peer_group` stand in for each other. `account` is the user
    who has answered a challenge.
    """

    source: str = ""
    tenant: bytes = b""
    networks: tuple[str, ...] = ()
    certificate: str = ""
    peer_group: str = ""
    account: str = ""
    is_strict: bool = False
    is_called: bool = False
    hosts: tuple[str, ...] = ()

    def has_address(self, host: str) -> bool:
        """Is it one of the addresses that were configured?"""
        return _is_within(host, self.networks)

    def is_heard(self, host: str, names: tuple[str, ...]) -> bool:
        """Do we listen to who is there, and has proved these names, whatever is configured now?"""
        if self.certificate and not self.is_called:
            return self.certificate in names
        return host in self.hosts or self.has_address(host)

    def reached_at(self, uri: bytes) -> "Owner":
        """With the address that a Contact names; of who called us, what is configured counts."""
        host = _address_in(uri) if self.is_called else ""
        if not host or host in self.hosts:
            return self
        # The first is where we have called.
        hosts = (*self.hosts[:1], *self.hosts[1:][-(MAX_HOSTS - 2) :], host)
        return msgspec.structs.replace(self, hosts=hosts)


# Of what begins no dialog.
NOBODY: Final = Owner()


@lru_cache(_REMEMBERED)
def _is_within(host: str, networks: tuple[str, ...]) -> bool:
    address = ip_address(host.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in ip_network(network) for network in networks)


def _address_in(uri: bytes) -> str:
    """The host of a SIP URI where it is an address; "" for a name."""
    try:
        parsed = parse_uri(uri)
        return str(ip_address(bare_host(parsed.host))) if isinstance(parsed, SipUri) else ""
    except (PeerBrokeProtocol, ValueError):
        return ""
