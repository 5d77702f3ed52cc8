"""Where calls of our own reach the Rokuon of this machine.

Knows the configuration, nothing of calls.
"""

from ipaddress import ip_address, ip_network
from typing import Final

from rokuon.config.schema import Config
from rokuon.selftest.signalling import Target, Transport

_LOOPBACK: Final = {4: "127.0.0.1", 6: "::1"}


def own_target(config: Config, transport: Transport = Transport.UDP) -> Target:
    """The SIP address of this machine; of all its addresses that of loopback.

    Linux takes an unspecified destination for the sender's own address, whatever that is.
    """
    bound = ip_address(config.sip.bind)
    host = _LOOPBACK[bound.version] if bound.is_unspecified else config.sip.bind
    return Target(host=host, port=config.sip.port, transport=transport)


def is_own_source(config: Config) -> bool:
    """Return whether calls of our own come from an address of a source; others get no answer.

    From our own address they leave, for that is where they are sent to.
    """
    own = ip_address(own_target(config).host)
    networks = [ip_network(each) for source in config.source for each in source.address]
    return any(own in network for network in networks)
