"""The keeper as a daemon."""

import asyncio
import itertools
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from archive.call.adoption import Adoption
from archive.keeper import scan
from archive.keeper.keeper_rounds import PROBE_SHARE, Keeper
from archive.keeper.scan import RoundNews, serve_keeper
from archive.keeper.watch import watching
from tests.archive.keeper.scene import LATER_US, KeeperScene


class Rounds:
    """A clock that is read once for each round, and lets a test wait for the next one."""

    def __init__(self) -> None:
        self.count = 0
        self.changed = asyncio.Event()

    def now_us(self) -> int:
        self.count += 1
        self.changed.set()
        return LATER_US + self.count * 60_000_000

    async def two_more(self) -> None:
        """When the second one begins, the first is through."""
        target = self.count + 2
        while self.count < target:
            self.changed.clear()
            await self.changed.wait()


@pytest.fixture
def resting(monkeypatch: pytest.MonkeyPatch) -> asyncio.Queue[None]:
    """Has something whenever the keeper begins to wait until it is told, which is for ever."""
    begun, readable = asyncio.Queue[None](), scan._readable

    async def wait(descriptor: int) -> None:
        begun.put_nowait(None)
        await readable(descriptor)

    monkeypatch.setattr(scan, "IDLE_S", 3600)
    monkeypatch.setattr(scan, "_readable", wait)
    return begun


@asynccontextmanager
async def served(
    keeper: Keeper, monotonic_s: Callable[[], float] = lambda: 0.0
) -> AsyncIterator[Rounds]:
    stop, rounds = asyncio.Event(), Rounds()
    async with asyncio.TaskGroup() as group:
        group.create_task(
            serve_keeper(
                keeper, stop, now_us=rounds.now_us, monotonic_s=monotonic_s, period_s=0.001
            )
        )
        yield rounds
        stop.set()


async def test_calls_are_archived_as_they_end(tmp_path: Path) -> None:
    """Round after round, without being told."""
    scene = KeeperScene(tmp_path)
    async with served(scene.keeper()) as rounds:
        first = scene.part().speak().hang_up()
        await rounds.two_more()
        second = scene.part().speak().die()
        await rounds.two_more()

    assert scene.is_archived(first)
    assert scene.is_archived(second)


@pytest.fixture
def told(tmp_path: Path) -> Iterator[tuple[KeeperScene, Keeper]]:
    """A keeper to whom the kernel tells what changes in its spool."""
    scene = KeeperScene(tmp_path)
    scene.spool.mkdir()
    with watching([scene.spool]) as watch:
        yield scene, scene.keeper(watch=watch)


async def test_one_with_nothing_to_do_waits_until_it_is_told(
    told: tuple[KeeperScene, Keeper], resting: asyncio.Queue[None]
) -> None:
    """And is through with what it is told before it rests again."""
    scene, keeper = told
    async with served(keeper) as rounds:
        await resting.get()
        before = rounds.count
        part = scene.part().speak().hang_up()
        while not scene.is_archived(part):
            await resting.get()

    assert before == PROBE_SHARE  # while it is in doubt it looks at everything
    assert rounds.count > before


async def test_a_stop_does_not_wait_for_what_is_told(
    told: tuple[KeeperScene, Keeper], resting: asyncio.Queue[None]
) -> None:
    """Its supervisor would kill it."""
    async with asyncio.timeout(60), served(told[1]) as rounds:
        await resting.get()
        before = rounds.count

    assert rounds.count == before
    assert resting.empty()


async def test_it_outlives_the_key_daemon(tmp_path: Path) -> None:
    """A restart of the key daemon is waited out, and said once."""
    scene = KeeperScene(tmp_path)
    scene.keys.is_away = True
    part = scene.part().speak().hang_up()
    with capture_logs() as logs:
        async with served(scene.keeper()) as rounds:
            await rounds.two_more()
            await rounds.two_more()
            scene.keys.is_away = False
            await rounds.two_more()

    assert scene.is_archived(part)
    assert [entry["event"] for entry in logs] == [
        "keeper.keys_unavailable",
        "keeper.keys_available",
    ]


async def test_it_outlives_the_catalog(tmp_path: Path) -> None:
    """What is worked out anew beside adopting asks it each round; that is said once."""
    scene = KeeperScene(tmp_path)
    away = OperationalError("", {}, sqlite3.OperationalError("disk I/O error"))
    asked: list[int] = []

    def derive(limit: int) -> int:
        asked.append(limit)
        if len(asked) <= 2:
            raise away
        return 0

    keeper = Keeper(scene.adopter(), [scene.spool], patience_us=0, derive=derive)
    keeper.prepare()
    with capture_logs() as logs:
        async with served(keeper) as rounds:
            for _ in range(4):
                await rounds.two_more()

    assert [(entry["event"], entry.get("reason")) for entry in logs] == [
        ("keeper.catalog_unavailable", "disk I/O error"),
        ("keeper.catalog_available", None),
    ]


async def test_a_stuck_part_is_said_once(tmp_path: Path) -> None:
    """Twice a second for days would hide the next alarm."""
    scene = KeeperScene(tmp_path)
    part = scene.part().die()
    part.path.write_bytes(bytes(9000))
    with capture_logs() as logs:
        async with served(scene.keeper()) as rounds:
            await rounds.two_more()
            await rounds.two_more()

    assert [(entry["event"], entry["reason"]) for entry in logs] == [
        ("keeper.part_stuck", "header_damaged")
    ]


async def test_after_each_round_it_is_told_what_waits_and_for_whom(tmp_path: Path) -> None:
    """A keeper that nobody can ask says so by itself, before a log is read."""
    scene, stop, told = KeeperScene(tmp_path), asyncio.Event(), list[RoundNews]()
    scene.part().speak().hang_up()
    scene.keys.is_away = True

    def tell(news: RoundNews) -> None:
        told.append(news)
        scene.keys.is_away = False
        if len(told) == 2:
            stop.set()

    rounds = Rounds()
    await serve_keeper(
        scene.keeper(), stop, now_us=rounds.now_us, monotonic_s=lambda: 0.0, period_s=0.001,
        tell=tell,
    )  # fmt: skip

    assert [(each.awaits, each.backlog.parts, each.ended_us > 0) for each in told] == [
        ("keys", 1, False),
        ("", 0, True),
    ]


async def test_a_hollow_file_that_is_removed_is_said(tmp_path: Path) -> None:
    """A file went: the line is what is left of it."""
    scene = KeeperScene(tmp_path)
    part = scene.part().die()
    part.path.write_bytes(b"")
    with capture_logs() as logs:
        async with served(scene.keeper()) as rounds:
            await rounds.two_more()
            await rounds.two_more()

    assert [(entry["event"], entry["file"]) for entry in logs] == [
        ("keeper.hollow_removed", part.path.name)
    ]


async def test_a_round_ends_when_its_budget_is_spent(tmp_path: Path) -> None:
    """A heap of finished parts must not keep new keys waiting."""
    scene = KeeperScene(tmp_path)
    for _ in range(3):
        scene.part().speak().hang_up()
    seconds = itertools.count(step=1.5)
    async with served(scene.keeper(), lambda: next(seconds)) as rounds:
        await rounds.two_more()
        after_one = len(scene.register.entries)

    assert after_one < 3


async def test_a_round_that_took_all_its_time_is_followed_at_once(tmp_path: Path) -> None:
    """Seventeen calls a second end at full load: half a second of rest is eight of them."""
    scene, stop, begun = KeeperScene(tmp_path), asyncio.Event(), asyncio.Event()
    seconds, rounds = itertools.count(step=1.5), itertools.count(1)

    def now_us() -> int:
        if next(rounds) == 3:
            begun.set()
        return LATER_US

    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        group.create_task(
            serve_keeper(
                scene.keeper(),
                stop,
                now_us=now_us,
                monotonic_s=lambda: next(seconds),
                period_s=3_600,
            )
        )
        await begun.wait()
        stop.set()
    assert next(rounds) > 3


async def test_a_fault_of_ours_takes_the_keeper_down(tmp_path: Path) -> None:
    """The supervisor starts it again; what is no single call's is not swallowed."""
    scene = KeeperScene(tmp_path)

    def faulty(_limit: int) -> int:
        raise ZeroDivisionError

    keeper = Keeper(scene.adopter(), [scene.spool], patience_us=0, derive=faulty)
    keeper.prepare()
    with pytest.raises(ZeroDivisionError):
        await serve_keeper(
            keeper, asyncio.Event(), now_us=lambda: LATER_US, monotonic_s=lambda: 0.0
        )


async def test_a_fault_of_ours_over_one_call_stops_that_call_alone(tmp_path: Path) -> None:
    """Started again the keeper would meet the same call first, and archive no other one."""
    scene = KeeperScene(tmp_path)
    odd, good = scene.part().speak().hang_up(), scene.part().speak().hang_up()

    class Faulty:
        def commit(self, adoptions: Sequence[Adoption]) -> None:
            if any(each.part_name == odd.header.part_name for each in adoptions):
                raise ZeroDivisionError
            scene.register.commit(adoptions)

    with capture_logs() as logs:
        async with served(scene.keeper(register=Faulty())) as rounds:
            await rounds.two_more()

    assert scene.is_archived(good)
    assert [(each["event"], each["detail"]) for each in logs] == [
        ("keeper.part_stuck", "ZeroDivisionError")
    ]
