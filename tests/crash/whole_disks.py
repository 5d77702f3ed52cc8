"""A whole Rokuon one of whose disks fails while calls of both doors are up, and is mended.

Says what was seen; what may be expected is said by the tests.
"""

import asyncio
import json
import random
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from bench.inline_peers import callee_socket, open_peers
from bench.inline_server import inline_config
from rokuon.selftest.client import SIDES
from rokuon.selftest.session import CallRefused
from rokuon.selftest.signalling import PeerSilent, Target
from tests.crash.account import Account, begun_parts, damage_in, exported, settle
from tests.crash.disks import Fault, Volume, volumes
from tests.crash.inline import Floor
from tests.crash.load import Load, Sent, open_load
from tests.crash.whole import START_WITHIN_S, NotInTime, Whole, wait_until
from tests.own_archive import Row, find_all

SESSIONS: Final = 3
INLINE: Final = 2
# Room for those that are tried meanwhile.
MOST: Final = 40
BEFORE_S: Final = 3.0
FAULT_S: Final = 10.0
AFTER_S: Final = 4.0
TRY_EVERY_S: Final = 2.0
PER_S: Final = 100.0
# Longer than may be needed, so that what is late is measured and not only said.
ADOPTED_WITHIN_S: Final = 150.0
ASKED_WITHIN_S: Final = 45.0
_TOLD: Final = ("error", "critical", "warning")


@dataclass(slots=True)
class Told:
    """What names the disk, while it is broken: log, `rokuon doctor`, `/health`."""

    log: Counter[str] = field(default_factory=Counter)
    doctor: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)

    @property
    def is_something(self) -> bool:
        """Whether anybody says anything of it."""
        return bool(self.log) or "STOR-006" in self.doctor


@dataclass(slots=True, kw_only=True)
class Seen:
    """What one run showed of `calls`.

    `answers`: what each new call came to while the disk was broken, by door, and `later`. `cut`:
    calls that did not last. `adopted_s`: from the mend until all was archived. `flaws`: parts that
    are left in the spool, and what `verify` finds.
    """

    answers: dict[str, list[str]] = field(default_factory=dict)
    calls: int = 0
    cut: int = 0
    adopted_s: float = 0.0
    flaws: list[str] = field(default_factory=list)
    account: Account = field(default_factory=Account)
    found: list[Row] = field(default_factory=list)
    told: Told = field(default_factory=Told)

    @property
    def flags(self) -> Counter[str]:
        """How many recordings have each flag."""
        return Counter(flag for row in self.found for flag in row["flags"])

    @property
    def words(self) -> str:
        """A line of figures."""
        shown = {
            "answers": {door: Counter(got) for door, got in self.answers.items()},
            "cut": self.cut,
            "adopted_s": round(self.adopted_s),
            "flaws": self.flaws,
            "sent": self.account.sent,
            "lost": self.account.lost,
            "repeated, strange": (self.account.repeated, self.account.strange),
            "recordings": len(self.found),
            "states": Counter(str(row["state"]) for row in self.found),
            "flags": self.flags,
            "log": self.told.log,
            "doctor": self.told.doctor,
            "health": self.told.health,
        }
        return json.dumps(shown)


@dataclass(slots=True)
class Scene:
    """A Rokuon with calls up, everybody speaking."""

    whole: Whole
    load: Load
    floor: Floor
    seen: Seen = field(default_factory=Seen)
    ended: list[Sent] = field(default_factory=list)
    mended_s: float = 0.0
    said_before: int = 0
    is_enough: bool = False

    @asynccontextmanager
    async def everybody_speaking(self) -> AsyncIterator[None]:
        """The telephones while the block lasts; recording sessions speak by themselves."""
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.to_thread(self._speak))
            try:
                yield
            finally:
                self.is_enough = True

    def _speak(self) -> None:
        while not self.is_enough:
            self.floor.speak(0.5)

    async def try_calls(self) -> None:
        """One more call at each door; what came of it."""
        for door, placing in (
            ("siprec", self.load.place(1, per_s=PER_S)),
            ("inline", self.floor.place(len(self.floor.talks))),
        ):
            said = self.seen.answers.setdefault(door, [])
            said.append(await _answer_to(placing))

    async def break_disk(self, disk: Volume, fault: Fault) -> None:
        """For a while, trying new calls and asking who might know."""
        self.said_before = self.whole.log.stat().st_size
        await asyncio.to_thread(disk.break_by, fault)
        begun_s = time.monotonic()
        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(_asked(asking, self.whole)) for asking in (_doctor, _health)]
            await self._end_one()
            while time.monotonic() - begun_s < FAULT_S:
                await self.try_calls()
                await asyncio.sleep(TRY_EVERY_S)
            await asyncio.to_thread(disk.mend, fault)
            self.mended_s = time.monotonic()
        told = self.seen.told
        told.doctor, told.health = (each.result() for each in asked)

    async def _end_one(self) -> None:
        """A recording session ends while the disk is broken."""
        spoken = (await self.load.sent())[: len(SIDES)]
        try:
            spoken = await self.load.hang_up(per_s=PER_S, most=1)
            said = "200"
        except (AssertionError, ExceptionGroup, PeerSilent) as failed:
            said = repr(failed)[:200]
        self.seen.answers["bye"] = [said]
        self.ended += spoken

    async def hang_up(self) -> list[Sent]:
        """BYE of every call; what was sent. A call that is not known any more was cut."""
        sent = await self.load.sent()
        self.seen.cut += sum(talk.call.leg.ended.is_set() for talk in self.floor.talks)
        try:
            sent = await self.load.hang_up(per_s=PER_S)
        except (AssertionError, ExceptionGroup, PeerSilent):
            self.seen.cut += 1
        self.floor.hear()
        with suppress(AssertionError, TimeoutError, PeerSilent):
            await self.floor.hang_up()
        return [*self.ended, *sent, *self.floor.sent()]


async def _answer_to(placing: Awaitable[None]) -> str:
    begun_s = time.monotonic()
    try:
        async with asyncio.timeout(8.0):
            await placing
        said = "200"
    except (CallRefused, ExceptionGroup) as refused:
        first = refused.exceptions[0] if isinstance(refused, ExceptionGroup) else refused
        said = str(first.status) if isinstance(first, CallRefused) else repr(first)
    except (PeerSilent, TimeoutError):
        said = "silent"
    took_s = time.monotonic() - begun_s
    return said if took_s < 1.0 else f"{said} late"


async def _asked(asking: Callable[[Whole], list[str]], whole: Whole) -> list[str]:
    """While the disk has been broken for a while."""
    await asyncio.sleep(FAULT_S / 2)
    return await asyncio.to_thread(asking, whole)


def _doctor(whole: Whole) -> list[str]:
    """What `rokuon doctor` finds now."""
    try:
        said = subprocess.run(
            whole.command("doctor", "-o", "json"), capture_output=True, timeout=ASKED_WITHIN_S
        )
        rows = json.loads(said.stdout)["checks"]
    except subprocess.TimeoutExpired:
        return ["says nothing"]
    except ValueError:
        return [said.stderr.decode()[-300:]]
    return [str(row["check"]) for row in rows if row["severity"] != "ok"]


def _health(whole: Whole) -> list[str]:
    url = f"http://127.0.0.1:{whole.config.http.port}/api/v1/health"
    try:
        with urllib.request.urlopen(url, timeout=ASKED_WITHIN_S) as answer:
            return [f"{answer.status} {answer.read(400).decode()}"]
    except urllib.error.HTTPError as refused:
        return [f"{refused.code} {refused.read(400).decode()}"]
    except OSError as failed:
        return [repr(failed)]


def _told(log: Path, since: int) -> Counter[str]:
    """Events of warnings and errors, by how often they were said."""
    with log.open("rb") as file:
        file.seek(since)
        lines = file.read().decode("utf-8", "replace").splitlines()
    return Counter(_event(line) for line in lines if any(level in line for level in _TOLD))


def _event(line: str) -> str:
    try:
        said = json.loads(line)
    except ValueError:
        return line[:160]
    reason = said.get("reason") or said.get("detail") or ""
    return f"{said.get('event')} {reason}".strip()


@contextmanager
def _prepared(folder: Path, disk: str) -> Iterator[tuple[Whole, Volume, socket.socket]]:
    whole = Whole(folder)
    with callee_socket() as callee, volumes(folder / "var", [disk], folder) as made:
        tables = inline_config(callee.getsockname()[1], secure=False)
        whole.file.write_text(whole.file.read_text() + tables)
        yield whole, made[disk], callee


@asynccontextmanager
async def _talking(whole: Whole, callee: socket.socket) -> AsyncIterator[Scene]:
    luck = random.Random(1)  # noqa: S311 - no secret
    target = Target(port=whole.sip_port)
    async with open_load(target, luck, calls=MOST) as load, open_peers(target, callee) as peers:
        scene = Scene(whole, load, Floor(whole, peers, luck))
        for _ in range(SESSIONS):
            await _taken(partial(load.place, 1, per_s=PER_S))
        for number in range(INLINE):
            await _taken(partial(scene.floor.place, number))
        yield scene


async def _taken(place: Callable[[], Awaitable[None]]) -> None:
    """On a busy machine a worker may be late behind its start, and no call is taken."""
    for _ in range(round(START_WITHIN_S / TRY_EVERY_S)):
        if not (await _answer_to(place())).startswith("503"):
            return
        await asyncio.sleep(TRY_EVERY_S)
    raise NotInTime("no call is taken")


async def broken_while_talking(folder: Path, disk: str, fault: Fault) -> Seen:
    """Calls that speak while a disk fails and is mended; then everything is counted."""
    with _prepared(folder, disk) as (whole, volume, callee):
        whole.start()
        try:
            async with _talking(whole, callee) as scene:
                async with scene.everybody_speaking():
                    await asyncio.sleep(BEFORE_S)
                    await scene.break_disk(volume, fault)
                    await asyncio.sleep(AFTER_S)
                    scene.seen.answers["later"] = [
                        await _answer_to(scene.load.place(1, per_s=PER_S)),
                        await _answer_to(scene.floor.place(len(scene.floor.talks))),
                    ]
                    await asyncio.sleep(1.0)
                sent = await scene.hang_up()
                await asyncio.to_thread(_count, scene, sent)
                scene.floor.close()
                return scene.seen
        finally:
            whole.stop()


def _count(scene: Scene, sent: list[Sent]) -> None:
    config, seen = scene.whole.config, scene.seen

    def is_adopted() -> bool:
        try:
            if begun_parts(config):
                return False
            found = find_all(config)
        except Exception:  # noqa: BLE001  # a catalog that is not there yet
            return False
        return bool(found) and all(row["state"] in ("complete", "partial") for row in found)

    with suppress(NotInTime):
        wait_until(is_adopted, within_s=ADOPTED_WITHIN_S, what="everything adopted")
    seen.adopted_s = time.monotonic() - scene.mended_s
    seen.told.log = _told(scene.whole.log, scene.said_before)
    seen.flaws = [path.name for path in begun_parts(config)]
    seen.found = find_all(config)
    seen.calls = len(sent) // len(SIDES)
    seen.account = settle(sent, exported(config, seen.found))
    seen.flaws += [f"{each.part} {each.fault}" for each in damage_in(config)[1]]
