"""Calls of our own to a running Rokuon: the self-test.

Knows where Rokuon listens, nothing of SIP or media.
"""

import asyncio
from datetime import datetime
from typing import Final

from rokuon.compose.selftest.own_calls import FOUND_WITHIN_S, find_own_call
from rokuon.compose.selftest.own_target import is_own_source, own_target
from rokuon.config.schema import Config
from rokuon.machine import clock
from rokuon.messages.errors import NotReady, first_of
from rokuon.messages.i18n import tr
from rokuon.selftest.client import CallResult, CallScript, english_call, japanese_call, place_call
from rokuon.selftest.session import CallRefused
from rokuon.selftest.session_description import AnswerUnusable
from rokuon.selftest.signalling import PeerGone, PeerSilent, Transport

# Long enough to hear both speak, short enough to wait for.
CALL_S: Final = 12.0
NO_CALL: Final = (CallRefused, PeerSilent, PeerGone, AnswerUnusable, OSError)


def run_selftest(config: Config, calls: int) -> dict[str, object]:
    """Place calls at the same time, Japanese over UDP and English over TCP in turn.

    Raises `NotReady` where no call comes about, or one that did is not found.
    """
    begun_at = clock.now()
    try:
        results = asyncio.run(_all(config, calls))
    except ExceptionGroup as failed:
        if failed.split(NO_CALL)[1] is not None:
            raise
        raise NotReady(_reason(config, failed)) from failed
    asyncio.run(_all_found(config, results, begun_at))
    return {
        "calls": len(results),
        "found": len(results),
        "slowest_setup_ms": round(max(result.setup_s for result in results) * 1000, 1),
        "packets_sent": sum(stream.packets for result in results for stream in result.streams),
    }


def _reason(config: Config, failed: ExceptionGroup) -> str:
    """Why no call came about, and what to do about it."""
    refused = failed.subgroup(CallRefused)
    if refused is not None:
        told = tr(
            "no call came about: {answer}; rokuon doctor --only CALL-001 says what has run out, "
            "rokuon calls ledger has the reason of each call"
        )
        return told.format(answer=first_of(refused))
    if not is_own_source(config):
        told = tr("no call came about: this machine calls from {address}, which no [[source]] has")
        return told.format(address=own_target(config).host)
    return tr("no call came about: is rokuon serve running?")


async def _all(config: Config, calls: int) -> list[CallResult]:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_call(config, number)) for number in range(calls)]
    return [task.result() for task in tasks]


async def _all_found(config: Config, results: list[CallResult], begun_at: datetime) -> None:
    """What was answered may be kept nowhere: the index has each call, or it is an error."""
    looks = (find_own_call(config, each.call_id, begun_at) for each in results)
    missing = [found for found, _ in await asyncio.gather(*looks) if not found]
    if missing:
        told = tr(
            "{count} of {calls} calls were answered and are not found after {seconds} s: "
            "rokuon doctor says what keeps them, and the log"
        )
        raise NotReady(
            told.format(count=len(missing), calls=len(results), seconds=int(FOUND_WITHIN_S))
        )


async def _call(config: Config, number: int) -> CallResult:
    script: CallScript = english_call(CALL_S) if number % 2 else japanese_call(CALL_S)
    transport = Transport.TCP if number % 2 else Transport.UDP
    return await place_call(own_target(config, transport), script)
