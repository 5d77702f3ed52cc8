"""Which SIP domains a certificate is for, and whether the one that was called is among them.

Rules over a verified certificate (RFC 5922 §7.1, §7.2). Knows no connection and no authority.
"""

from collections.abc import Iterator
from ipaddress import ip_address

_SCHEME = "sip:"


def identities_in(certificate: object) -> frozenset[str]:
    """The SIP domains of a certificate as `SSLObject.getpeercert` gives it, in lower case.

    Hosts of SIP URIs without a user; DNS names only where there is no such URI (§7.1). The common
    name is not looked at.
    """
    assert isinstance(certificate, dict)
    names = list(_alternatives(certificate))
    domains = [_domain_in(value) for kind, value in names if kind == "URI"]
    found = {each for each in domains if each}
    return frozenset(found or {_plain(value) for kind, value in names if kind == "DNS"})


def proves(certificate: object, name: str) -> bool:
    """Is a certificate for this host, in its entirety: no wildcard, no suffix (§7.2)?

    An address is proved by an address; of that RFC 5922 says nothing.
    """
    wanted = _plain(name)
    if wanted in identities_in(certificate):
        return True
    assert isinstance(certificate, dict)
    addresses = (value for kind, value in _alternatives(certificate) if kind == "IP Address")
    return any(_same_address(each, wanted) for each in addresses)


def _alternatives(certificate: dict[str, object]) -> Iterator[tuple[str, str]]:
    names = certificate.get("subjectAltName", ())
    assert isinstance(names, tuple)
    yield from names


def _domain_in(uri: str) -> str:
    """The host of a SIP URI that names a domain; "" of any other one."""
    rest = uri[len(_SCHEME) :]
    if uri[: len(_SCHEME)].lower() != _SCHEME or "@" in rest:
        return ""
    host = rest.partition(";")[0].partition("?")[0]
    closing = host.find("]")
    return _plain(host[: closing + 1] if closing > 0 else host.partition(":")[0])


def _plain(name: str) -> str:
    return name.lower().rstrip(".").strip("[]")


def _same_address(one: str, two: str) -> bool:
    try:
        return ip_address(one.strip()) == ip_address(two)
    except ValueError:
        return False
