"""Numbers and names that a source tells of a call beside its participants, each with its role.

Pure values. They are found and shown, and decide nothing. Knows nothing of where they stood.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from archive.call.event_values import EventAt
from archive.call.numbers import Number, read_number, user_part
from archive.call.sender_events import Attempted

ToldAs = Literal[
    "caller",
    "called",
    "dialled",
    "redirected_by",
    "connected",
    "queue",
    "agent",
    "other",
]
# By which rules a recording's messages and documents were read; one more where they find more.
READ_FORM: Final = 1
# The number of what a rebuild read anew among a recording's events: behind all that a file has.
READ_ANEW: Final = 1 << 62
# A call has a handful; each is a row or two of the index.
MAX_MENTIONS: Final = 64
MAX_ADDRESS_CHARS: Final = 256
MAX_NAME_CHARS: Final = 128
MAX_KEY_CHARS: Final = 64


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """A number or a name, and as what it was told."""

    told_as: ToldAs
    address: str = ""  # as received: a URI or a number
    name: str = ""
    key: str = ""  # header or element, as written


class Mentioned(EventAt, frozen=True, kw_only=True, tag="mentioned"):
    """What headers and documents tell of numbers and names; the first also where that is nothing.

    Later ones have only what is new. One that is `read_anew` stands in the index alone.
    """

    mentions: tuple[Mention, ...]
    by: Literal["metadata", "headers", "read_anew"]
    form: int = READ_FORM


class AboutPeople(EventAt, frozen=True, kw_only=True):
    """An event that tells of people in a call of which nothing is kept, and who was tried."""

    mentions: tuple[Mention, ...] = ()
    attempts: tuple[Attempted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldMention:
    """A mention with its number, and when it was told first, µs UTC."""

    mention: Mention
    number: Number
    at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldBeside:
    """What a recording tells beside its participants; `form` 0: it was never read for that."""

    mentions: tuple[ToldMention, ...] = ()
    form: int = 0


def told_beside(events: Iterable[object], country: str) -> ToldBeside:
    """All that is mentioned in a recording, in its order; numbers as `country` writes them."""
    told = [each for each in events if isinstance(each, Mentioned)]
    mentions = _numbered(((each, one.at_us) for one in told for each in one.mentions), country)
    return ToldBeside(mentions=mentions, form=max((each.form for each in told), default=0))


def told_of_refused(told: AboutPeople, caller: str, dialled: str) -> ToldBeside:
    """What is told of people in a call without a recording; of one of before its From and To.

    Nobody knows of which country its numbers are.
    """
    found = told.mentions or (
        Mention(told_as="caller", address=caller, key="From"),
        Mention(told_as="dialled", address=dialled, key="To"),
    )
    return ToldBeside(mentions=_numbered(((each, told.at_us) for each in found), ""))


def _numbered(told: Iterable[tuple[Mention, int]], country: str) -> tuple[ToldMention, ...]:
    """Each once, with its number and when it was told first."""
    found: dict[Mention, int] = {}
    for mention, at_us in told:
        found.setdefault(mention, at_us)
    return tuple(
        ToldMention(mention=each, number=_number_of(each, country), at_us=at_us)
        for each, at_us in found.items()
    )


def _number_of(mention: Mention, country: str) -> Number:
    """Of an address; of one without a number only what it was received as."""
    user = user_part(mention.address)
    return read_number(user or mention.address, country)
