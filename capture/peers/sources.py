"""The peers that may send us calls, found by their address.

Pure values. Knows nothing of sockets or of what a call is.
"""

import json
import re
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

import msgspec

from archive.call.marks import UNMARKED, CallMarks
from capture.peers.source_settings import SourceTerms
from capture.sip.flow import Address, Flow
from capture.sip.owner import Owner

# Addresses whose source is remembered; a site has a handful.
MAX_REMEMBERED: Final = 4096
# Unknown addresses are counted, the rest in one sum: nobody fills our memory with strangers.
MAX_STRANGERS: Final = 256
_CALL_ID: Final = re.compile(rb"(?im)^(?:call-id|i)[ \t]*:[ \t]*(\S{1,256})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(SourceTerms):
    """One `[[source]]`, with what was read from its settings.

    `marks` are what is said of its calls, unless a route says otherwise.
    """

    tenant: bytes
    networks: tuple[IPv4Network | IPv6Network, ...]
    password: str = field(default="", repr=False)
    marks: CallMarks = UNMARKED


@dataclass(slots=True)
class Sources:
    """All configured sources; who proves a certificate is its source, else the address decides.

    Of `lingering` owners calls are up that were taken as the sources were then: they are heard, and
    begin no call.
    """

    known: tuple[Source, ...]
    lingering: frozenset[Owner] = frozenset()
    _lingers: dict[tuple[str, tuple[str, ...]], bool] = field(default_factory=dict)
    _found: dict[tuple[str, tuple[str, ...]], Source | None] = field(default_factory=dict)

    def find(self, host: str, names: tuple[str, ...] = ()) -> Source | None:
        """The source of a numeric address that has proved these names."""
        key = (host, names)
        if key not in self._found:
            if len(self._found) >= MAX_REMEMBERED:
                self._found.clear()
            self._found[key] = self._search(host, names)
        return self._found[key]

    def known_as(self, host: str, names: tuple[str, ...] = ()) -> str:
        """Return whose words are heard that come from there: a source, an address; "" nobody's."""
        source = self.find(host, names)
        if source is not None:
            return source.name
        return host if self.lingering and self._is_lingering(host, names) else ""

    def _is_lingering(self, host: str, names: tuple[str, ...]) -> bool:
        key = (host, names)
        if key not in self._lingers:
            if len(self._lingers) >= MAX_REMEMBERED:
                self._lingers.clear()
            self._lingers[key] = any(each.is_heard(host, names) for each in self.lingering)
        return self._lingers[key]

    def has_still(self, owner: Owner) -> bool:
        """Is the source of a dialog still configured, with the addresses that it had then?"""
        return any(
            source.name == owner.source and tuple(map(str, source.networks)) == owner.networks
            for source in self.known
        )

    def as_told(self, flow: Flow) -> Flow:
        """The flow with our address as this source knows it, which is what our Contact names."""
        source = self.find(flow.remote.host, flow.names)
        if source is None or not source.sip_advertise:
            return flow
        told = Address(source.sip_advertise, flow.local.port)
        return msgspec.structs.replace(flow, local=told)

    def _search(self, host: str, names: tuple[str, ...]) -> Source | None:
        address = ip_address(host.partition("%")[0])
        if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        # Sources that are told apart by their certificates may share addresses with another one.
        for source in sorted(self.known, key=lambda each: not each.certificate):
            proved = not source.certificate or source.certificate in names
            if proved and any(address in network for network in source.networks):
                return source
        return None

    def named(self, name: str) -> Source:
        """The source of that name, else one that knows nothing about its calls."""
        for source in self.known:
            if source.name == name:
                return source
        tenant = self.known[0].tenant if self.known else b""
        return Source(name=name, tenant=tenant, networks=())


@dataclass(slots=True)
class UnknownSources:
    """How often unknown addresses called; each gets no byte back."""

    counts: dict[str, int] = field(default_factory=dict)
    last_call: dict[str, bytes] = field(default_factory=dict)
    last_us: dict[str, int] = field(default_factory=dict)
    others: int = 0

    def note(self, host: str, invite: bytes, now_us: int) -> None:
        """Count one call of an unknown address; its repetitions are none."""
        if host not in self.counts and len(self.counts) >= MAX_STRANGERS:
            self.others += 1
            return
        self.last_us[host] = now_us
        named = _CALL_ID.search(invite)
        call = named[1] if named else b""
        if not call or self.last_call.get(host) != call:
            self.last_call[host] = call
            self.counts[host] = self.counts.get(host, 0) + 1

    @property
    def total(self) -> int:
        """How many calls were counted."""
        return sum(self.counts.values()) + self.others

    def as_lines(self) -> str:
        """A JSON object per address and line: `address`, `count`, `last_at` (µs UTC)."""
        rows = [
            {"address": host, "count": count, "last_at": self.last_us[host]}
            for host, count in self.counts.items()
        ]
        return "".join(json.dumps(row) + "\n" for row in rows)


def wanting_mode(source: Source) -> str:
    """The setting that would have a plain INVITE of this source taken as a recording session."""
    return f'[[source]] "{source.name}": mode = "network-based" takes it as a recording'
