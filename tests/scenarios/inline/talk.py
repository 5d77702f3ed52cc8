"""A call of two SIPps through the node, each with a voice.

Knows nothing of what the scenarios say, but when each goes on.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from capture.prompts.tones import RINGBACK_JAPAN, sound_of
from tests.scenarios.hearing import RATE, Signal
from tests.scenarios.inline.kept import Kept, Ports, notice
from tests.scenarios.inline.node import ALICE, BOB, PASSWORD, USER, Call, Node
from tests.scenarios.inline.voice import Voice, voice
from tests.scenarios.phones import sipp
from tests.scenarios.phones.pairs import Side
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, Speech
from tests.scenarios.waiting import met

Step = tuple[Side, str]
Target = str | Mapping[str, Any]
RANG: Final = r"^SIP/2.0 180 "
ACKED: Final = r"^ACK "


def after(status: int, number: int, method: str) -> str:
    """A response to the request of this number."""
    return rf"^SIP/2.0 {status} (?:.+\n)*?CSeq: {number} {method}"


def ringback() -> Signal:
    """A second of what a party hears who waits."""
    return sound_of(RINGBACK_JAPAN, RATE).samples[:RATE].astype(float)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Who plays: `until_answered` and `later` are who goes on, once he has seen what.

    `ends` is who is told to hang up. `host`, `transport` and `codecs` are the caller's, `claims` is
    where his description says that he is; `target` says more of the callee's.
    """

    caller: str = "caller"
    callee: str = "callee"
    until_answered: Sequence[Step] = ()
    later: Sequence[Step] = ()
    ends: Side = "caller"
    keys: tuple[tuple[str, str], ...] = ()
    target: dict[str, Any] = field(default_factory=dict)
    host: str = ALICE
    transport: Literal["udp", "tcp"] = "udp"
    claims: str = ""
    codecs: tuple[str, ...] = ("pcmu", "pcma")
    says: tuple[Speech | bytes, Speech | bytes] = (CUSTOMER_SAYS, AGENT_SAYS)

    def __str__(self) -> str:
        return f"{self.caller} {self.callee}"


@dataclass(frozen=True, slots=True)
class Talk:
    """A call that is under way."""

    call: Call
    roles: Roles
    caller: sipp.Player
    callee: sipp.Player
    alice: Voice
    bob: Voice

    def go(self, steps: Sequence[Step]) -> None:
        """Tell who is meant to go on, as soon as he has seen what he waits for."""
        players = {"caller": self.caller, "callee": self.callee}
        for who, pattern in steps:
            players[who].saw(pattern)
            players[who].go_on()

    def answered(self) -> None:
        """Both speak as soon as they know to where."""
        self.go(self.roles.until_answered)
        self.caller.saw(ACKED)
        ports = Ports.of(self.call)
        self.alice.speak_to(ports.caller, self.call.node.server.bind)
        self.bob.speak_to(ports.callee, self.call.node.server.bind)

    def hear_each_other(self) -> None:
        """Each the other, and nobody himself."""
        self.alice.hears(AGENT_SAYS)
        self.bob.hears(CUSTOMER_SAYS)
        self.alice.never_heard(CUSTOMER_SAYS)
        self.bob.never_heard(AGENT_SAYS)

    def hear_anew(self) -> None:
        """Each hears the other from now on, from the begin of what he says to its end."""
        alices, bobs = len(self.alice.datagrams()), len(self.bob.datagrams())
        self.alice.hears(AGENT_SAYS, since=alices)
        self.bob.hears(CUSTOMER_SAYS, since=bobs)

    def hear_on(self, packets: int = 50) -> None:
        """So much media comes to both from now on; a second of it where nothing is said."""
        for party in (self.alice, self.bob):
            enough = len(party.datagrams()) + packets
            met(lambda p=party, n=enough: len(p.datagrams()) > n, "more media")  # type: ignore[misc]  # bound now

    def caller_was_told(self) -> None:
        """The caller heard the notice before anybody, the callee ringback and not the notice."""
        told, bobs = self.alice.hears(notice()), self.alice.hears(AGENT_SAYS)
        assert told.at_s < bobs.at_s
        rang, alices = self.bob.hears(ringback()), self.bob.hears(CUSTOMER_SAYS)
        assert rang.at_s < alices.at_s
        self.bob.never_heard(notice())

    def hang_up(self) -> None:
        """One side does, and both scenarios have gone as written."""
        (self.caller if self.roles.ends == "caller" else self.callee).go_on()
        self.finish()

    def finish(self) -> None:
        """Both scenarios have gone as written."""
        self.caller.finish()
        self.callee.finish()

    def kept(self) -> Kept:
        """Its recording."""
        return Kept.of(self.call)


def _nothing() -> None:
    """What most calls need before they begin."""


@contextmanager
def talk(
    node: Node,
    folder: Path,
    roles: Roles,
    *,
    by_way_of: Callable[[sipp.Player], Sequence[Target]] | None = None,
    first: Callable[[], None] = _nothing,
    **route: Any,
) -> Iterator[Talk]:
    """Alice has called Bob when the block begins; ended by force if the block leaves it.

    `by_way_of` says who is called instead of Bob, with him or without, in this order. `first`
    happens between the route's being there and the call.
    """
    alices, bobs = roles.says
    with ExitStack() as stack:
        alice = stack.enter_context(voice(roles.host, alices))
        bob = stack.enter_context(voice(BOB, bobs))
        theirs = sipp.Settings(
            scenario=roles.callee, host=BOB, media=bob.port, keys=roles.keys,
            user=USER, password=PASSWORD,
        )  # fmt: skip
        callee = stack.enter_context(sipp.callee(folder, theirs))
        bobs_own: Target = {"uri": callee.node, **node.credentials, **roles.target}
        targets = by_way_of(callee) if by_way_of is not None else (bobs_own,)
        call = node.route(*targets, **route)
        first()
        told = sipp.description(roles.claims or roles.host, alice.port, roles.codecs)
        ours = sipp.Settings(
            scenario=roles.caller, host=roles.host, media=alice.port, transport=roles.transport,
            keys=(("sdp_body", told), *roles.keys),
            codecs=roles.codecs, user=USER, password=PASSWORD,
        )  # fmt: skip
        caller = stack.enter_context(sipp.caller(folder, ours, call.target, called=call.number))
        yield Talk(call, roles, caller, callee, alice, bob)
