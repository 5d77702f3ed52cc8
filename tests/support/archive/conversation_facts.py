"""A conversation as it is stored, for what is told about it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from archive.locate.answer.facts import CallFacts, ConversationFacts, Known, Outside, Route, Times
from archive.locate.ranking.people import SpokenWith
from archive.moments import microseconds

TOKYO = ZoneInfo("Asia/Tokyo")
MAYU = SpokenWith(("田中 真由", "たなか まゆ", "Tanaka Mayu"), "A01", "契約", "2101")


def local_us(*at: int) -> int:
    """A time in Tokyo."""
    return microseconds(datetime(*at, tzinfo=TOKYO))  # type: ignore[misc,arg-type]


def call(**own: Any) -> CallFacts:
    """A call of 29 October, 17:42, with all that can be known of it but what is told otherwise."""
    known: dict[str, Any] = {
        "times": Times(begin_us=local_us(2026, 10, 29, 17, 42), length_ms=591_000),
        "direction": "inbound",
        "agents": (MAYU,),
        "outside": Outside(names=("森下 由紀",), numbers=("819012347788"[::-1],)),
        "route": Route(lines=("81120123456"[::-1],), queues=("契約",)),
        "known": Known(ids=("1-abc@pbx",), texts=("契約内容の確認", "注文 A-20458")),
        "happened": frozenset({"held"}),
    }
    return CallFacts(**(known | own))


def conversation(*calls: CallFacts, **own: Any) -> ConversationFacts:
    """Of these recordings."""
    return ConversationFacts(calls=calls or (call(),), **own)
