"""Who may see a part of the calls is answered like one whose catalog has no more than that part."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from msgspec.structs import replace as changed

from api.locate.question import Located, LocateQuery, TypedClue
from api.permissions.actor import Actor
from api.web.calls.search_view import SearchView
from api.web.http.language import Reader
from archive.access.reach import ReachRule
from archive.call.events import CallIdKnown, Event, Name, RouteTaken, StreamPartyKnown
from rokuon.messages.i18n import words_in
from tests.archive.catalog.examples import MINUTE_US, STARTED_US, TOKYO, recording_id
from tests.support.catalog.linking import outbound
from tests.support.locate.ranked_scene import (
    HOUR_US,
    SUPPORT,
    Calls,
    actor,
    call,
    customer,
    ranked_scene,
)

READER: Final = Reader("en", words_in)


def likely(kind: str, value: str, **more: object) -> TypedClue:
    return TypedClue(kind=kind, value=value, likely=True, **more)  # type: ignore[arg-type]


Questions = Sequence[tuple[str, tuple[TypedClue, ...]]]
OF_HALF: Final[Questions] = (
    ("10月29日、下4桁7712、ご用件は解約", ()),
    ("サポートの田中さん、10月末", ()),
    ("", (likely("number", "99"),)),
    ("", (TypedClue(kind="queue", value="sales"), TypedClue(kind="number", value="7713"))),
    ("", (likely("gist", "解約"),)),
    ("", (TypedClue(kind="id", value=str(recording_id(13))),)),
)
OF_SOME: Final[Questions] = (
    ("10月末、田中さん", (likely("happened", "transferred"),)),
    ("", (likely("happened", "called_back"), likely("length", "10分くらい"))),
    ("", (likely("happened", "called_back", was=False), likely("number", "7702"))),
    ("", (TypedClue(kind="happened", value="transferred"), likely("number", "77"))),
    ("", (TypedClue(kind="length", value="1時間くらい"),)),
)


async def answers(folder: Path, calls: Calls, who: Actor, questions: Questions) -> list[bytes]:
    """The bodies over HTTP; a cursor is sealed by each catalog's own secret."""
    asked = [LocateQuery(zone=TOKYO, text=text, clues=clues, limit=5) for text, clues in questions]
    async with ranked_scene(made(folder), calls) as it:
        return [_body(await it.locate.search(who, query), query) for query in asked]


def _body(located: Located, query: LocateQuery) -> bytes:
    told = replace(located, next_cursor=located.next_cursor and "more")
    body = SearchView.rank(told, query, READER).model_dump_json()
    # A call has its name from its first recording, which may be one of the others.
    for place, own in enumerate(dict.fromkeys(re.findall(r'"conversation":"([^"]+)"', body))):
        body = body.replace(own, f"call {place}")
    return body.encode()


def made(folder: Path) -> Path:
    folder.mkdir()
    return folder


async def test_who_may_see_half_is_answered_as_if_there_were_no_other_half(tmp_path: Path) -> None:
    """To the last byte: scores, chances, counts, what to drop, what to ask."""
    half = [(number, call(number, "support", "解約")) for number in range(0, 20, 2)]
    others = [(number, call(number, "sales", "解約", "other")) for number in range(1, 20, 2)]
    seen = await answers(
        tmp_path / "whole", sorted([*half, *others]), actor(reach=SUPPORT), OF_HALF
    )

    assert seen == await answers(tmp_path / "half", half, actor(), OF_HALF)


def queued(events: tuple[Event, ...], queue: str) -> tuple[Event, ...]:
    taken = RouteTaken(at_us=events[0].at_us, route="main", target="pbx", mode="yes", queue=queue)
    return (*events, taken)


def leg(number: int, queue: str, of_call: int, agent: str) -> tuple[Event, ...]:
    """A recording of a call that others are of, too, by another agent, some minutes later."""
    began_us = STARTED_US + of_call * HOUR_US + number * MINUTE_US
    told = tuple(
        changed(each, aor=agent, participant=agent)
        if isinstance(each, StreamPartyKnown) and each.side == "agent"
        else each
        for each in outbound(began_us, customer=customer(of_call), agent="sip:2001@pbx.example")
    )
    known = CallIdKnown(at_us=began_us, kind="ucid", value=f"u{of_call}")
    return queued((*told, known), queue)


def crossing() -> Calls:
    """Called back by two queues; put through from one to another; one call over three."""
    names = ("support", "sales", "billing")
    agents = [f"sip:{2001 + n}@pbx.example" for n in range(4)]
    plain = [(number, call(number, names[number % 4 % 3])) for number in range(12)]
    back = [
        (number, queued(outbound(STARTED_US + number * HOUR_US, customer=customer(4)), queue))
        for number, queue in ((30, "sales"), (40, "billing"))
    ]
    return [
        *plain,
        *back,
        (42, leg(3, "support", 14, agents[0])),
        (43, leg(4, "sales", 14, agents[1])),
        (51, leg(1, "sales", 15, agents[1])),
        (52, leg(5, "support", 15, agents[0])),
        (53, leg(30, "billing", 15, agents[2])),
        (54, leg(50, "support", 15, agents[3])),
    ]


def queues_of(events: tuple[Event, ...]) -> set[str]:
    return {each.queue for each in events if isinstance(each, RouteTaken)}


@pytest.mark.parametrize(
    "queues",
    [frozenset({"support"}), frozenset({"sales", "support"}), frozenset({"billing"})],
    ids=lambda queues: " and ".join(sorted(queues)),
)
async def test_what_other_queues_had_of_a_call_is_in_no_answer(
    tmp_path: Path, queues: frozenset[str]
) -> None:
    """That it was put through, called back, went on for longer: neither score nor word says it."""
    whole = crossing()
    half = [each for each in whole if queues_of(each[1]) & queues]
    seen = await answers(
        tmp_path / "whole", whole, actor(reach=(ReachRule(queues=queues),)), OF_SOME
    )

    assert seen == await answers(tmp_path / "half", half, actor(), OF_SOME)


NAMES: Final = (
    "田中",
    "ナカタ",
    "NAKATA",
    "田中太郎",
    "髙橋",
    "Smith",
    "",
    "中田",
    "たなか",
    "大野",
)
OF_NAMES: Final[Questions] = (
    ("", (likely("customer", "田中"),)),
    ("お客様は田中か中田、10月末", ()),
    ("", (likely("customer", "Nakata"), likely("gist", "解約"))),
    ("", (TypedClue(kind="customer", value="田中"), likely("number", "77"))),
    ("", (likely("customer", "高橋"), likely("customer", "スミス"))),
)


def called(events: tuple[Event, ...], name: str) -> tuple[Event, ...]:
    """The same of an outside party who is called so."""
    return tuple(
        changed(each, names=(Name(name),))
        if name and isinstance(each, StreamPartyKnown) and each.side == "customer"
        else each
        for each in events
    )


async def test_names_that_only_others_have_weigh_for_nobody(tmp_path: Path) -> None:
    """Chances and what is taken for a name are of calls within reach."""
    whole = [
        (number, called(call(number, queue, "解約"), NAMES[(number * 3 + at) % len(NAMES)]))
        for number in range(0, 40, 2)
        for at, queue in enumerate(("support", "sales"))
        if at == number // 2 % 2
    ]
    half = [each for each in whole if "support" in queues_of(each[1])]
    seen = await answers(tmp_path / "whole", whole, actor(reach=SUPPORT), OF_NAMES)

    assert seen == await answers(tmp_path / "half", half, actor(), OF_NAMES)
