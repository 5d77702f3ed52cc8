"""The latest look at an installation: taken anew when it is asked for, and at least every 5 s.

Says in the log what begins to be not well, and what is well again. Knows nothing of how one looks.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import structlog

from api.health.judge import Alarm, AlarmCode, alarms_of, began_us
from api.health.seen import Seen
from archive.rounds import Rounds

# With the 4 s of a look at a disk that hangs somebody reads it within ten.
KEPT_S: Final = 5.0
# A look at disks takes 4 s where one hangs, one at the key daemon or at capture 2 s.
PATIENCE_S: Final = 10.0
_HANGS: Final = Alarm(AlarmCode.LOOK_HANGS)

log = structlog.get_logger("api.health")


@dataclass(frozen=True, slots=True)
class Health:
    """What was seen, the alarms that it raises, and since when each rings (µs since 1970 UTC; 0:
    nobody knows): for as long as is seen of it, or since this process first met it.
    """

    seen: Seen
    alarms: tuple[Alarm, ...] = ()
    since_us: Mapping[Alarm, int] = field(default_factory=dict)


@dataclass(slots=True)
class HealthBoard:
    """`look` is run in a thread, one at a time."""

    look: Callable[[], Seen]
    latest: Health = field(default_factory=lambda: Health(Seen(at_us=0)))
    _looked_s: float = float("-inf")
    _looking: asyncio.Future[Seen] | None = None
    _hangs: bool = False
    _told: set[Alarm] = field(default_factory=set)

    async def now(self) -> Health:
        """As of the last five seconds; while one looks everybody waits for that."""
        if asyncio.get_running_loop().time() - self._looked_s >= KEPT_S:
            await self._look()
        return self.latest

    async def run(self, stop: asyncio.Event) -> None:
        """Look again and again until stopped, so that the log says it though nobody asks."""
        async for _ in Rounds(stop, KEPT_S):
            await self.now()

    async def _look(self) -> None:
        if self._looking is None:
            self._looking = asyncio.ensure_future(asyncio.to_thread(self.look))
        looking = self._looking
        # Once it is known to hang nobody else waits for it.
        done, _ = await asyncio.wait([looking], timeout=0 if self._hangs else PATIENCE_S)
        if self._looking is not looking:
            return  # Who waited beside us has it.
        self._hangs = not done
        if not done:
            self._take(Health(self.latest.seen, (*self.latest.alarms, _HANGS)))
            return
        self._looking = None
        seen = looking.result()
        self._looked_s = asyncio.get_running_loop().time()
        self._take(Health(seen, alarms_of(seen)))

    def _take(self, health: Health) -> None:
        alarms, before = tuple(dict.fromkeys(health.alarms)), self.latest.since_us
        since = {each: before.get(each) or began_us(each, health.seen) for each in alarms}
        self.latest = Health(health.seen, alarms, since)
        ringing = set(alarms)
        for alarm in sorted(ringing - self._told):
            log.warning("not well", alarm=alarm.code.value, about=alarm.about)
        for alarm in sorted(self._told - ringing):
            log.info("well again", alarm=alarm.code.value, about=alarm.about)
        self._told = ringing
