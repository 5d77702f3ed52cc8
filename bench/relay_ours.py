"""Our recorder under the load of relayed calls: relay, landing and sealing all in.

Knows the recorder by its command line and its wire. The calls are set up over SIP, both legs.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from bench.call_load import failure_name, paced
from bench.chorus import HOST, ChorusEngine, singing
from bench.inline_keys import new_keys
from bench.inline_peers import InlineCall, Peers, open_peers
from bench.inline_sdp import SdpUnusable, Told, parties
from bench.inline_server import InlineServer, fresh_inline
from bench.ours import ROOM
from bench.probe import Probe, probe_sockets
from bench.processes import dropped_since, drops_by_port
from bench.relay_run import RelayRun, Subject, measure
from bench.server import Running
from rokuon.selftest.session import CallRefused
from rokuon.selftest.signalling import PeerGone, PeerSilent

SETUPS_PER_S: Final = 50.0
OK: Final = 200
# The search shows so many calls at most.
PAGE: Final = 1000
FOUND_WITHIN_S: Final = 60.0
_ASK_EVERY_S: Final = 1.0
_PREFIX: Final = b"+8150"
_LOST: Final = "packets_lost"

Asking = Callable[[datetime], list[dict[str, object]]]
CallFailed = (CallRefused, PeerSilent, PeerGone, SdpUnusable)


def number_of(call: int, prefix: bytes = _PREFIX) -> bytes:
    """The number that this call goes to."""
    return prefix + b"%08d" % call


class Crowd:
    """The calls that are up, and what has gone wrong."""

    def __init__(self, peers: Peers, engine: ChorusEngine) -> None:
        self._peers, self._engine = peers, engine
        self._ends = parties([engine.port] * 2, engine.keys)
        self._voices: dict[bytes, list[int]] = {}
        self.calls: list[InlineCall] = []
        self.failures: Counter[str] = Counter()

    async def place(self, number: bytes) -> InlineCall | None:
        """Set one up and let both sides speak; None where it fails, which is counted."""
        try:
            call = await self._peers.place(number, *self._ends)
        except CallFailed as error:
            self.failures[failure_name(error)] += 1
            return None
        self._voices[number] = [
            self._engine.add(voice, told.host, told.port)
            for voice, told in enumerate(ways_of(call))
        ]
        self.calls.append(call)
        return call

    async def end(self, call: InlineCall) -> None:
        """Silence and BYE."""
        self.calls.remove(call)
        for voice in self._voices.pop(call.leg.number):
            self._engine.remove(voice)
        try:
            status = await self._peers.hang_up(call)
            if status != OK:
                self.failures[f"BYE {status}"] += 1
        except (PeerSilent, PeerGone) as error:
            self.failures[f"BYE {failure_name(error)}"] += 1


def ways_of(call: InlineCall) -> tuple[Told, Told]:
    """Where caller and callee are to send."""
    assert call.leg.told is not None
    return call.told, call.leg.told


def ports_of(calls: Iterable[InlineCall]) -> list[int]:
    """The server's ports that these calls use."""
    return [told.port for call in calls for told in ways_of(call)]


def found_calls(running: Running, since: datetime, until: datetime) -> list[dict[str, object]]:
    """What `rokuon calls find` shows of that time, at most a page of it."""
    window = ["--from", f"{since:%Y-%m-%d %H:%M:%S}", "--to", f"{until:%Y-%m-%d %H:%M:%S}"]
    command = [
        sys.executable, "-m", "rokuon", "--config", str(running.config), "calls", "find", *window,
        "--zone", "UTC", "--limit", str(PAGE), "-o", "json",
    ]  # fmt: skip
    shown = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return list(shown["calls"] if isinstance(shown, dict) else shown)


def recordings(ask: Asking, until: datetime) -> dict[str, dict[str, object]]:
    """All recordings of calls before `until`, by their ids; `ask` shows a page, newest first.

    Raises `ValueError` where so many calls began in one second that a page has no other.
    """
    found: dict[str, dict[str, object]] = {}
    while True:
        page = ask(until)
        found |= {str(row["recording"]): row for row in page}
        if len(page) < PAGE:
            return found
        oldest = datetime.fromisoformat(str(page[-1]["started_at"]))
        following = oldest.replace(microsecond=0) + timedelta(seconds=1)  # times are shown so
        if following >= until:
            raise ValueError(f"{PAGE} calls began in the second before {until}")
        until = following


def wait_for_recordings(
    running: Running,
    since: datetime,
    until: datetime,
    calls: int,
    *,
    within_s: float = FOUND_WITHIN_S,
) -> dict[str, dict[str, object]]:
    """All recordings, or those that are found when none has come for so long.

    After a run that left the keeper no core they come at ten a second.
    """
    known, give_up_s = 0, time.monotonic() + within_s
    while True:
        found = recordings(partial(found_calls, running, since), until)
        if len(found) > known:
            known, give_up_s = len(found), time.monotonic() + within_s
        if known >= calls or time.monotonic() > give_up_s:
            return found
        time.sleep(_ASK_EVERY_S)


async def _measured(server: InlineServer, calls: int, seconds: float, *, secure: bool) -> RelayRun:
    keys, own = new_keys(secure=secure), new_keys(secure=secure)
    with singing(keys, max_streams=2 * calls) as engine, probe_sockets(HOST) as socks:
        async with open_peers(server.target, server.callee) as peers:
            crowd, before = Crowd(peers, engine), drops_by_port()

            async def place(number: int) -> None:
                await crowd.place(number_of(number))

            # First: a node that has no room for all of them has it for the one that is timed.
            ends = parties([sock.getsockname()[1] for sock in socks], own)
            probed = await peers.place(number_of(calls), *ends)
            await paced(range(calls), SETUPS_PER_S, place)
            subject = Subject(
                server="ours",
                secure=secure,
                recording=True,
                calls=len(crowd.calls),
                pids=server.running.pids,
                start_probe=lambda lasting_s: Probe(socks, ways_of(probed), own, lasting_s),
                failures=crowd.failures,
            )
            run = await asyncio.to_thread(measure, subject, engine, seconds)
            run.dropped = dropped_since(before, ports_of([*crowd.calls, probed]))
            await peers.hang_up(probed)
            await paced(list(crowd.calls), SETUPS_PER_S, crowd.end)
            run.failures = dict(crowd.failures)
            return run


def run_ours(calls: int, seconds: float, *, secure: bool) -> RelayRun:
    """A fresh recorder, measured once; its recordings are asked whether anything is missing."""
    with fresh_inline(max_calls=calls + ROOM, secure=secure) as server:
        since = datetime.now(UTC) - timedelta(seconds=1)
        run = asyncio.run(_measured(server, calls, seconds, secure=secure))
        found = wait_for_recordings(server.running, since, datetime.now(UTC), run.calls + 1)
        run.found = len(found)
        run.lossy = sum(_LOST in str(row.get("flags")) for row in found.values())
        return run
