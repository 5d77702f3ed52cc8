"""What a route and a target of inline calls say: conditions, where to, notice, recording.

Pure values. Knows nothing of configuration files or of what is done with a route.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from typing import TYPE_CHECKING, Final, Literal, Self

from capture.errors import CaptureError
from capture.inline.routing.modes import Mode
from capture.links.relay_messages import Latch
from capture.settings import MAX_SECONDS, one_or_more, whole

if TYPE_CHECKING:
    from capture.sip.credentials import Account

NoticeTo = Literal["caller", "callee", "both"]
NoticeWhen = Literal["dial-first", "answer-first", "early", "at-start"]
RecordFrom = Literal["after-notice", "with-notice"]
WithoutNotice = Literal["block", "connect-unrecorded", "connect-and-flag"]
RecordFailure = Literal["connect", "end"]
RefusalKey = Literal["", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"]
CallDirection = Literal["", "inbound", "outbound", "internal"]
OtherMedia = Literal["refuse", "relay"]
TransferBy = Literal["here", "pass"]
RecordPreference = Literal["note", "honour"]
Ringback = Literal["jp", "eu", "us"]
TargetProof = Literal["name", "authority"]
TargetSrtp = Literal["never", "offer", "require", "as-offered"]

# RFC 3261 §25.1: what the name of a header may be made of.
TOKEN_SIGNS: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~"
)


class HeaderConditionRefused(CaptureError):
    """What was written is not "Name: value"."""


def is_token(text: str) -> bool:
    """May a header be called that?"""
    return bool(text) and set(text) <= TOKEN_SIGNS


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderCondition:
    """A header that an INVITE must have: its name in lower case, its value or how that begins."""

    name: str
    value: str
    is_prefix: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "X-Campaign: spring*". Raises `HeaderConditionRefused`."""
        name, colon, value = (piece.strip() for piece in text.partition(":"))
        if not colon or not is_token(name) or not value:
            raise HeaderConditionRefused(f"{text!r} is no header and value")
        return cls(name=name.lower(), value=value.removesuffix("*"), is_prefix=value.endswith("*"))

    def matches(self, headers: Mapping[str, tuple[str, ...]]) -> bool:
        """Has a header of this name such a value?"""
        return any(self._means(value.strip()) for value in headers.get(self.name, ()))

    def covers(self, other: "HeaderCondition") -> bool:
        """Does it hold wherever the other one holds?"""
        same = self.name == other.name
        return same and (self == other or (self.is_prefix and other.value.startswith(self.value)))

    def _means(self, value: str) -> bool:
        return value.startswith(self.value) if self.is_prefix else value == self.value

    def __str__(self) -> str:
        return f"{self.name}: {self.value}{'*' if self.is_prefix else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Which calls it takes, where they go, what is said to whom, what is recorded: its settings.

    Conditions that are empty hold always; within one condition any of its entries is enough, but of
    headers one entry for each name. `to` are names of targets in the order in which they are tried;
    `notice` are prompts in the order in which they are played, none: nothing is said. `hours` and
    `outside` name a table of hours within, and outside of which the route counts. `agent` says
    where the agent's id is: "user" (of the URI by which our side calls or answers) or
    "header:NAME"; "": by number. A notice `at-start` is played when recording is begun by hand.
    Sources in `replaces_from` may take a place in its calls (Replaces), beside who has it.
    """

    name: str
    to: tuple[str, ...]
    source: tuple[str, ...] = ()
    number: tuple[str, ...] = ()
    caller: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    hours: str = ""
    outside: str = ""
    dial: str = ""
    notice: tuple[str, ...] = ()
    notice_to: NoticeTo = "caller"
    notice_when: NoticeWhen = "dial-first"
    language: str = ""
    record: Mode = Mode.YES
    on_demand: bool = False
    record_from: RecordFrom = "after-notice"
    without_notice: WithoutNotice = "block"
    record_failure: RecordFailure = "connect"
    beep_s: int = whole(0, low=0, high=3_600)
    refusal_key: RefusalKey = ""
    pause_code: str = ""
    resume_code: str = ""
    start_code: str = ""
    pause_max_s: int = whole(600, low=1, high=MAX_SECONDS)
    direction: CallDirection = ""
    queue: str = ""
    purpose: tuple[str, ...] = one_or_more()
    controller: str = ""
    tags: tuple[str, ...] = ()
    agent: str = ""
    other_media: OtherMedia = "relay"
    transfer: TransferBy = "here"
    replaces_from: tuple[str, ...] = ()
    record_preference: RecordPreference = "note"
    ring_s: int = whole(60, low=5, high=600)
    ringback: Ringback = "jp"

    @property
    def headers(self) -> tuple[HeaderCondition, ...]:
        """What is asked of headers. Raises `HeaderConditionRefused`."""
        return tuple(map(HeaderCondition.parse, self.header))


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetTerms:
    """How a peer that calls are sent to is spoken to: what is configured and used as it is.

    `user` is who we are there; who that is to its digest, where it is not the same, `auth_user`.
    `check_s` is the time between two OPTIONS, 0: none are sent. With `pause_by_header` it may pause
    and resume that itself. Over TLS its certificate must prove `certificate`, else the host of its
    URI, where `verify` says so.
    """

    name: str
    uri: str
    user: str = ""
    auth_user: str = ""
    register: bool = False
    register_expires_s: int = whole(3_600, low=60, high=MAX_SECONDS)
    check_s: int = whole(30, low=0, high=MAX_SECONDS)
    srtp: TargetSrtp = "as-offered"
    latch: Latch = Latch.SIGNALLED
    trusted: bool = True
    pass_headers: tuple[str, ...] = ()
    sip_advertise: str = ""
    rtp_advertise: str = ""
    pause_by_header: bool = False
    certificate: str = ""
    verify: TargetProof = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(TargetTerms):
    """A peer that calls are sent to, with what was read from its settings.

    `networks` are those from which it speaks besides what its URI resolves to; `record` is its say
    about recording.
    """

    password: str = field(default="", repr=False)
    record: Mode = Mode.DONT_CARE
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @property
    def account(self) -> "Account | None":
        """By what its challenges are answered; None where it gave us no name."""
        if not self.user:
            return None
        # Who only reads a configuration need not load what signs requests.
        from capture.sip.credentials import Account

        return Account(user=self.auth_user or self.user, password=self.password)
