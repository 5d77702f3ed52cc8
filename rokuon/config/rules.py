"""What settings must be to each other and to the world: ranges, networks, zones, tenants.

Pure. Knows nothing of files or positions.
"""

import ipaddress
import re
import zoneinfo
from collections.abc import Iterator
from typing import Final

from archive.ids import DEFAULT_TENANT, TenantId
from rokuon.config.positions import KeyPath
from rokuon.config.problems import Problem
from rokuon.config.schema import Config, RtpSettings, SipSettings, SourceSettings
from rokuon.i18n import tr

_NUMBER_PATTERN: Final = re.compile(r"\+?[0-9#*-]*[0-9]\*?|\*")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
# A call of two streams needs an RTP and an RTCP port for each.
MIN_PORTS: Final = 4


def tenant_id(name: str) -> TenantId:
    """The id of a tenant: `default`, or 32 hexadecimal digits; else `ValueError`."""
    return DEFAULT_TENANT if name == "default" else TenantId.parse(name)


def problems_of(config: Config) -> list[Problem]:
    """Everything wrong with a configuration whose values have the right types."""
    found = [
        *_bind_problems(config),
        *_range_problems(config.rtp),
        *_tls_problems(config.sip, config.source),
    ]
    names: set[str] = set()
    for index, source in enumerate(config.source):
        path: KeyPath = ("source", index)
        found += _source_problems(source, path)
        if source.name in names:
            found.append(
                _problem((*path, "name"), tr("two sources have this name"), tr("rename one"))
            )
        names.add(source.name)
    return found or [*_overlaps(config.source)]


def _overlaps(sources: tuple[SourceSettings, ...]) -> Iterator[Problem]:
    """An address is one source's, but for those that are told apart by certificates."""
    for index, source in enumerate(sources):
        for other in sources[:index]:
            same = source.certificate == other.certificate
            for place, network in enumerate(source.address if same else ()):
                if any(_meet(network, each) for each in other.address):
                    yield _problem(
                        ("source", index, "address", place),
                        tr('source "{name}" has this address too').format(name=other.name),
                        tr("make the networks of all sources disjoint"),
                    )


def _meet(one: str, other: str) -> bool:
    first, second = ipaddress.ip_network(one), ipaddress.ip_network(other)
    return first.version == second.version and first.overlaps(second)


def _problem(path: KeyPath, message: str, advice: str) -> Problem:
    return Problem(code="CFG-106", path=path, message=message, help=advice)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _bind_problems(config: Config) -> Iterator[Problem]:
    given = {
        ("sip", "bind"): config.sip.bind,
        ("rtp", "bind"): config.rtp.bind,
        ("http", "bind"): config.http.bind,
    }
    for path, address in given.items():
        if not _is_address(address):
            yield _problem(
                path, tr("this is not an IP address"), tr("127.0.0.1, 0.0.0.0 or a local address")
            )


def _range_problems(rtp: RtpSettings) -> Iterator[Problem]:
    if rtp.first_port % 2:
        yield _problem(
            ("rtp", "first_port"),
            tr("the first port is odd"),
            tr("RTP uses the even port of a pair: begin with an even one"),
        )
    if rtp.last_port - rtp.first_port + 2 < MIN_PORTS:
        yield _problem(
            ("rtp", "last_port"),
            tr("the range has no room for a call"),
            tr("lowest port first; a call of two streams needs 4 ports"),
        )


def _tls_problems(sip: SipSettings, sources: tuple[SourceSettings, ...]) -> Iterator[Problem]:
    if (sip.certificate is None) is not (sip.key is None):
        missing = "key" if sip.key is None else "certificate"
        yield _problem(
            ("sip", missing),
            tr("TLS needs a certificate and its key"),
            tr("give both files, or neither: then there is no TLS"),
        )
    if sip.client_certificates != "none" and sip.client_authorities is None:
        yield _problem(
            ("sip", "client_authorities"),
            tr("nobody's certificate can be verified"),
            tr("the file with the certificates of the clients' authorities"),
        )
    for index, source in enumerate(sources):
        if source.certificate and sip.client_certificates == "none":
            yield _problem(
                ("source", index, "certificate"),
                tr("clients are not asked for certificates"),
                tr('set sip.client_certificates to "optional" or "required"'),
            )


def _source_problems(source: SourceSettings, path: KeyPath) -> Iterator[Problem]:
    if not source.address:
        yield _problem(
            (*path, "address"), tr("the list is empty"), tr('for example ["192.0.2.10/32"]')
        )
    for index, network in enumerate(source.address):
        if not _is_network(network):
            yield _problem(
                (*path, "address", index),
                tr("this is not a network"),
                tr('an address or a network with its host bits zero: "192.0.2.0/24"'),
            )
    yield from _identity_problems(source, path)
    for key in ("sip_advertise", "rtp_advertise"):
        told = getattr(source, key)
        if told and not _is_address(told):
            yield _problem(
                (*path, key),
                tr("this is not an address"),
                tr("the IP address at which this source reaches us; a name is not resolved"),
            )
    for index, number in enumerate(source.internal_numbers):
        if not _NUMBER_PATTERN.fullmatch(number):
            yield _problem(
                (*path, "internal_numbers", index),
                tr("this is not a number or a prefix"),
                tr('digits, perhaps ending in *: "2*", "+81312345*"'),
            )


def _identity_problems(source: SourceSettings, path: KeyPath) -> Iterator[Problem]:
    if source.zone not in zoneinfo.available_timezones():
        yield _problem(
            (*path, "zone"),
            tr("this time zone is not known here"),
            tr('a name of the IANA database such as "Asia/Tokyo"; is tzdata installed?'),
        )
    if not _COUNTRY.fullmatch(source.country):
        yield _problem(
            (*path, "country"), tr("this is not a country code"), tr('two capitals such as "JP"')
        )
    if bool(source.user) is not (source.password_file is not None):
        missing = "password_file" if source.user else "user"
        yield _problem(
            (*path, missing),
            tr("digest needs a user and a password"),
            tr("give both, or neither: then its calls are not asked"),
        )
    try:
        tenant_id(source.tenant)
    except ValueError:
        yield _problem(
            (*path, "tenant"),
            tr("this is not a tenant"),
            tr('"default" or 32 hexadecimal digits'),
        )


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return True
