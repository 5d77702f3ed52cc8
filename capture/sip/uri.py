"""A SIP URI taken apart (RFC 3261 §19.1), and any other URI by its scheme alone.

Bytes are kept, escapes are not resolved. Knows nothing of headers or of name resolution.
"""

import string
from dataclasses import dataclass
from typing import Final

from capture.errors import PeerBrokeProtocol
from capture.sip.grammar import Params, find_param, parse_number, parse_params
from capture.sip.limits import MAX_PARAMS, MAX_PORT

SCHEME_BYTES: Final = (string.ascii_letters + string.digits + "+-.").encode()
# What no URI may hold unescaped (RFC 3986 §2): controls, space and the delimiters around URIs.
FORBIDDEN: Final = bytes(range(0x21)) + b'<>"\x7f'
SIP_SCHEMES: Final = frozenset({b"sip", b"sips"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SipUri:
    """`scheme:user@host:port;params?headers`; scheme in lower case, the rest as received."""

    scheme: bytes
    user: bytes | None
    host: bytes
    port: int | None
    params: Params
    headers: bytes

    def param(self, name: bytes) -> bytes | None:
        """The value of a parameter (name in lower case), b"" without one, None if absent."""
        return find_param(self.params, name)


@dataclass(frozen=True, slots=True)
class OtherUri:
    """A URI whose scheme is not ours to take apart (`tel`, `urn`, `http`)."""

    scheme: bytes
    rest: bytes


def parse_uri(raw: bytes) -> SipUri | OtherUri:
    """Take a URI apart; raises `PeerBrokeProtocol` where it is not one."""
    scheme, colon, rest = raw.partition(b":")
    if not (colon and rest and scheme[:1].isalpha()) or scheme.translate(None, SCHEME_BYTES):
        raise PeerBrokeProtocol("RFC 3261 §19.1.1", "a URI without a scheme")
    if len(raw.translate(None, FORBIDDEN)) != len(raw):
        raise PeerBrokeProtocol("RFC 3261 §19.1.1", "a URI with space, control or delimiter")
    if scheme.lower() not in SIP_SCHEMES:
        return OtherUri(scheme.lower(), rest)
    return _parse_sip(scheme.lower(), rest)


def _parse_sip(scheme: bytes, rest: bytes) -> SipUri:
    userinfo, at, place = rest.rpartition(b"@")
    if b"@" in userinfo:
        raise PeerBrokeProtocol("RFC 3261 §19.1.1", "a URI with two signs @")
    place, _, headers = place.partition(b"?")
    # One more than may be there: `parse_params` then says so, and no long list was made.
    hostport, *params = place.split(b";", MAX_PARAMS + 1)
    host, port = parse_hostport(hostport)
    return SipUri(
        scheme=scheme,
        user=userinfo if at else None,
        host=host,
        port=port,
        params=parse_params(params),
        headers=headers,
    )


def parse_hostport(text: bytes) -> tuple[bytes, int | None]:
    """`host`, `host:port` or `[v6]:port` (RFC 3261 §25.1); the host keeps its brackets."""
    if text[:1] == b"[":
        host, bracket, after = text.partition(b"]")
        host += bracket
        _, colon, port = after.partition(b":")
    else:
        host, colon, port = text.partition(b":")
    host = host.strip()
    if not host or host == b"[" or (host[:1] == b"[") != (host[-1:] == b"]"):
        raise PeerBrokeProtocol("RFC 3261 §25.1", "a host")
    return host, parse_number(port.strip(), MAX_PORT, "a port") if colon else None


def bare_host(host: bytes) -> str:
    """A host without the brackets of IPv6, as text for an address; odd bytes are escaped."""
    return host.strip(b"[]").decode("ascii", "backslashreplace")
