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


class Lead(msgspec.Struct, frozen=True):
    """Where a redirection leads: the Request-URI there, and the target whose place that is."""

    uri: bytes
    aim: Aim


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What the route says of this call; decided once, so that a reload changes no call that is up.

    `targets` in the order in which they are tried. `notice` are the prompts in order, for each of
    `notice_to`. `codecs`: speech that may cross, in capitals, () = any. `ringback` is a prompt.
    `records`: is it to be recorded from its begin? `may_start`, `may_stop`: may recording be begun,
    be ended by hand? `tells_by_contact`: the callee is ours under the user of its Contact.
    `tells_at_start`: the notice waits for the begin. With a `refusal_key` who was
    told may end it. `beep_s` is the time between two beeps, 0: none. With `must_record` a call that
    cannot be recorded is ended. `relays_beside`: may one line that is no speech cross? The codes
    are keys of the agent's. `transfer`: who carries out a REFER, we or the other side; sources in
    `replaces_from` may take a place without one. `honours`:
    may a party's preference end or pause recording? `mode` and what follows it are the route's, for
    the recording to name.
    """

    route: str
    targets: tuple[Aim, ...]
    number: bytes
    notice: tuple[str, ...] = ()
    notice_to: tuple[Side, ...] = (Side.CALLER,)
    order: NoticeWhen = "dial-first"
    without_notice: WithoutNotice = "connect-and-flag"
    codecs: tuple[str, ...] = ()
    ringback: str = ""
    records: bool = True
    records_with_notice: bool = False
    refusal_key: str = ""
    beep_s: int = 0
    must_record: bool = False
    relays_beside: bool = False
    ring_s: int = 180
    is_emergency: bool = False
    may_start: bool = False
    may_stop: bool = False
    tells_at_start: bool = False
    tells_by_contact: bool = False
    pause_code: str = ""
    resume_code: str = ""
    start_code: str = ""
    pause_max_s: int = 600
    transfer: TransferBy = "here"
    replaces_from: tuple[str, ...] = ()
    honours: bool = False
    mode: Mode = Mode.YES
    direction: CallDirection = ""
    queue: str = ""
    purpose: str = ""
    controller: str = ""
    tags: tuple[str, ...] = ()
    more_purposes: tuple[str, ...] = ()
