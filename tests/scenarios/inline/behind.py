"""Telephones behind Kamailio with rtpengine, and behind a PBX in Asterisk's manner.

What each has heard, by its own recording, and what the record says of it. Knows no scenario.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from capture.prompts.tones import COMFORT_TONE, sound_of
from tests.scenarios.hearing import RATE, Signal, find, read, spoken, write
from tests.scenarios.inline.kept import notice
from tests.scenarios.inline.node import ALICE, BOB, CAROL, HOUSE, Node
from tests.scenarios.inline.people import LONG_ENOUGH_S
from tests.scenarios.inline.talk import ringback
from tests.scenarios.inline.telephones import file_of, known_at
from tests.scenarios.phones import kamailio, pjsua
from tests.scenarios.phones.pbx import pbx
from tests.scenarios.phones.program import Program
from tests.scenarios.recordings import Recorded
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, Speech
from tests.scenarios.waiting import until
from tests.support.scenarios.phones import THIRD_SAYS

QUEUE_SAYS: Final = Speech(file="ja-customer.ulaw", from_s=8.0)
STRANGER: Final = "09012345678"
Table = dict[str, Any]
NAMED: Final = "Agent 201"


def ticks() -> Signal:
    """Two of what says that the line lives."""
    tick = sound_of(COMFORT_TONE, RATE).samples.astype(float)
    return np.concatenate([tick, tick[: round(COMFORT_TONE.on_s * RATE)]])


def sounds() -> dict[str, Signal]:
    """All that may be heard, by its name in the table."""
    said = {"customer": CUSTOMER_SAYS, "agent": AGENT_SAYS, "stranger": THIRD_SAYS}
    return {
        "notice": notice(), "ringback": ringback(), "queue": spoken(QUEUE_SAYS),
        **{who: spoken(speech) for who, speech in said.items()},
    }  # fmt: skip


def heard(samples: Signal, *more: str) -> list[str]:
    """What of it is in there, in its order; `ticks` are looked for where they are named."""
    looked = sounds() | ({"ticks": ticks()} if "ticks" in more else {})
    places = {name: find(samples, sound) for name, sound in looked.items()}
    return sorted((name for name in places if places[name]), key=lambda name: places[name].at_s)


@dataclass(frozen=True, slots=True)
class Behind:
    """The telephone of agent 201, that of a stranger outside, and who is between us and them.

    `program` is what refreshes the calls that come from there.
    """

    kind: str
    host: str
    agent: pjsua.Phone
    stranger: pjsua.Phone
    outside: str
    program: Program

    @property
    def target(self) -> str:
        """Where it is called."""
        return f"sip:{self.host}"

    def names(self) -> dict[str, str]:
        """What the agent's telephone says of him, where nobody else does."""
        named = f'"{NAMED}" <sip:201@{HOUSE}>'
        return {"P-Asserted-Identity": named} if self.kind == "kamailio" else {}


@contextmanager
def behind(
    kind: str, node: Node, folder: Path, *, own: Table | None = None, **extension: Any
) -> Iterator[Behind]:
    """Kamailio or the PBX, at the address of a source whose own numbers begin with 2.

    `own` is of the agent's telephone, and of the PBX where that is what calls us.
    """
    trunk, more = f"{node.server.bind}:{node.server.sip_port}", own or {}
    registrar: list[Table] = [{}, {}]
    with ExitStack() as stack:
        if kind == "kamailio":
            users = {"201": "a1", STRANGER: "b1"}
            at = stack.enter_context(
                kamailio.registrar(folder / "proxy", users, host=HOUSE, recorder=trunk)
            )
            registrar = [known_at(at, key) for key in users.values()]
        agents = pjsua.Settings(
            **{"user": "201", "host": BOB, "says": write(AGENT_SAYS, folder)},
            **registrar[0],
            **more,
        )
        strangers = pjsua.Settings(
            user=STRANGER, host=CAROL, says=write(THIRD_SAYS, folder), **registrar[1]
        )
        agent, stranger = (
            stack.enter_context(pjsua.phone(folder, each)) for each in (agents, strangers)
        )
        if kind == "kamailio":
            agent.registered()
            stranger.registered()
            outside = f"sip:{STRANGER}@{at.target}"
            yield Behind(kind, at.target, agent, stranger, outside, agent.program)
            return
        extensions = {"201": {"telephone": agent.uri, "name": NAMED, **extension}}
        music = write(QUEUE_SAYS, folder)
        there = stack.enter_context(
            pbx(folder, extensions, host=HOUSE, trunk=trunk, music=music, **more)
        )
        yield Behind(kind, there.target, agent, stranger, stranger.uri, there.program)


@contextmanager
def customer(folder: Path, **kind: Any) -> Iterator[pjsua.Phone]:
    """Who calls from outside."""
    settings: dict[str, Any] = {
        "user": "0312345678",
        "host": ALICE,
        "says": write(CUSTOMER_SAYS, folder),
        **kind,
    }
    with pjsua.phone(folder, pjsua.Settings(**settings)) as phone:
        yield phone


def hears_of(file: Path, name: str) -> None:
    """Wait until a telephone has heard one of all the sounds."""
    sound = ticks() if name == "ticks" else sounds()[name]
    until(lambda: find(read(file), sound) or None, name, within_s=LONG_ENOUGH_S)


def hears_more(side: pjsua.Call, than: int) -> None:
    """Wait for a second of media more."""
    until(lambda: side.packets()["received"] > than + 50 or None, "a second of media")


@dataclass(frozen=True, slots=True)
class Record:
    """What the record says of a call: its lanes, who was there, who was tried, how it ended."""

    customer: list[str]
    agent: list[str]
    ours: list[str]
    legs: list[tuple[str, str]]
    attempts: list[tuple[str, Any]]
    holds: list[str]
    others: list[str]
    ended: str

    @classmethod
    def of(cls, recorded: Recorded, *more: str) -> "Record":
        """As it is exported and shown."""
        lanes = [heard(each, *more) for each in recorded.audio().astype(np.float64).T]
        spoken_, ours = lanes[:2], [name for lane in lanes[2:] for name in lane]
        (course,) = recorded.server.value("calls", "show", recorded.row["call"])["recordings"]
        return cls(
            *spoken_,
            ours,
            legs=[(each["side"], each["name"] or each["number"]) for each in course["legs"]],
            attempts=[(each["outcome"], each["status"]) for each in course["attempts"]],
            holds=[each["told_by"] for each in course["holds"]],
            others=[each["sound"] for each in course["other_sounds"]],
            ended=course["ended_because"],
        )


def told_by(*more: str, **sides: pjsua.Call) -> dict[str, list[str]]:
    """What each telephone has heard, by its own file, when it is over."""
    return {who: heard(read(file_of(side.ended())), *more) for who, side in sides.items()}
