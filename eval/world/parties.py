"""Outside parties: numbers of customers, the telephone of each call, and bursts.

Knows nothing of agents.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from eval.world.arrays import Floats, Ints
from eval.world.calendar import DAY_S, SLOT_S, day_weights, slot_weights
from eval.world.surnames import surnames

WITHHELD: Final = ("", "anonymous", "payphone", "unavailable")
_WITHHELD: Final = 0.06
_REASONS: Final = (0.85, 0.05, 0.10)
OTHER_PHONE: Final = 0.15
MOBILE: Final = 0.7
# National prefixes without their zero, behind the country.
MOBILES: Final = (8190, 8180, 8170)
LANDS: Final = (813, 816)
# Calls of one matter: one, two, three, ...
_CALLS: Final = (0.72, 0.17, 0.06, 0.03, 0.02)
_SAME_DAY: Final = 0.6
TAIL: Final = 10**8


@dataclass(frozen=True, slots=True)
class Contacts:
    """By call, in order of time: who, when (seconds since the first midnight), of which matter."""

    customer: Ints
    at_s: Ints
    matter: Ints
    serial: Ints


@dataclass(frozen=True, slots=True)
class Customers:
    """By customer: own number, another phone's, surname."""

    number: Ints
    other: Ints
    surname: Ints


def contacts_of(calls: int, days: int, dice: np.random.Generator) -> Contacts:
    """So many, begun in office hours; a matter takes a call or several, within hours or days."""
    sizes = 1 + dice.choice(len(_CALLS), size=calls, p=_CALLS)
    matters = int(np.searchsorted(np.cumsum(sizes), calls)) + 1
    sizes = sizes[:matters]
    at_s = _moments(dice, matters, days)
    matter = np.repeat(np.arange(matters), sizes)
    serial = np.arange(len(matter)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    # Customers with much to ask have more matters than others.
    some = max(1, matters // 2)
    customer = (some * dice.random(matters) ** 1.5).astype(np.int64)[matter]
    moment = at_s[matter]
    for nth in range(1, int(sizes.max())):
        at = np.flatnonzero(serial == nth)
        soon = moment[at - 1] + 180 + dice.exponential(5_400, size=len(at)).astype(np.int64)
        later = (moment[at - 1] // DAY_S + dice.integers(1, 5, size=len(at))) * DAY_S
        later += _in_day(dice, len(at))
        moment[at] = np.where(dice.random(len(at)) < _SAME_DAY, soon, later)
    keep = np.flatnonzero(moment < days * DAY_S)
    order = keep[np.argsort(moment[keep], kind="stable")]
    return Contacts(customer[order], moment[order], matter[order], serial[order])


def _moments(dice: np.random.Generator, count: int, days: int) -> Ints:
    day: Ints = dice.choice(days, size=count, p=day_weights(days))
    return day * DAY_S + _in_day(dice, count)


def _in_day(dice: np.random.Generator, count: int) -> Ints:
    weights = slot_weights()
    slot = dice.choice(len(weights), size=count, p=weights)
    return slot * SLOT_S + dice.integers(SLOT_S, size=count)


def customers_of(count: int, dice: np.random.Generator) -> Customers:
    """So many."""
    share: Floats = surnames().people / surnames().people.sum()
    return Customers(
        number=random_numbers(count, dice),
        other=random_numbers(count, dice),
        surname=dice.choice(len(share), size=count, p=share),
    )


def random_numbers(count: int, dice: np.random.Generator) -> Ints:
    """Numbers of Japan with their country, as integers."""
    mobile = dice.choice(MOBILES, size=count)
    prefix = np.where(dice.random(count) < MOBILE, mobile, dice.choice(LANDS, size=count))
    numbers: Ints = prefix * TAIL + dice.integers(TAIL, size=count)
    return numbers


def shown_numbers(
    contacts: Contacts, customers: Customers, dice: np.random.Generator
) -> tuple[Ints, Ints]:
    """By call: its number, 0 where it is withheld; and why, by the place in `WITHHELD`."""
    count = len(contacts.customer)
    own, other = customers.number[contacts.customer], customers.other[contacts.customer]
    number = np.where(dice.random(count) < OTHER_PHONE, other, own)
    reason = 1 + dice.choice(len(_REASONS), size=count, p=_REASONS)
    withheld = dice.random(count) < _WITHHELD
    return np.where(withheld, 0, number), np.where(withheld, reason, 0)
