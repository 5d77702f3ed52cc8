"""Live calls: one look for all listeners, a scope and the journal before anything is done."""

import asyncio
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from api.calls.live_calls import (
    MAX_LISTENERS,
    MAX_OF_AN_ACCOUNT,
    Board,
    Control,
    LiveCallsUp,
    LiveNews,
    News,
)
from api.permissions.accounts import Account
from api.permissions.actor import Actor
from api.permissions.errors import (
    ListensTooOften,
    NodeAway,
    NotAllowed,
    PurposeNotCovered,
    TooManyListeners,
)
from api.permissions.roles import Role
from archive.access.reach import WHOLE_TENANT, ReachRule, Within
from archive.call.live import LiveParty, Wish
from archive.call.marks import CallMarks
from archive.ids import DEFAULT_TENANT, RecordingId
from tests.api.actors import person
from tests.api.examples import LIVE, MemoryNode
from tests.archive.catalog.examples import OTHER_TENANT
from tests.support.api.access import door, journal

SOMEBODY = person(Role.SUPERVISOR)


async def trusted() -> bool:
    """Whoever listens may go on."""
    return True


async def first(board: Board, count: int = 1) -> list[News]:
    """The first pieces of news that a listener gets."""
    found: list[News] = []
    async for news in board.follow(SOMEBODY, WHOLE_TENANT, trusted):
        found.append(news)
        if len(found) == count:
            break
    return found


async def test_a_listener_hears_of_all_calls_then_of_what_changes() -> None:
    """A call that began, changed, and was over; another tenant's is none of it."""
    others = msgspec.structs.replace(LIVE, tenant=OTHER_TENANT.raw.hex(), recording="99" * 16)
    paused = msgspec.structs.replace(LIVE, paused="asked", paused_us=5)
    node = MemoryNode([[LIVE, others], [LIVE, others], [paused], []])
    board = Board(node, every_s=0.0)

    assert await first(board, 3) == [
        (LiveNews(LIVE),), (LiveNews(paused),), (LiveNews(None, LIVE.recording),)
    ]  # fmt: skip


async def test_all_listeners_together_look_as_often_as_one() -> None:
    """The node is asked twice a second at most."""
    node = MemoryNode([[LIVE]])
    board = Board(node, every_s=60.0)
    heard = await asyncio.gather(*(first(board) for _ in range(MAX_OF_AN_ACCOUNT)))

    assert heard == [[(LiveNews(LIVE),)]] * MAX_OF_AN_ACCOUNT
    assert node.looks == 1


async def test_who_hears_no_news_hears_that_the_line_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a proxy closes it."""
    monkeypatch.setattr("api.calls.live_calls.KEEP_ALIVE_S", 0.0)
    board = Board(MemoryNode([[LIVE]]), every_s=0.0)

    assert (await first(board, 3))[1:] == [(), ()]


def another(number: int) -> Account:
    """One of many who may follow."""
    return replace(SOMEBODY, name=f"person{number}")


async def test_listeners_are_counted_and_let_go() -> None:
    """One more than may is refused; one who leaves makes room."""
    board = Board(MemoryNode([[LIVE]]), every_s=0.0)
    following = [board.follow(another(n), WHOLE_TENANT, trusted) for n in range(MAX_LISTENERS)]
    for each in following:
        await anext(each)
    with pytest.raises(TooManyListeners):
        await anext(board.follow(SOMEBODY, WHOLE_TENANT, trusted))
    await following[0].aclose()  # type: ignore[attr-defined]  # it is a generator
    await anext(board.follow(SOMEBODY, WHOLE_TENANT, trusted))


async def test_one_account_leaves_places_for_the_others() -> None:
    """All its windows, sessions and tokens together; whoever leaves one makes room for another."""
    board = Board(MemoryNode([[LIVE]]), every_s=0.0)
    own = [board.follow(SOMEBODY, WHOLE_TENANT, trusted) for _ in range(MAX_OF_AN_ACCOUNT)]
    for each in own:
        await anext(each)
    with pytest.raises(ListensTooOften):
        await anext(board.follow(SOMEBODY, WHOLE_TENANT, trusted))

    assert await anext(board.follow(another(1), WHOLE_TENANT, trusted)) == (LiveNews(LIVE),)
    await own[0].aclose()  # type: ignore[attr-defined]  # it is a generator
    assert await anext(board.follow(SOMEBODY, WHOLE_TENANT, trusted)) == (LiveNews(LIVE),)


async def test_the_line_ends_where_the_node_is_away() -> None:
    """Whoever listens connects again, and hears everything anew."""
    node = MemoryNode([[LIVE]])
    board = Board(node, every_s=0.0)
    following = board.follow(SOMEBODY, WHOLE_TENANT, trusted)
    await anext(following)
    node.away = True

    assert [news async for news in following] == []
    with pytest.raises(NodeAway):
        await board.look(DEFAULT_TENANT, WHOLE_TENANT)


async def test_who_may_listen_no_longer_hears_nothing_more() -> None:
    """A token that is revoked ends what it had begun."""
    answers = iter([True, False])

    async def once() -> bool:
        return next(answers)

    board = Board(MemoryNode([[LIVE]]), every_s=0.0)
    heard = [news async for news in board.follow(SOMEBODY, WHOLE_TENANT, once)]

    assert heard == [(LiveNews(LIVE),)]
    assert board.listeners.total() == 0


async def test_what_lies_outside_the_reach_is_not_up() -> None:
    """Neither in what is seen, nor in what is told to be over."""
    party = LiveParty(addresses=("sip:1001@pbx.example",))
    reached = msgspec.structs.replace(LIVE, recording="77" * 16, parties=(party,))
    board = Board(MemoryNode([[LIVE, reached], []]), every_s=0.0)
    reach = Within(reach=(ReachRule(numbers=frozenset({"1001-1099"})),))

    assert list(await board.look(DEFAULT_TENANT, reach)) == ["77" * 16]


async def test_a_call_that_was_made_for_other_purposes_is_not_seen() -> None:
    """One that says none has every one."""
    marked = msgspec.structs.replace(
        LIVE, recording="77" * 16, marks=CallMarks(purposes=("quality",))
    )
    board = Board(MemoryNode([[LIVE, marked]]), every_s=60.0)
    quality, training = (
        Within(reach=WHOLE_TENANT.reach, purpose=code) for code in ("quality", "training")
    )

    assert len(await board.look(DEFAULT_TENANT, quality)) == 2
    assert list(await board.look(DEFAULT_TENANT, training)) == [LIVE.recording]


@pytest.mark.parametrize(
    ("role", "stated", "reason", "refusal"),
    [
        (Role.SUPERVISOR, "quality", "", None),
        (Role.SUPERVISOR, "training", "", PurposeNotCovered),
        (Role.SUPERVISOR, "training", "a threat", None),
        (Role.ADMINISTRATOR, "quality", "", NotAllowed),
    ],
)
async def test_a_call_is_controlled_for_its_purposes_or_by_breaking_glass(
    tmp_path: Path, role: Role, stated: str, reason: str, refusal: type[Exception] | None
) -> None:
    """Nothing is asked of the node before; the alarm is in the journal."""
    marked = msgspec.structs.replace(LIVE, marks=CallMarks(purposes=("quality",)))
    node = MemoryNode([[marked]])
    who = Actor(account=person(role), stated=stated, break_glass=reason)
    pause = Control(wish=Wish.PAUSE, reason="card")
    async with door(tmp_path) as (it, engine):
        up = LiveCallsUp(it, node, Board(node))
        if refusal is None:
            await up.control(who, RecordingId.parse(LIVE.recording), pause)
        else:
            with pytest.raises(refusal):
                await up.control(who, RecordingId.parse(LIVE.recording), pause)
        told = [entry.action for entry in journal(engine)]

    assert len(node.wishes) == (refusal is None)
    broken = ["broke_glass"] if reason else []
    assert told == ([*broken, "live_paused"] if refusal is None else ["refused"])


async def test_a_list_of_live_calls_leaves_their_ids_in_the_journal(tmp_path: Path) -> None:
    """Names and numbers stand in it, and who reached whom is asked of the journal later."""
    node = MemoryNode([[LIVE]])
    async with door(tmp_path) as (it, engine):
        live = LiveCallsUp(it, node, Board(node))
        who = Actor(account=person(Role.SUPERVISOR), stated="quality")
        shown = [await live.calls(who, known_as) for known_as in ("", LIVE.recording, "another")]
        entries = journal(engine)

    assert list(map(len, shown)) == [1, 1, 0]
    assert [entry.action for entry in entries] == ["live_seen", "found"] * 3
    own = RecordingId.parse(LIVE.recording)
    assert [entry.shown for entry in entries[1::2]] == [(own,), (own,), ()]
