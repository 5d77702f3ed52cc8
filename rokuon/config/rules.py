"""What settings must be to each other and to the world: ranges, networks, zones, tenants.

Pure. Knows nothing of files or positions.
"""

import ipaddress
import re
import zoneinfo
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit

from archive.ids import DEFAULT_TENANT, TenantId
from capture.inline.routing.patterns import is_pattern
from capture.inline.routing.route import is_token
from rokuon.config.config_problems import ConfigProblem
from rokuon.config.positions import KeyPath
from rokuon.config.schema import Config, RtpSettings, SipSettings, SourceSettings, TargetSettings
from rokuon.messages.i18n import tr

_COUNTRY: Final = re.compile(r"[A-Z]{2}")
# A call of two streams needs an RTP and an RTCP port for each.
MIN_PORTS: Final = 4
# What a peer may list beside X- headers: it says something of the call, and carries none of it.
PASSABLE: Final = frozenset(
    {
        "Accept-Contact",
        "Content-Language",
        "Geolocation",
        "P-Access-Network-Info",
        "P-Asserted-Service",
        "P-Called-Party-ID",
        "P-Preferred-Service",
        "Reject-Contact",
        "Request-Disposition",
        "Resource-Priority",
    }
)
OWN_HEADER: Final = "x-rokuon-recording"


def tenant_id(name: str) -> TenantId:
    """The id of a tenant: `default`, or 32 hexadecimal digits; else `ValueError`."""
    return DEFAULT_TENANT if name == "default" else TenantId.parse(name)


def problems_of(config: Config, broken: tuple[KeyPath, ...] = ()) -> list[ConfigProblem]:
    """Everything wrong with a configuration; sources with a `broken` path overlap with none."""
    found = [
        *_bind_problems(config),
        *_stamp_problems(config.retention.time_stamps),
        *_range_problems(config.rtp),
        *_tls_problems(config.sip, config.source),
    ]
    names: set[str] = set()
    for index, source in enumerate(config.source):
        path: KeyPath = ("source", index)
        found += _source_problems(source, path)
        if source.name in names:
            found.append(
                misfit((*path, "name"), tr("two sources have this name"), tr("rename one"))
            )
        names.add(source.name)
    paths = (*broken, *(problem.path for problem in found))
    doubtful = tables_in("source", paths, frozenset({"address", "certificate"}))
    return [*found, *_group_problems(config.source), *_overlaps(config.source, doubtful)]


def tables_in(name: str, paths: Iterable[KeyPath], keys: frozenset[str]) -> frozenset[int]:
    places = (path[1] for path in paths if path[:1] == (name,) and keys & set(path[2:3]))
    return frozenset(place for place in places if isinstance(place, int))


def _group_problems(sources: tuple[SourceSettings, ...]) -> Iterator[ConfigProblem]:
    """A group of sources of several tenants, which it could not be."""
    tenants: dict[str, str] = {}
    for index, source in enumerate(sources):
        if source.peer_group and tenants.setdefault(source.peer_group, source.tenant) != (
            source.tenant
        ):
            yield misfit(
                ("source", index, "peer_group"),
                tr("a source of another tenant has this group"),
                tr("calls of one tenant go on with none of another: name it otherwise"),
            )


def _overlaps(
    sources: tuple[SourceSettings, ...], doubtful: frozenset[int]
) -> Iterator[ConfigProblem]:
    """An address is one source's, but for those that are told apart by certificates."""
    certain = [index for index in range(len(sources)) if index not in doubtful]
    for index in certain:
        for other in (sources[earlier] for earlier in certain if earlier < index):
            same = sources[index].certificate == other.certificate
            for place, network in enumerate(sources[index].address if same else ()):
                if any(_meet(network, each) for each in other.address):
                    yield misfit(
                        ("source", index, "address", place),
                        tr('source "{name}" has this address too').format(name=other.name),
                        tr("make the networks of all sources disjoint"),
                    )


def _meet(one: str, other: str) -> bool:
    first, second = ipaddress.ip_network(one), ipaddress.ip_network(other)
    return first.version == second.version and first.overlaps(second)


def misfit(path: KeyPath, message: str, advice: str) -> ConfigProblem:
    """A setting that fits its type and nothing else."""
    return ConfigProblem(code="CFG-106", path=path, message=message, help=advice)


def is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _bind_problems(config: Config) -> Iterator[ConfigProblem]:
    given = {
        ("sip", "bind"): config.sip.bind,
        ("rtp", "bind"): config.rtp.bind,
        ("http", "bind"): config.http.bind,
    }
    for path, address in given.items():
        if not is_address(address):
            yield misfit(
                path, tr("this is not an IP address"), tr("127.0.0.1, 0.0.0.0 or a local address")
            )


def _stamp_problems(servers: tuple[str, ...]) -> Iterator[ConfigProblem]:
    for index, server in enumerate(servers):
        if not _is_web_address(server):
            yield misfit(
                ("retention", "time_stamps", index),
                tr("this is no address of a server of time stamps"),
                tr("write it as https://host/path, without user and password"),
            )


def _is_web_address(text: str) -> bool:
    try:
        where = urlsplit(text)
    except ValueError:
        return False
    return where.scheme in {"https", "http"} and bool(where.hostname) and not where.username


def _range_problems(rtp: RtpSettings) -> Iterator[ConfigProblem]:
    if rtp.first_port % 2:
        yield misfit(
            ("rtp", "first_port"),
            tr("the first port is odd"),
            tr("RTP uses the even port of a pair: begin with an even one"),
        )
    if rtp.last_port - rtp.first_port + 2 < MIN_PORTS:
        yield misfit(
            ("rtp", "last_port"),
            tr("the range has no room for a call"),
            tr("lowest port first; a call of two streams needs 4 ports"),
        )


def _tls_problems(sip: SipSettings, sources: tuple[SourceSettings, ...]) -> Iterator[ConfigProblem]:
    if (sip.certificate is None) is not (sip.key is None):
        missing = "key" if sip.key is None else "certificate"
        yield misfit(
            ("sip", missing),
            tr("TLS needs a certificate and its key"),
            tr("give both files, or neither: then there is no TLS"),
        )
    if sip.client_certificates != "none" and sip.client_authorities is None:
        yield misfit(
            ("sip", "client_authorities"),
            tr("nobody's certificate can be verified"),
            tr("the file with the certificates of the clients' authorities"),
        )
    for index, source in enumerate(sources):
        if source.certificate and sip.client_certificates == "none":
            yield misfit(
                ("source", index, "certificate"),
                tr("clients are not asked for certificates"),
                tr('set sip.client_certificates to "optional" or "required"'),
            )


def _source_problems(source: SourceSettings, path: KeyPath) -> Iterator[ConfigProblem]:
    if not source.address:
        yield misfit(
            (*path, "address"), tr("the list is empty"), tr('for example ["192.0.2.10/32"]')
        )
    yield from _identity_problems(source, path)
    yield from peer_problems(source, path)
    yield from pattern_problems(source.internal_numbers, (*path, "internal_numbers"))
    for index, name in enumerate(source.call_id_headers):
        if not is_token(name):
            yield misfit(
                (*path, "call_id_headers", index),
                tr("this is no name of a header"),
                tr('its name alone: "X-Call-Reference"'),
            )


def peer_problems(peer: SourceSettings | TargetSettings, path: KeyPath) -> Iterator[ConfigProblem]:
    """What does not fit of the settings that sources and targets share."""
    for index, network in enumerate(peer.address):
        if not is_network(network):
            yield misfit(
                (*path, "address", index),
                tr("this is not a network"),
                tr('an address or a network with its host bits zero: "192.0.2.0/24"'),
            )
    for key in ("sip_advertise", "rtp_advertise"):
        told = getattr(peer, key)
        if told and not is_address(told):
            yield misfit(
                (*path, key),
                tr("this is not an address"),
                tr("the IP address at which this peer reaches us; a name is not resolved"),
            )
    if bool(peer.user) is not (peer.password_file is not None):
        missing = "password_file" if peer.user else "user"
        yield misfit(
            (*path, missing),
            tr("digest needs a user and a password"),
            tr("give both, or neither: then there is no digest"),
        )
    for index, name in enumerate(peer.pass_headers):
        if not may_be_passed(name):
            yield misfit(
                (*path, "pass_headers", index),
                tr("this header may not be passed on"),
                tr("X- headers, and {names}").format(names=", ".join(sorted(PASSABLE))),
            )


def may_be_passed(name: str) -> bool:
    """May a peer list this header? Ours and those that carry a call may not."""
    lowered = name.lower()
    if lowered.startswith("x-"):
        return is_token(name) and lowered not in {OWN_HEADER, "x-"}
    return lowered in {each.lower() for each in PASSABLE}


def zone_problems(zone: str, path: KeyPath) -> Iterator[ConfigProblem]:
    """A zone without data here."""
    if zone not in zoneinfo.available_timezones():
        yield misfit(
            path,
            tr("this time zone is not known here"),
            tr('a name of the IANA database such as "Asia/Tokyo"; is tzdata installed?'),
        )


def pattern_problems(patterns: tuple[str, ...], path: KeyPath) -> Iterator[ConfigProblem]:
    """What is no number and no prefix."""
    for index, number in enumerate(patterns):
        if not is_pattern(number):
            yield misfit(
                (*path, index),
                tr("this is not a number or a prefix"),
                tr('digits, perhaps ending in *: "2*", "+81312345*"'),
            )


def _identity_problems(source: SourceSettings, path: KeyPath) -> Iterator[ConfigProblem]:
    yield from zone_problems(source.zone, (*path, "zone"))
    if not _COUNTRY.fullmatch(source.country):
        yield misfit(
            (*path, "country"), tr("this is not a country code"), tr('two capitals such as "JP"')
        )
    try:
        tenant_id(source.tenant)
    except ValueError:
        yield misfit(
            (*path, "tenant"),
            tr("this is not a tenant"),
            tr('"default" or 32 hexadecimal digits'),
        )


def is_network(text: str) -> bool:
    """Is this a network, or an address alone?"""
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return True
