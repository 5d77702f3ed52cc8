"""What the route says of an inline call, and where it may be sent.

Pure values. Knows nothing of how far the call is.
"""

from typing import Final

import msgspec

from capture.inline.routing.modes import Mode
from capture.inline.routing.route import (
    CallDirection,
    NoticeWhen,
    TargetSrtp,
    TransferBy,
    WithoutNotice,
)
from capture.links.relay_messages import Latch, Side
from capture.sip.flow import Address

# A target that redirects goes on redirecting: a loop.
MAX_REDIRECTIONS: Final = 5
# Where a target's refusal says nothing better.
NO_ANSWER: Final = 480


class Hop(msgspec.Struct, frozen=True):
    """Where a target can be reached: transport, address, and the Request-URI to use there."""

    transport: str
    remote: Address
    uri: bytes


class Aim(msgspec.Struct, frozen=True, kw_only=True):
    """A target that may be tried: its name, and how media is spoken there.

    `address` is where we say that we receive, `mode` what the route and it agree on.
    """

    name: str
    address: str
    latch: Latch = Latch.SIGNALLED
    srtp: TargetSrtp = "as-offered"
    mode: Mode = Mode.YES


class Redirection(msgspec.Struct, frozen=True):
    """Where a redirection leads: the Request-URI there, and the target whose place that is."""

    uri: bytes
    aim: Aim


class TargetSet(msgspec.Struct, frozen=True, kw_only=True):
    """Where the callee was not called yet (RFC 3261 §16.5), and what it answered last."""

    targets: tuple[Aim, ...] = ()
    hops: tuple[Hop, ...] = ()  # of the target that is tried now
    leads: tuple[Redirection, ...] = ()  # of its redirections
    redirections: int = 0
    refusal: int = NO_ANSWER

    def emptied(self) -> "TargetSet":
        """Nobody else is called."""
        return msgspec.structs.replace(self, targets=(), hops=(), leads=())


class DialledHop(msgspec.Struct, frozen=True, kw_only=True):
    """Where the callee is called, and what is offered there."""

    hop: Hop | None = None
    srtp: TargetSrtp = "as-offered"
    is_plain: bool = False  # SRTP was refused
    is_wide: bool = False  # so was the one codec of a caller who was answered alone
    dialled_us: int = 0


class NoticePlan(msgspec.Struct, frozen=True, kw_only=True):
    """Which notice is played, to whom and when, and what its route wants of it."""

    prompts: tuple[str, ...] = ()  # in order
    sides: tuple[Side, ...] = (Side.CALLER,)
    order: NoticeWhen = "dial-first"
    failure: WithoutNotice = "connect-and-flag"
    is_recorded: bool = False  # does recording begin with it, and not behind it?
    refusal_key: str = ""  # ends recording, for who was told
    beep_s: int = 0  # between two beeps, 0: none
    at_start: bool = False  # it waits until recording is begun by hand


class ControlPlan(msgspec.Struct, frozen=True, kw_only=True):
    """Who may begin, pause and end recording; the codes are keys of the agent's."""

    may_start: bool = False
    may_stop: bool = False
    pause_code: str = ""
    resume_code: str = ""
    start_code: str = ""
    pause_max_s: int = 600
    honours: bool = False  # may a party's preference end or pause recording?


class RouteLabels(msgspec.Struct, frozen=True, kw_only=True):
    route: str
    direction: CallDirection = ""
    queue: str = ""
    purpose: str = ""
    more_purposes: tuple[str, ...] = ()
    controller: str = ""
    tags: tuple[str, ...] = ()


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What the route says of this call; decided once, so that a reload changes no call that is up.

    `targets` in the order in which they are tried. `codecs`: speech that may cross, in capitals, ()
    = any. `ringback` is a prompt. `records`: is it to be recorded from its begin? With
    `must_record` a call that cannot be recorded is ended. `tells_by_contact`: the callee is ours
    under the user of its Contact. `relays_beside`: may one line that is no speech cross?
    `transfer`: who carries out a REFER, we or the other side; sources in `replaces_from` may take a
    place without one. `mode` is what route and target agreed on.
    """

    labels: RouteLabels
    targets: tuple[Aim, ...]
    number: bytes
    notice: NoticePlan = NoticePlan()
    control: ControlPlan = ControlPlan()
    codecs: tuple[str, ...] = ()
    ringback: str = ""
    mode: Mode = Mode.YES
    records: bool = True
    must_record: bool = False
    relays_beside: bool = False
    ring_s: int = 180
    is_emergency: bool = False
    tells_by_contact: bool = False
    transfer: TransferBy = "here"
    replaces_from: tuple[str, ...] = ()
