"""Where calls of our own reach the Rokuon of this machine.

Knows the configuration, nothing of calls.
"""

from ipaddress import ip_address
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
