"""When is looked, and what of it is said."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs

from api.health import board
from api.health.board import HealthBoard
from api.health.judge import Alarm, AlarmCode
from api.health.seen import KeysSeen, Seen
from archive.keeper.state_file import KeeperState

WELL = Seen(at_us=9, keeper=KeeperState(at_us=9), keys=KeysSeen(since_us=9, epoch_us=9, set_us=9))
SICK = Seen(at_us=9, keeper=KeeperState(at_us=9, counts={"disk_failed": 1}), keys=WELL.keys)


@dataclass
class Looks:
    """Sees one thing after the other, and the last one from then on."""

    seen: list[Seen]
    count: int = 0
    behind: Callable[[], object] = field(default=lambda: None)

    def __call__(self) -> Seen:
        """The next one."""
        self.behind()
        self.count += 1
        return self.seen[min(self.count, len(self.seen)) - 1]


async def test_however_many_ask_one_looks() -> None:
    """A load balancer asks each second; disks and the key daemon are tried each ten."""
    looks = Looks([SICK])
    health = HealthBoard(looks)

    found = await asyncio.gather(*(health.now() for _ in range(9)), health.now())

    assert looks.count == 1
    assert {each.alarms for each in found} == {(Alarm(AlarmCode.PARTS_STUCK),)}


async def test_what_begins_and_what_ends_is_logged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice a minute for days would hide the next alarm; nobody need ask for it to be said."""
    monkeypatch.setattr(board, "KEPT_S", 0.0)
    looks, stop = Looks([SICK, SICK, WELL, WELL]), asyncio.Event()
    looks.behind = lambda: stop.set() if looks.count == 3 else None
    with capture_logs() as logs:
        await HealthBoard(looks).run(stop)

    assert [(each["event"], each["alarm"], each["about"]) for each in logs] == [
        ("not well", "parts_stuck", ""),
        ("well again", "parts_stuck", ""),
    ]


async def test_a_look_that_hangs_is_an_alarm_and_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not begun again beside itself: each would keep a thread; and not by who asks next."""
    monkeypatch.setattr(board, "PATIENCE_S", 0.05)
    thaw = threading.Event()
    looks = Looks([WELL], behind=thaw.wait)
    health = HealthBoard(looks)

    first = await health.now()
    monkeypatch.setattr(board, "PATIENCE_S", 3_600)
    second = await health.now()
    thaw.set()
    async with asyncio.timeout(20):
        while (thawed := await health.now()).alarms:
            await asyncio.to_thread(thaw.is_set)

    assert [each.alarms for each in (first, second)] == [(Alarm(AlarmCode.LOOK_HANGS),)] * 2
    assert (thawed.alarms, looks.count) == ((), 1)


async def test_a_look_that_failed_is_not_the_last_one() -> None:
    """Who asks next looks anew, where the same failure would be told for ever."""
    failures = [OSError("a disk")]

    def fail() -> None:
        if failures:
            raise failures.pop()

    health = HealthBoard(Looks([WELL], behind=fail))
    with pytest.raises(OSError, match="a disk"):
        await health.now()

    assert (await health.now()).alarms == ()
