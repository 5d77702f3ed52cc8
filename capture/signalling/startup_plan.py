"""What signalling is started with, and what it makes of that: core, node, exchange.

Chance is drawn here and given to what is pure. Knows nothing of messages.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from archive.ids import uuid7
from capture.admission.call_capacity import CallCapacity
from capture.admission.capacity import Limits
from capture.admission.port_pool import PortPool
from capture.admission.unacknowledged_calls import UnheardCalls
from capture.endpoints.transports import TlsPlan
from capture.holder.worker_board import Board
from capture.inline.bridge.recording_indication import OPTION as RECORD_AWARE
from capture.inline.state.exchange import Exchange, Switch
from capture.peers.peer_access import PeerAccess
from capture.peers.source_watch import SeenFile, SourceWatch
from capture.peers.sources import Source, Sources
from capture.recording.node_context import Fresh, NodeContext
from capture.recording.outputs import Place
from capture.recording.session_timeouts import Timeouts
from capture.sdp.crypto import SRTP_SECRET_BYTES
from capture.sip.digest import SALT_BYTES, DigestGuard
from capture.sip.flow import Address
from capture.sip.user_agent import SipCore
from capture.siprec.recording_request import OPTION
from capture.status.publisher import MetricsPlan

TOKEN_BYTES: Final = 12
# Nonces of a predecessor are stale: its clients answer a new challenge by themselves.
SECRET_BYTES: Final = 32
REALM: Final = "rokuon"
# Of both front doors (RFC 7866 §11.2, RFC 3891, RFC 4488, RFC 4916).
OPTIONS: Final = frozenset({OPTION, b"replaces", b"norefersub", b"from-change"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SignallingPlan:
    """What signalling is started with; `relay_link` is where relay workers find us."""

    node: str
    holder: Path
    link: Path
    relay_link: Path
    spool: Path
    capture_folder: Path
    sip: Address
    rtp_address: str
    first_port: int
    workers: int
    rest_s: float
    sources: tuple[Source, ...]
    limits: Limits
    timeouts: Timeouts
    tls: TlsPlan | None = None
    switch: Switch = field(default_factory=Switch)
    status: Path
    metrics: MetricsPlan = field(default_factory=MetricsPlan)


def core_of(plan: SignallingPlan) -> SipCore:
    """The SIP core of this node."""
    node = plan.node[:8].encode()
    return SipCore(node=node, tokens=_token, options=OPTIONS, quiet=frozenset({RECORD_AWARE}))


def node_of(
    plan: SignallingPlan, sip: SipCore, pairs: int, board: Board, now_us: int
) -> NodeContext:
    """What all calls of the node share."""
    peers = PeerAccess(
        sources=Sources(plan.sources),
        guard=DigestGuard(REALM, os.urandom(SECRET_BYTES), lambda: os.urandom(SALT_BYTES)),
        watch=SourceWatch(plan.sources, now_us, SeenFile(plan.capture_folder).left()),
    )
    capacity = CallCapacity(
        ports=PortPool(pairs, plan.workers, int(plan.rest_s * 1e6)),
        last_arrival_us=board.last_arrival_us,
        max_calls=plan.limits.max_calls,
        unheard=UnheardCalls(peers.name_at),
    )
    return NodeContext(
        sip=sip,
        peers=peers,
        capacity=capacity,
        place=Place(node=plan.node, address=plan.rtp_address, first_port=plan.first_port),
        fresh=Fresh(
            lambda at_us: uuid7(at_us, os.urandom(10)), lambda: os.urandom(SRTP_SECRET_BYTES)
        ),
    )


def exchange_of(plan: SignallingPlan, node: NodeContext) -> Exchange:
    """What all inline calls share beside that."""
    here = {"udp": plan.sip, "tcp": plan.sip}
    if plan.tls is not None:
        here["tls"] = plan.tls.address
    exchange = Exchange(node=node, tokens=_token, numbers=_random, here=here, switch=plan.switch)
    node.sip.use_accounts(exchange.account)
    return exchange


def _random(bits: int) -> int:
    return int.from_bytes(os.urandom((bits + 7) // 8), "big") & ((1 << bits) - 1)


def _token() -> bytes:
    return os.urandom(TOKEN_BYTES).hex().encode()
