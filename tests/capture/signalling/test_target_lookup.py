"""Names of targets, looked up beside everything else."""

import asyncio

from capture.recording.outputs import Find
from capture.signalling.target_lookup import AT_ONCE, MAX_WAITING, TargetLookup
from capture.sip.targets import Hop

HOP = Hop(transport="udp", address="192.0.2.30", port=5060)
PATIENCE_S = 10.0


def wanted(name: str) -> Find:
    return Find(key=name.encode(), uri=b"sip:1@" + name.encode(), where=b"sip:" + name.encode())


async def test_what_was_looked_up_is_told_with_what_it_was_for() -> None:
    """Several at once, each its own answer."""
    told: asyncio.Queue[tuple[bytes, int]] = asyncio.Queue()

    async def look(uri: bytes) -> tuple[Hop, ...]:
        return (HOP,) if uri == b"sip:there" else ()

    finder = TargetLookup(look, lambda find, hops: told.put_nowait((find.key, len(hops))))
    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
        running = group.create_task(finder.run())
        finder.find(wanted("there"))
        finder.find(wanted("nowhere"))
        found = {await told.get(), await told.get()}
        running.cancel()

    assert found == {(b"there", 1), (b"nowhere", 0)}


async def test_a_name_that_is_slow_holds_up_no_other() -> None:
    """As many at once as there are workers."""
    told: asyncio.Queue[bytes] = asyncio.Queue()
    slow = asyncio.Event()

    async def look(uri: bytes) -> tuple[Hop, ...]:
        if uri == b"sip:slow":
            await slow.wait()
        return ()

    finder = TargetLookup(look, lambda find, _hops: told.put_nowait(find.key))
    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
        running = group.create_task(finder.run())
        for _ in range(AT_ONCE - 1):
            finder.find(wanted("slow"))
        finder.find(wanted("quick"))
        first = await told.get()
        running.cancel()

    assert first == b"quick"


async def test_a_full_queue_finds_nothing_and_says_so_at_once() -> None:
    """The call then goes to its next target instead of waiting for ever."""
    told: list[tuple[bytes, int]] = []

    async def look(_uri: bytes) -> tuple[Hop, ...]:
        return (HOP,)

    finder = TargetLookup(look, lambda find, hops: told.append((find.key, len(hops))))
    for _ in range(MAX_WAITING):
        finder.find(wanted("waits"))
    finder.find(wanted("late"))

    assert told == [(b"late", 0)]
