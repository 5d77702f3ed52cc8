"""The keeper as a daemon: a round every half second while there is something to do, in a thread.

Knows nothing of the steps. A keeper that is killed anywhere goes on where the spool says.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from archive.catalog.database.database_errors import words
from archive.catalog.database.schema_revision import CatalogOutdated
from archive.errors import KeyUnavailable
from archive.keeper.keeper_rounds import Keeper, Round
from archive.keeper.state_file import Awaited, Backlog
from archive.keeper.stuck_parts import StuckFile
from archive.rounds import Rounds

# K1 and the way from call end to catalog row are promised in 5 s: this is a tenth of it,
PERIOD_S: Final = 0.5
# and no round keeps new keys waiting for longer than this, whatever there is to archive.
BUDGET_S: Final = 2.0
# Who is told what changes, and has done all of it, looks this seldom for what nobody tells.
IDLE_S: Final = 2.0

log = structlog.get_logger()

Away = KeyUnavailable | CatalogOutdated | SQLAlchemyError


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundNews:
    """What is so after a round: whether it ended at `ended_us` (0: it could not), who was not
    there, what is stuck, and what waits.
    """

    ended_us: int
    awaits: Awaited
    problems: tuple[StuckFile, ...]
    backlog: Backlog


def _tell_nobody(_news: RoundNews) -> None:
    return


async def serve_keeper(
    keeper: Keeper,
    stop: asyncio.Event,
    *,
    now_us: Callable[[], int],
    monotonic_s: Callable[[], float],
    period_s: float = PERIOD_S,
    tell: Callable[[RoundNews], None] = _tell_nobody,
) -> None:
    """Make rounds until told to stop; a round that is under way is cut short between two parts.

    One that took all its time is followed by the next at once; one that has left nothing to do, by
    the next when something is told. While the key daemon or the catalog is away, it tries again
    each period. `now_us`: µs since 1970 UTC. `tell` is told after each.
    """
    watch, rounds = _Watch(), Rounds(stop)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="keeper") as thread:
        loop = asyncio.get_running_loop()
        async for _ in rounds:
            until_s = monotonic_s() + BUDGET_S

            def is_time_up(until_s: float = until_s) -> bool:
                return stop.is_set() or monotonic_s() > until_s

            began_us = now_us()
            outcome, backlog = await loop.run_in_executor(
                thread, _round, keeper, began_us, is_time_up
            )
            watch.note(outcome, keeper.problems)
            tell(_news(outcome, began_us, keeper.problems, backlog))
            # A round that was cut short has left work: at full load there is no time to wait.
            if monotonic_s() <= until_s:
                await rounds.wait(period_s)
                if isinstance(outcome, Round) and outcome.is_idle and keeper.told_by >= 0:
                    await rounds.wait(IDLE_S, _readable(keeper.told_by))


async def _readable(descriptor: int) -> None:
    told, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_reader(descriptor, told.set)
    try:
        await told.wait()
    finally:
        loop.remove_reader(descriptor)


def _round(
    keeper: Keeper, now_us: int, is_time_up: Callable[[], bool]
) -> tuple[Round | Away, Backlog]:
    outcome: Round | Away
    try:
        outcome = keeper.round(now_us, is_time_up=is_time_up)
    except (KeyUnavailable, CatalogOutdated, SQLAlchemyError) as unavailable:
        outcome = unavailable
    return outcome, keeper.backlog(now_us)


def _news(
    outcome: Round | Away, began_us: int, problems: tuple[StuckFile, ...], backlog: Backlog
) -> RoundNews:
    awaits: Awaited = ""
    if not isinstance(outcome, Round):
        awaits = "keys" if isinstance(outcome, KeyUnavailable) else "catalog"
    ended_us = 0 if awaits else began_us
    return RoundNews(ended_us=ended_us, awaits=awaits, problems=problems, backlog=backlog)


class _Watch:
    """Says once what is new; ids and words only."""

    def __init__(self) -> None:
        self._problems: frozenset[StuckFile] = frozenset()
        self._keys_are_there = True
        self._catalog_is_there = True

    def note(self, outcome: Round | Away, problems: tuple[StuckFile, ...]) -> None:
        for problem in sorted(set(problems) - self._problems, key=str):
            log.error(
                "keeper.part_stuck",
                file=problem.path.name,
                reason=problem.reason,
                detail=problem.detail,
            )
        self._problems = frozenset(problems)
        self._note_keys(outcome)
        self._note_catalog(outcome)
        if isinstance(outcome, Round):
            for name in outcome.recovered:
                log.warning(
                    "keeper.recovered", part=str(name), has_holes=name in outcome.with_holes
                )
            for file in outcome.removed:
                log.warning("keeper.hollow_removed", file=file)

    def _note_keys(self, outcome: Round | Away) -> None:
        are_there = not isinstance(outcome, KeyUnavailable)
        if are_there and not self._keys_are_there:
            log.info("keeper.keys_available")
        if not are_there and self._keys_are_there:
            log.error("keeper.keys_unavailable", reason=str(outcome))
        self._keys_are_there = are_there

    def _note_catalog(self, outcome: Round | Away) -> None:
        is_there = not isinstance(outcome, CatalogOutdated | SQLAlchemyError)
        if is_there and not self._catalog_is_there:
            log.info("keeper.catalog_available")
        if isinstance(outcome, CatalogOutdated | SQLAlchemyError) and self._catalog_is_there:
            log.error("keeper.catalog_unavailable", reason=words(outcome))
        self._catalog_is_there = is_there
