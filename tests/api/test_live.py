"""Live calls: one look for all listeners, a scope and the journal before anything is done."""

import asyncio

import msgspec
import pytest

from api.errors import NodeAway, TooManyListeners
from api.live import MAX_LISTENERS, Board, Change, News
from archive.ids import DEFAULT_TENANT
from archive.live import LiveParty
from archive.reach import EVERYWHERE, ReachRule
from tests.api.examples import LIVE, MemoryNode
from tests.archive.catalog.examples import OTHER_TENANT


async def trusted() -> bool:
    """Whoever listens may go on."""
    return True


async def first(board: Board, count: int = 1) -> list[News]:
    """The first pieces of news that a listener gets."""
    found: list[News] = []
    async for news in board.follow(DEFAULT_TENANT, EVERYWHERE, trusted):
        found.append(news)
        if len(found) == count:
            break
    return found


async def test_a_listener_hears_of_all_calls_then_of_what_changes() -> None:
    """A call that began, changed, and was over; another tenant's is none of it."""
    others = msgspec.structs.replace(LIVE, tenant=OTHER_TENANT.raw.hex(), recording="99" * 16)
    paused = msgspec.structs.replace(LIVE, is_paused=True, paused_us=5)
    node = MemoryNode([[LIVE, others], [LIVE, others], [paused], []])
    board = Board(node, every_s=0.0)

    assert await first(board, 3) == [
        (Change(LIVE),), (Change(paused),), (Change(None, LIVE.recording),)
    ]  # fmt: skip


async def test_all_listeners_together_look_as_often_as_one() -> None:
    """The node is asked twice a second at most."""
    node = MemoryNode([[LIVE]])
    board = Board(node, every_s=60.0)
    heard = await asyncio.gather(*(first(board) for _ in range(20)))

    assert heard == [[(Change(LIVE),)]] * 20
    assert node.looks == 1


async def test_who_hears_no_news_hears_that_the_line_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a proxy closes it."""
    monkeypatch.setattr("api.live.KEEP_ALIVE_S", 0.0)
    board = Board(MemoryNode([[LIVE]]), every_s=0.0)

    assert (await first(board, 3))[1:] == [(), ()]


async def test_listeners_are_counted_and_let_go() -> None:
    """One more than may is refused; one who leaves makes room."""
    board = Board(MemoryNode([[LIVE]]), every_s=0.0)
    following = [board.follow(DEFAULT_TENANT, EVERYWHERE, trusted) for _ in range(MAX_LISTENERS)]
    for each in following:
        await anext(each)
    with pytest.raises(TooManyListeners):
        await anext(board.follow(DEFAULT_TENANT, EVERYWHERE, trusted))
    await following[0].aclose()  # type: ignore[attr-defined]  # it is a generator
    await anext(board.follow(DEFAULT_TENANT, EVERYWHERE, trusted))


async def test_the_line_ends_where_the_node_is_away() -> None:
    """Whoever listens connects again, and hears everything anew."""
    node = MemoryNode([[LIVE]])
    board = Board(node, every_s=0.0)
    following = board.follow(DEFAULT_TENANT, EVERYWHERE, trusted)
    await anext(following)
    node.away = True

    assert [news async for news in following] == []
    with pytest.raises(NodeAway):
        await board.look(DEFAULT_TENANT, EVERYWHERE)


async def test_who_may_listen_no_longer_hears_nothing_more() -> None:
    """A token that is revoked ends what it had begun."""
    answers = iter([True, False])

    async def once() -> bool:
        return next(answers)

    board = Board(MemoryNode([[LIVE]]), every_s=0.0)
    heard = [news async for news in board.follow(DEFAULT_TENANT, EVERYWHERE, once)]

    assert heard == [(Change(LIVE),)]
    assert board.listeners == 0


async def test_what_lies_outside_the_reach_is_not_up() -> None:
    """Neither in what is seen, nor in what is told to be over."""
    party = LiveParty(addresses=("sip:1001@pbx.example",))
    reached = msgspec.structs.replace(LIVE, recording="77" * 16, parties=(party,))
    board = Board(MemoryNode([[LIVE, reached], []]), every_s=0.0)
    reach = (ReachRule(numbers=frozenset({"1001-1099"})),)

    assert list(await board.look(DEFAULT_TENANT, reach)) == ["77" * 16]
