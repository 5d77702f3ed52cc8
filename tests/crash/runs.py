"""One seeded run of each kind of kill, from an empty folder to the account of what is left.

Says what was measured; what may be expected is said by the tests.
"""

import asyncio
import random
import socket
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from archive.verification.faults import Finding
from rokuon.config.schema import Config
from rokuon.selftest.client import SIDES
from rokuon.selftest.signalling import Target, Transport
from tests.crash.account import Account, damage_in, exported, settle, spool_files
from tests.crash.load import Load, Sent, open_load
from tests.crash.whole import (
    START_WITHIN_S,
    STOP_WITHIN_S,
    WORKERS,
    NotInTime,
    Whole,
    is_gone,
    options,
    wait_until,
)
from tests.own_archive import Row, find_all

CALLS: Final = 50
SETUPS_PER_S: Final = 100.0
# Each call is up for at least so long after the last set-up; kills fall into it.
TALK_S: Final = (2.0, 4.0)
ARCHIVED_WITHIN_S: Final = 40.0
# The end of the log, shown where a run does not come to its end.
TOLD_CHARACTERS: Final = 4_000
ASK_EVERY_S: Final = 0.01


@dataclass(slots=True, kw_only=True)
class Figures:
    """What one run showed. `back_s`: from the kill to the first answer to an OPTIONS.

    `silent_s`: how long a party of an inline call heard nothing.
    """

    seed: int
    account: Account
    found: list[Row]
    parts: int
    damaged: list[Finding]
    left: list[Path]
    killed: list[str] = field(default_factory=list)
    back_s: float = 0.0
    silent_s: float = 0.0


@asynccontextmanager
async def talking(
    whole: Whole, luck: random.Random, transport: Transport, calls: int
) -> AsyncIterator[Load]:
    """A recorder that runs, with calls that are up."""
    target = Target(port=whole.sip_port, transport=transport)
    async with open_load(target, luck, calls=calls) as load:
        await load.place(calls, per_s=SETUPS_PER_S)
        yield load


def _left(config: Config) -> list[tuple[str, int]]:
    """Name and bytes of what is in the spool: a file without its lead is not one with audio."""
    return [(path.name, path.stat().st_size) for path in spool_files(config)]


def is_archived(config: Config, ended: int) -> bool:
    """Whether the spool is empty, and every call that was `ended` has a complete recording.

    An empty spool alone says too little: what a dead worker left is archived at once, and the
    worker in its place may only then begin with what waits in the ring.
    """
    if spool_files(config):
        return False
    return sum(row["state"] == "complete" for row in find_all(config)) >= ended


def judge(
    whole: Whole,
    seed: int,
    sent: list[Sent],
    later: list[Sent] | None = None,
    *,
    within_s: float = ARCHIVED_WITHIN_S,
) -> Figures:
    """Wait until everything is archived; then export, verify, compare.

    `later`: what was sent after nobody was there to hear it; no call was ended by a BYE then.
    """
    config, ended = whole.config, 0 if later else len(sent) // len(SIDES)
    try:
        wait_until(
            lambda: is_archived(config, ended),
            within_s=within_s,
            what="everything archived",
        )
    except NotInTime as late:
        told = whole.log.read_text("utf-8", "replace")[-TOLD_CHARACTERS:]
        raise NotInTime(f"{late}; left: {_left(config)}; its log: {told}") from late
    found = find_all(config)
    seen = exported(config, found)
    parts, damaged = damage_in(config)
    return Figures(
        seed=seed, account=settle(sent, seen, later=later), found=found, parts=parts,
        damaged=damaged, left=spool_files(config),
    )  # fmt: skip


async def kill_workers(folder: Path, seed: int, *, calls: int = CALLS) -> Figures:
    """kill -9 of one to three ingest workers at random moments, the same one again at times.

    The moments reach into the hanging up: a worker also dies between END and the last rename.
    """
    luck = random.Random(seed)  # noqa: S311 - a run must be repeatable
    whole, killed = Whole(folder), list[str]()
    whole.start()
    try:
        transport = luck.choice(list(Transport))
        async with talking(whole, luck, transport, calls) as load:
            talk_s = luck.uniform(*TALK_S)
            ending_s = talk_s + calls / SETUPS_PER_S
            more = [luck.uniform(0.0, ending_s) for _ in range(luck.randint(0, 2))]
            moments = sorted([luck.uniform(0.0, talk_s), *more])
            begun_s = time.monotonic()

            async def kill_all() -> None:
                for moment in moments:
                    await asyncio.sleep(max(0.0, begun_s + moment - time.monotonic()))
                    name = f"ingest-{luck.randrange(WORKERS)}"
                    await asyncio.to_thread(whole.kill, name)
                    killed.append(name)

            async with asyncio.TaskGroup() as group:
                group.create_task(kill_all())
                await asyncio.sleep(talk_s)
                sent = await load.hang_up(per_s=SETUPS_PER_S)
        figures = judge(whole, seed, sent)
    finally:
        whole.stop()
    figures.killed = killed
    return figures


async def kill_signalling(
    folder: Path, seed: int, transport: Transport, *, calls: int = CALLS
) -> Figures:
    """kill -9 of signalling while calls are up; how long nobody answers OPTIONS."""
    luck = random.Random(seed)  # noqa: S311 - a run must be repeatable
    whole = Whole(folder)
    whole.start()
    try:
        async with talking(whole, luck, transport, calls) as load:
            await asyncio.sleep(luck.uniform(0.2, 2.0))
            with Asker(whole.sip_port, transport) as asker:
                await asyncio.to_thread(whole.kill, "signalling")
                back_s = await asyncio.to_thread(asker.first_answer_s)
            await asyncio.sleep(luck.uniform(0.2, 2.0))
            sent = await load.hang_up(per_s=SETUPS_PER_S)
        figures = judge(whole, seed, sent)
    finally:
        whole.stop()
    figures.killed, figures.back_s = ["signalling"], back_s
    return figures


async def kill_holder(folder: Path, seed: int, *, calls: int = CALLS) -> Figures:
    """kill -9 of the holder while calls are up; how long no new call would be taken (OPTIONS).

    What counts as sent is what had been sent when it was killed, and a call after that.
    """
    luck = random.Random(seed)  # noqa: S311 - a run must be repeatable
    whole, transport = Whole(folder), luck.choice(list(Transport))
    whole.start()
    try:
        async with talking(whole, luck, transport, calls) as load:
            await asyncio.sleep(luck.uniform(*TALK_S))
            sent, former = await load.sent(), whole.running("signalling")
            with Asker(whole.sip_port, Transport.UDP) as asker:
                killed_s = time.monotonic()
                await asyncio.to_thread(whole.kill, "holder")
                has_ended = partial(is_gone, former)
                await asyncio.to_thread(wait_until, has_ended, within_s=STOP_WITHIN_S, what="end")
                await asyncio.to_thread(asker.first_answer_s)
                back_s = time.monotonic() - killed_s
            later = await load.silence()
        async with talking(whole, luck, Transport.UDP, 1) as load:
            await asyncio.sleep(luck.uniform(*TALK_S))
            new = await load.hang_up(per_s=SETUPS_PER_S)
        figures = judge(whole, seed, [*sent, *new], [*later, *new])
    finally:
        whole.stop()
    figures.killed, figures.back_s = ["holder"], back_s
    return figures


async def kill_everything(folder: Path, seed: int, *, calls: int = CALLS) -> Figures:
    """kill -9 of all processes at once; the keeper, or `rokuon recover`, closes what is left.

    What counts as sent is what had been sent a moment after the kill.
    """
    luck = random.Random(seed)  # noqa: S311 - a run must be repeatable
    whole = Whole(folder)
    whole.start()
    try:
        async with talking(whole, luck, luck.choice(list(Transport)), calls) as load:
            await asyncio.sleep(luck.uniform(*TALK_S))
            whole.kill_everything()
            sent = await load.sent()
            later = await load.silence()
        if luck.random() < 1 / 2:
            whole.start()
            killed = "everything; keeper"
        else:
            recover(whole)
            killed = "everything; recover"
        figures = judge(whole, seed, sent, later)
    finally:
        whole.stop()
    figures.killed = [killed]
    return figures


def recover(whole: Whole) -> None:
    """The key daemon alone, and the command; raises where the command finds a problem."""
    whole.start("keys")
    subprocess.run(whole.command("recover"), check=True, capture_output=True, timeout=60)


class Asker:
    """Asks OPTIONS every 10 ms over a socket or connection that was there before the kill."""

    def __init__(self, port: int, transport: Transport) -> None:
        kind = socket.SOCK_DGRAM if transport is Transport.UDP else socket.SOCK_STREAM
        self._socket = socket.socket(type=kind)
        self._socket.settimeout(5.0)
        self._socket.connect(("127.0.0.1", port))
        self._port, self._word, self._number = port, transport.value, 0
        self._ask()
        assert b"SIP/2.0 200" in self._socket.recv(65_536)

    def __enter__(self) -> "Asker":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def _ask(self) -> None:
        self._number += 1
        branch = b"z9hG4bKalive%d" % self._number
        local = self._socket.getsockname()[1]
        self._socket.send(options(local, self._port, self._word, branch))

    def first_answer_s(self) -> float:
        """Seconds from now to the first answer."""
        begun_s = time.monotonic()
        self._socket.settimeout(ASK_EVERY_S)
        while time.monotonic() - begun_s < START_WITHIN_S:
            try:
                self._ask()
                if b"SIP/2.0 200" in self._socket.recv(65_536):
                    break
            except (TimeoutError, ConnectionRefusedError):
                continue
        return time.monotonic() - begun_s
