"""A world: every conversation of it as columns, drawn by size and seed.

Whoever asks the product never gets to see it; the oracle sees what is kept of each call.
"""

import hashlib
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Final

import numpy as np

from eval.world.agents import QUEUES, Agents, agents_of
from eval.world.arrays import Flags, Ints
from eval.world.calendar import DAY_S, SLOT_S, US, days_of, first_day, midnight_us
from eval.world.parties import Contacts, contacts_of, customers_of, shown_numbers

_OUTBOUND: Final = 0.12
_CALL_BACK: Final = 0.35
_TRANSFERRED: Final = 0.06
_HELD: Final = 0.2
_SAME_AGENT: Final = 0.15
_UNRECORDED: Final = 0.015
_DESTROYED: Final = 0.05
_NAMED: Final = 0.3
_ORDERED: Final = 0.35
REASONS: Final = ("full", "draining", "not recorded", "notice not played")
DIALLED: Final = tuple(f"0120{number:06}" for number in range(123_000, 123_012))
TAGS: Final = ("gold", "complaint", "call-back wanted", "new customer", "urgent", "corporate")
TOPICS: Final = (
    "住所変更", "解約", "請求書", "引っ越し", "返品", "配送の遅れ", "修理", "故障", "新規契約",
    "料金プラン", "割引", "名義変更", "口座振替", "領収書", "見積もり", "工事日", "保証", "在庫",
    "交換", "初期設定", "暗証番号", "ログイン", "メール", "ルーター", "冷蔵庫", "洗濯機",
    "エアコン", "ポイント", "キャンセル", "苦情",
)  # fmt: skip


class Fate(IntEnum):
    """What is kept of a conversation."""

    RECORDED = 0
    NOT_RECORDED = 1
    DESTROYED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Conversations in order of time; −1 is none. A transferred one has a second agent."""

    days: int
    agents: Agents
    at_s: Ints
    length_s: Ints
    outbound: Flags
    customer: Ints
    matter: Ints
    number: Ints
    withheld: Ints
    persona: Ints
    persona2: Ints
    extension: Ints
    extension2: Ints
    queue: Ints
    dialled: Ints
    held: Flags
    called_back: Flags
    fate: Ints
    reason: Ints
    # What was written of it.
    topic: Ints
    tag: Ints
    order: Ints
    # The customer's surname, where the telephone system tells it.
    surname: Ints

    def __len__(self) -> int:
        return len(self.at_s)

    @property
    def day(self) -> Ints:
        """Since the first."""
        days: Ints = self.at_s // DAY_S
        return days

    @property
    def slot(self) -> Ints:
        """The half hour of the day."""
        slots: Ints = self.at_s % DAY_S // SLOT_S
        return slots

    @property
    def begin_us(self) -> Ints:
        """Since 1970 UTC."""
        begin: Ints = midnight_us(first_day(self.days)) + self.at_s * US
        return begin

    def begins_us(self, call: int) -> int:
        """Of one: all of a large world take milliseconds."""
        return midnight_us(first_day(self.days)) + int(self.at_s[call]) * US

    @property
    def in_burst(self) -> Flags:
        """Whether the matter has other conversations."""
        several: Flags = np.bincount(self.matter)[self.matter] > 1
        return several

    def digest(self) -> str:
        """Of every column: the same for the same size and seed."""
        own = hashlib.sha256()
        for each in fields(self):
            if isinstance(column := getattr(self, each.name), np.ndarray):
                own.update(each.name.encode() + np.ascontiguousarray(column).tobytes())
        return own.hexdigest()


def make_world(calls: int, *, seed: int) -> World:
    """About so many conversations: what would begin behind the last day is left out."""
    dice = np.random.default_rng([seed, calls])
    days = days_of(calls)
    agents = agents_of(calls, days, dice)
    contacts = contacts_of(calls, days, dice)
    count = len(contacts.at_s)
    customers = customers_of(int(contacts.customer.max()) + 1, dice)
    number, withheld = shown_numbers(contacts, customers, dice)
    calls_back = (contacts.serial > 0) & (dice.random(count) < _CALL_BACK)
    outbound = (calls_back | (dice.random(count) < _OUTBOUND)) & (number > 0)
    queue = dice.choice(len(QUEUES), size=count, p=(0.3, 0.2, 0.2, 0.12, 0.08, 0.1))
    persona, extension = _speakers(agents, contacts, queue, dice)
    persona2, extension2 = _second(agents, contacts, persona, dice)
    fate, reason = _fates(contacts.at_s, days, dice)
    called = dice.choice(len(DIALLED), size=count)
    return World(
        days=days,
        agents=agents,
        at_s=contacts.at_s,
        length_s=np.clip(dice.lognormal(5, 0.9, size=count), 5, 7_200).astype(np.int64),
        outbound=outbound,
        customer=contacts.customer,
        matter=contacts.matter,
        number=number,
        withheld=withheld,
        persona=persona,
        persona2=persona2,
        extension=extension,
        extension2=extension2,
        queue=np.where(outbound, -1, queue),
        dialled=np.where(outbound, -1, called),
        held=dice.random(count) < _HELD,
        called_back=calls_back & outbound,
        fate=fate,
        reason=reason,
        topic=np.minimum(dice.geometric(0.09, size=count) - 1, len(TOPICS) - 1),
        tag=np.where(dice.random(count) < 0.4, dice.choice(len(TAGS), size=count), -1),
        order=np.where(dice.random(count) < _ORDERED, dice.integers(10**7, size=count), -1),
        surname=np.where(dice.random(count) < _NAMED, customers.surname[contacts.customer], -1),
    )


def _speakers(
    agents: Agents, contacts: Contacts, queue: Ints, dice: np.random.Generator
) -> tuple[Ints, Ints]:
    """Who of the queue was there that day, else anybody; some ask for who it was before."""
    day = contacts.at_s // DAY_S
    agent = np.zeros(len(day), dtype=np.int64)
    bounds = np.searchsorted(day, np.arange(int(day.max()) + 2))
    for today in range(int(day.max()) + 1):
        of_day = slice(bounds[today], bounds[today + 1])
        there = np.flatnonzero(agents.duty[:, today])
        for each in range(len(QUEUES)):
            at = np.flatnonzero(queue[of_day] == each) + bounds[today]
            able = there[agents.team[there] % len(QUEUES) == each]
            agent[at] = dice.choice(able if len(able) else there, size=len(at))
    before = _before(contacts)
    asked = np.flatnonzero((before >= 0) & (dice.random(len(day)) < _SAME_AGENT))
    asked = asked[agents.duty[agent[before[asked]], day[asked]]]
    agent[asked] = agent[before[asked]]
    return agents.persona[agent, day], agents.extension[agent, day]


def _before(contacts: Contacts) -> Ints:
    """The conversation of the same matter before this one, −1 where there is none."""
    order = np.lexsort((contacts.at_s, contacts.matter))
    before = np.full(len(order), -1, dtype=np.int64)
    same = contacts.matter[order][1:] == contacts.matter[order][:-1]
    before[order[1:][same]] = order[:-1][same]
    return before


def _second(
    agents: Agents, contacts: Contacts, persona: Ints, dice: np.random.Generator
) -> tuple[Ints, Ints]:
    """To whom a transferred call went: anybody else who was there."""
    day = contacts.at_s // DAY_S
    persona2 = np.full(len(day), -1, dtype=np.int64)
    extension2 = persona2.copy()
    for at in np.flatnonzero(dice.random(len(day)) < _TRANSFERRED):
        there = np.flatnonzero(agents.duty[:, day[at]])
        other = dice.choice(there)
        if other != agents.agent_of[persona[at]]:
            persona2[at] = agents.persona[other, day[at]]
            extension2[at] = agents.extension[other, day[at]]
    return persona2, extension2


def _fates(at_s: Ints, days: int, dice: np.random.Generator) -> tuple[Ints, Ints]:
    """A few were never recorded; of the older half some are destroyed."""
    drawn = dice.random(len(at_s))
    old = at_s < days * DAY_S // 2
    fate = np.where(old & (drawn > 1 - _DESTROYED), Fate.DESTROYED, Fate.RECORDED)
    fate = np.where(drawn < _UNRECORDED, Fate.NOT_RECORDED, fate)
    reason = dice.choice(len(REASONS), size=len(at_s))
    return fate.astype(np.int64), np.where(fate == Fate.NOT_RECORDED, reason, -1)
