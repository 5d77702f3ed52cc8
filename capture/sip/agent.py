"""What our user agent says about itself, and how it makes tags and branches.

Randomness is a function that is passed in. Knows no call.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from capture.sip.build import Header
from capture.sip.credentials import Account
from capture.sip.dialog import contact_value
from capture.sip.flow import Flow
from capture.sip.message import Request
from capture.sip.owner import NOBODY, DialogAccess, Owner

SERVED_METHODS: Final = (
    b"INVITE", b"ACK", b"BYE", b"CANCEL", b"OPTIONS", b"UPDATE", b"PRACK", b"INFO",
)  # fmt: skip
# Known to SIP and not served: 405 rather than 501 (RFC 3261 §8.2.1).
OTHER_METHODS: Final = frozenset(
    {
        b"REGISTER",
        b"MESSAGE",
        b"SUBSCRIBE",
        b"NOTIFY",
        b"PUBLISH",
        b"REFER",
    }
)
# What this layer does by itself (RFC 3262, RFC 4028).
OWN_OPTIONS: Final = frozenset({b"100rel", b"timer"})
BRANCH_PREFIX: Final = b"z9hG4bK"
# What is also told to the layer above where there is a dialog.
PASSED_METHODS: Final = (b"INFO", b"REFER", b"NOTIFY", b"MESSAGE")


def allowing(*more: bytes) -> Header:
    """Allow, with what the layer above serves beside what is always served."""
    return b"Allow", b", ".join((*SERVED_METHODS, *more))


ALLOW: Final[Header] = allowing()


def no_account(_name: str) -> None:
    """Nobody has given us any."""


def no_leniency(_flow: Flow) -> str:
    """Everybody is read by the letter."""
    return ""


def no_crowd(_request: Request, _flow: Flow, _now_s: float) -> bool:
    """Everybody may call."""
    return False


def no_translator(_flow: Flow) -> bool:
    """Everybody is where his Contact says."""
    return False


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """Who may say what in a dialog.

    `owner` says of who calls by a flow whose his dialog is; `access` how who sends a request by a
    flow (the second) stands to a dialog of this owner, whose own was heard last by another (the
    first). `challenge` are the headers of a 401. Who calls by a flow and `is_behind_nat` is reached
    by the way he came alone, whatever his Contact says.
    """

    owner: Callable[[Flow], Owner]
    access: Callable[[Owner, Flow, Request, Flow, float], DialogAccess]
    challenge: Callable[[float], tuple[Header, ...]]
    is_behind_nat: Callable[[Flow], bool] = no_translator


# Everybody may say everything.
NO_DOORKEEPER: Final = Doorkeeper(
    owner=lambda _flow: NOBODY,
    access=lambda _owner, _last, _request, _flow, _now_s: DialogAccess.OWN,
    challenge=lambda _now_s: (),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """`node` (a token) stands in Contact and tags; `options` are the option tags we understand.

    `tokens` returns a fresh, unguessable token each time. `quiet` are tags that we understand and
    name only where the layer above does. `accounts` finds one by the name that a dialog has for it.
    `lenient_source` names the source of a flow that is read as it means, "": by the letter.
    `is_crowded` says of an INVITE that who sends it has too many calls of which nothing is heard,
    `door` who may say what in a dialog.
    """

    node: bytes
    tokens: Callable[[], bytes]
    options: frozenset[bytes] = OWN_OPTIONS
    quiet: frozenset[bytes] = frozenset()
    accounts: Callable[[str], Account | None] = no_account
    lenient_source: Callable[[Flow], str] = no_leniency
    is_crowded: Callable[[Request, Flow, float], bool] = no_crowd
    door: Doorkeeper = NO_DOORKEEPER

    def is_of_one_source(self, one: Flow, other: Flow) -> bool:
        """Do both flows come from the same source, and is it read as it means?"""
        name = self.lenient_source(one)
        return bool(name) and self.lenient_source(other) == name

    def new_tag(self) -> bytes:
        """A tag that names this node (RFC 3261 §19.3)."""
        return self.node + b"-" + self.tokens()

    def new_branch(self) -> bytes:
        """A branch unique in space and time (RFC 3261 §8.1.1.7)."""
        return BRANCH_PREFIX + self.tokens()

    def contact(self, flow: Flow, params: bytes) -> bytes:
        return contact_value(flow, self.node, params)

    @property
    def understood(self) -> frozenset[bytes]:
        """Every option tag that may be required of us."""
        return self.options | self.quiet

    @property
    def supported(self) -> Header:
        return self.supporting()

    def supporting(self, *more: bytes) -> Header:
        """The same, with what is said to this peer alone."""
        return b"Supported", b", ".join(sorted({*self.options, *more}))

    @property
    def abilities(self) -> tuple[Header, ...]:
        """Allow and Supported (RFC 3261 §13.3.1.4)."""
        return ALLOW, self.supported

    def abilities_beside(self, headers: tuple[Header, ...]) -> tuple[Header, ...]:
        """The same, where `headers` of the layer above go out too: an Allow there is the one."""
        said = {name.lower() for name, _ in headers}
        return tuple(each for each in self.abilities if each[0].lower() not in said)
