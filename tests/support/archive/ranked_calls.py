"""Calls as rows of columns, and what is asked about them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from archive.locate.clues import Clue, Value, WhenClue
from archive.locate.columns.rows import encode_rows
from archive.locate.columns.source import SOURCE, Source
from archive.locate.ranking.asked import Asked
from archive.locate.ranking.ranked_calls import Ranking, rank
from archive.locate.ranking.reached import ReachedMonth
from archive.locate.stretches import Stretch

TOKYO: Final = ZoneInfo("Asia/Tokyo")
NOW: Final = datetime(2026, 11, 1, 12, tzinfo=TOKYO)
INBOUND, OUTBOUND, TRANSFERRED, HELD, CALLED_BACK, WITHHELD = 1, 2, 4, 8, 16, 32


def us(at: datetime) -> int:
    """Since 1970 UTC."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Call:
    """A row; its number is that of its recording, and of its conversation where none is told."""

    row: int
    at: datetime = datetime(2026, 10, 20, 15, tzinfo=TOKYO)
    number: str = ""
    agent: dict[str, Any] = field(default_factory=dict)
    line: str = ""
    queue: str = ""
    team: str = ""
    length_s: int = 120
    flags: int = INBOUND
    conversation: int = 0

    @property
    def group(self) -> str:
        """As the column files have it."""
        told = {"q": [self.queue] * bool(self.queue), "t": [self.team] * bool(self.team)}
        return json.dumps(told | {"c": ["rokuon"]}, sort_keys=True)


def months_of(
    calls: Sequence[Call], reached: Callable[[dict[str, Any]], bool] = lambda _: True
) -> tuple[ReachedMonth, ...]:
    """Their files, the newest first; of the groups those within reach that the function says."""
    rows = np.zeros(len(calls), SOURCE)
    agents, groups = [""], [""]
    for at, call in enumerate(calls):
        agents.append(json.dumps(call.agent, sort_keys=True) if call.agent else "")
        groups.append(call.group)
        rows[at] = (
            us(call.at),
            call.row,
            call.conversation or call.row,
            call.number[::-1].encode(),
            at + 1,
            call.line[::-1].encode(),
            at + 1,
            call.length_s * 1_000,
            call.flags,
        )
    months = []
    for month, source in Source(rows, agents, groups).by_month():
        own = encode_rows(source, month)
        texts = own.dictionaries["groups"]
        inside = np.array([bool(text) and reached(json.loads(text)) for text in texts])
        months.append(ReachedMonth(month, own, inside))
    return tuple(reversed(months))


def asked(*values: Value, certain: bool = False, guessed: bool = False, **more: Any) -> Asked:
    """Of these clues, all likely or all certain, or what is left of a sentence."""
    clues = [Clue(value=each, certain=certain, guessed=guessed) for each in values]
    return Asked(clues=clues, **({"now_us": us(NOW), "zone": TOKYO} | more))


def ranked(calls: Sequence[Call], *values: Value, certain: bool = False, **more: Any) -> Ranking:
    """The ranking of all of them."""
    return rank(months_of(calls), asked(*values, certain=certain, **more), 100)


def places(ranking: Ranking) -> list[int]:
    """Their conversations, the best first."""
    return [each.conversation for each in ranking.candidates]


def score(ranking: Ranking, conversation: int) -> float:
    """What the clues say of one."""
    return next(e.score for e in ranking.candidates if e.conversation == conversation)


def between(begin: datetime, end: datetime, **more: bool) -> WhenClue:
    """That it was between the two."""
    return WhenClue((Stretch(begin_us=us(begin), end_us=us(end)),), **more)
