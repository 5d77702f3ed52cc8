"""What is not well with a catalog on a server of its own, wherever somebody would look."""

import asyncio
import os
import signal

import pytest

from api.health import board
from tests.health_watch import MINUTE_S, Row, Watched, tried, watched
from tests.postgresql.cluster import Cluster, programs, running

BINARIES = programs()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BINARIES is None, reason="PostgreSQL is not installed here"),
]


def stopped(cluster: Cluster) -> Row:
    """Its server ends, a minute ago, and is there again."""

    async def cause(it: Watched) -> None:
        await asyncio.to_thread(cluster.stop)
        await it.until(("catalog_silent", ""), ring=True)
        it.clock.ahead_s += MINUTE_S + 1

    async def mend(_it: Watched) -> None:
        await asyncio.to_thread(cluster.start)

    alarms = (("catalog_silent", ""), ("keeper_waits", "catalog"))
    return Row(cause, alarms, {"CAT-001", "KEEP-002"}, mend)


def frozen(cluster: Cluster) -> Row:
    """Its server hangs: it takes questions and answers none."""
    held: list[int] = []

    async def cause(_it: Watched) -> None:
        held.extend(cluster.processes())
        for each in held:
            os.kill(each, signal.SIGSTOP)

    async def mend(_it: Watched) -> None:
        for each in held:
            os.kill(each, signal.SIGCONT)

    return Row(cause, (("look_hangs", ""),), {"CAT-001"}, mend)


async def test_a_server_that_is_away_or_hangs_is_named_until_it_answers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing else would say so: calls are recorded all the same, and wait in the spool."""
    assert BINARIES is not None
    with running(BINARIES) as cluster:
        async with watched(monkeypatch, catalog=cluster.new_catalog()) as it:
            await it.until(("keeper_silent", ""), ring=False)
            await tried(it, stopped(cluster))
            monkeypatch.setattr(board, "PATIENCE_S", 1.0)
            await tried(it, frozen(cluster))
