"""Calls that come and go on a disk of their own, whose power is cut again and again.

Says what was found after each cut; what may be expected is said by the tests.
"""

import asyncio
import hashlib
import random
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rokuon.compose.archive.catalog import CATALOG_FILE
from rokuon.config.schema import Config
from rokuon.selftest.signalling import Target, Transport
from tests.crash.load import Load, Sent, open_load
from tests.crash.power import Disk, disk_in
from tests.crash.runs import Figures, judge
from tests.crash.whole import Whole

CUTS: Final = 5
# With those that have just ended they have to share the ports of `Whole`.
CALLS: Final = 30
# Calls end and others begin so often, so that each step of the keeper's is somewhere under way.
TURN_S: Final = 0.25
EACH_TURN: Final = 2
TALK_S: Final = (3.0, 9.0)
PER_S: Final = 100.0
# A file that was cut before its first write is removed once it has been so for a minute.
ARCHIVED_WITHIN_S: Final = 120.0


@dataclass(frozen=True, slots=True)
class Moment:
    """A cut, and what had been sent before it began."""

    image: Path
    sent: list[Sent]


@dataclass(frozen=True, slots=True)
class Rows:
    """What the catalog says of files, asked by `sqlite3`; and the files, by `hashlib`."""

    told: dict[str, str]
    there: dict[str, str]
    # Rows of parts whose recording has no row, and the other way round.
    loose: int

    @classmethod
    def of(cls, config: Config) -> "Rows":
        """Read both as an outsider would."""
        root = config.archive.path
        with closing(sqlite3.connect(config.catalog_path / CATALOG_FILE)) as catalog:
            told = {
                path: digest.hex()
                for path, digest in catalog.execute("SELECT path, sha256 FROM part")
            }
            (loose,) = catalog.execute(
                "SELECT (SELECT count(*) FROM part"
                " WHERE recording NOT IN (SELECT row FROM recording))"
                " + (SELECT count(*) FROM recording"
                " WHERE row NOT IN (SELECT recording FROM part))"
            ).fetchone()
        there = {
            str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in root.rglob("*.rkn")
        }
        return cls(told, there, loose)


@dataclass(slots=True)
class Flow:
    """Calls that come and go until it is said that it is enough."""

    load: Load
    ended: list[Sent]
    is_enough: bool = False

    async def run(self) -> None:
        """A few end and as many begin, turn by turn."""
        while not self.is_enough:
            self.ended += await self.load.hang_up(per_s=PER_S, most=EACH_TURN)
            await self.load.place(EACH_TURN, per_s=PER_S)
            await asyncio.sleep(TURN_S)

    async def sent(self) -> list[Sent]:
        """What was sent up to now."""
        ended = list(self.ended)
        return ended + await self.load.sent()


async def _moments(
    whole: Whole, disk: Disk, luck: random.Random
) -> tuple[list[Moment], list[Sent]]:
    target = Target(port=whole.sip_port, transport=luck.choice(list(Transport)))
    until_s = TALK_S[1]
    moments: list[Moment] = []
    async with open_load(target, luck, calls=2 * CALLS) as load:
        await load.place(CALLS, per_s=PER_S)
        flow = Flow(load, [])
        async with asyncio.TaskGroup() as group:
            group.create_task(flow.run())
            begun_s = time.monotonic()
            for at_s in sorted(luck.uniform(TALK_S[0], until_s) for _ in range(CUTS)):
                await asyncio.sleep(max(0.0, begun_s + at_s - time.monotonic()))
                sent = await flow.sent()
                moments.append(Moment(await asyncio.to_thread(disk.cut), sent))
            flow.is_enough = True
        later = flow.ended + await load.hang_up(per_s=PER_S)
    return moments, later


async def cut_the_power(folder: Path, seed: int) -> list[tuple[Figures, Rows]]:
    """A run, its power cut at random moments; after each, the keeper of the next start ran."""
    luck = random.Random(seed)  # noqa: S311 - a run must be repeatable
    found: list[tuple[Figures, Rows]] = []
    with disk_in(folder) as disk:
        whole = Whole(disk.root)
        whole.start()
        try:
            moments, later = await _moments(whole, disk, luck)
        finally:
            whole.stop()
            disk.unmount()
        for moment in moments:
            disk.mount(moment.image)
            try:
                whole.start()
                try:
                    figures = judge(whole, seed, moment.sent, later, within_s=ARCHIVED_WITHIN_S)
                    figures.killed = ["power"]
                finally:
                    whole.stop()
                found.append((figures, Rows.of(whole.config)))
            finally:
                disk.unmount()
            disk.forget(moment.image)
    return found
