"""What all inline calls of a node share: routes, targets, prompts, and the calls that are up.

Knows nothing of when a call is taken or what becomes of it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Final

from capture.inline.messages.header_filter import PeerTrust
from capture.inline.routing.emergency import EmergencyNumbers, emergency_numbers
from capture.inline.routing.route import Target
from capture.inline.routing.routes import Routes
from capture.inline.state.bridged_calls import BridgedCall, BridgedCalls
from capture.inline.state.prompt_stock import PromptStock
from capture.links.relay_messages import Latch, RelayCall
from capture.peers.dialog_access import owner_called
from capture.peers.sources import Source
from capture.recording.node_context import NodeContext
from capture.sip.credentials import Account
from capture.sip.flow import Address, Flow
from capture.sip.owner import Owner
from capture.sip.targets import host_in

# Pairs that only emergency calls get: two calls more while everything else is refused, be that a
# call or a recording session.
RESERVED_PAIRS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """What the configuration says of inline calls; another one replaces it while calls are up.

    `unread` are the prompts, by name and language, whose files could not be read.
    """

    routes: Routes = field(default_factory=Routes)
    targets: Mapping[str, Target] = field(default_factory=dict)
    emergency: EmergencyNumbers = field(default_factory=lambda: emergency_numbers(()))
    emergency_to: tuple[str, ...] = ()
    stock: PromptStock = field(default_factory=PromptStock)
    unread: tuple[str, ...] = ()
    session_expires_s: int = 1_800

    @property
    def is_open(self) -> bool:
        """Is there a route that a call could take?"""
        return bool(self.routes.routes or self.emergency_to)

    def is_of_target(self, host: str) -> bool:
        """Is an address one from which a target speaks?"""
        address = ip_address(host.partition("%")[0])
        return any(address in network for network in self.networks)

    @property
    def networks(self) -> Iterator[IPv4Network | IPv6Network]:
        """All networks that targets name."""
        return (network for target in self.targets.values() for network in target.networks)


@dataclass(slots=True, kw_only=True)
class TargetNotes:
    """What is known of targets beside what the configuration says."""

    down: frozenset[str] = frozenset()  # do not answer
    former: dict[str, Target] = field(default_factory=dict)  # are those of calls that are up alone
    unproved: set[str] = field(default_factory=set)  # nothing of ours has answered their challenge


@dataclass(slots=True, kw_only=True)
class Exchange:
    """The inline front door of a node.

    `tokens` returns a fresh unguessable token, `numbers` a random number of so many bits; `here` is
    our address by transport. `switch` is what the configuration said last. `relayed` is what the
    relays were told last, by call.
    """

    node: NodeContext
    tokens: Callable[[], bytes]
    numbers: Callable[[int], int]
    here: Mapping[str, Address]
    switch: Switch = field(default_factory=Switch)
    calls: BridgedCalls = field(default_factory=BridgedCalls)
    relayed: dict[bytes, RelayCall] = field(default_factory=dict)
    notes: TargetNotes = field(default_factory=TargetNotes)

    def __post_init__(self) -> None:
        self._keep_back()

    def _keep_back(self) -> None:
        """Only a node that can be asked for help has something to keep for that."""
        self.node.capacity.ports.reserve = RESERVED_PAIRS if self.switch.is_open else 0

    def target(self, name: str) -> Target:
        """The target of this name; one that is gone from the configuration is spoken to as ever.

        Of one that a predecessor of ours knew and we do not, nothing but the name is left.
        """
        known = self.switch.targets.get(name) or self.notes.former.get(name)
        return known or Target(name=name, uri="")

    def stock_for(self, bridged: BridgedCall) -> PromptStock:
        """The prompts for this call: those with which it was taken, and what there is besides."""
        return self.switch.stock.under(bridged.prompts)

    def renew(self, switch: Switch) -> None:
        """The configuration is another one; calls that are up go on to the targets they know.

        Of a prompt that cannot be read now the last good one is played.
        """
        before = {**self.notes.former, **self.switch.targets}
        wanted = {aim.name for bridged in self.calls for aim in bridged.call.plan.targets}
        wanted |= {
            end.peer for bridged in self.calls for end in (bridged.call.caller, bridged.call.callee)
        }
        self.notes.former = {
            name: target
            for name, target in before.items()
            if name in wanted and name not in switch.targets
        }
        self.switch = replace(switch, stock=_with_unread(switch, self.switch.stock))
        self._keep_back()
        self.notes.unproved.clear()

    def account(self, name: str) -> Account | None:
        """Who we are at a target; None where it gave us no name."""
        target = self.switch.targets.get(name)
        return None if target is None else target.account

    def owner_at(self, bridged: BridgedCall, target: Target, host: str) -> Owner:
        """Whom we hear in a call that we make to a target, at this address.

        Its source is the one that calls come from there by, or that has its name.
        """
        node = self.node
        session = node.sessions.get(bridged.key)
        tenant = (
            node.peers.sources.named(bridged.source).tenant if session is None else session.tenant
        )
        named = (each for each in node.peers.sources.known if each.name == target.name)
        source = node.peers.sources.find(host) or next(named, None)
        return owner_called(source, tuple(map(str, target.networks)), host, tenant)

    def flow_to(self, target: Target, transport: str, remote: Address, uri: bytes = b"") -> Flow:
        """The way to a target, or to where it redirects to, with our address as it knows it."""
        here = self.here.get(transport) or self.here["udp"]
        local = Address(target.sip_advertise or here.host, here.port)
        name = name_at(target, uri) if transport == "tls" else ""
        return Flow(
            transport=transport,
            local=local,
            remote=remote,
            name=name,
            is_translated=target.latch is Latch.NAT,
        )


def _with_unread(switch: Switch, before: PromptStock) -> PromptStock:
    names = {*switch.unread, *(each.rpartition("/")[0] for each in switch.unread)}
    return switch.stock.under(before.only(names - switch.stock.wordings.keys()))


def name_at(target: Target, uri: bytes) -> str:
    """The name that must be proved there: that of the URI, before DNS made anything of it.

    RFC 5922 §7.3. A target's own may be given otherwise, or not asked for.
    """
    if target.verify != "name":
        return ""
    own, redirected = host_in(target.uri.encode()), host_in(uri)
    if redirected and redirected != own:
        return redirected
    return target.certificate or own


def trust_of(peer: Source | Target) -> PeerTrust:
    names = frozenset(name.lower().encode() for name in peer.pass_headers)
    return PeerTrust(trusted=peer.trusted, pass_headers=names)
