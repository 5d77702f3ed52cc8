"""How long after its end a call can be found: one call, then one question again and again.

The question is a function, so that API, command line or database may be asked.
"""

import asyncio
import json
import secrets
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from bench.server import Running
from rokuon.clock import monotonic_s
from rokuon.selftest.client import japanese_call, place_call
from rokuon.selftest.signalling import Target

CALL_S: Final = 3.0
ASK_EVERY_S: Final = 0.05
GIVE_UP_AFTER_S: Final = 30.0

# (number of the customer, begin of the search window) → whether exactly that call is found
Find = Callable[[str, datetime], bool]


class NeverFound(Exception):
    """The call did not become searchable in time."""


@dataclass(frozen=True, slots=True)
class ApiFinder:
    """Asks `POST /api/v1/calls/search`."""

    port: int
    token: str

    def __call__(self, number: str, since: datetime) -> bool:
        """Whether the search finds a call of that number."""
        until = since + timedelta(hours=1)
        window = {"from": since.isoformat(), "to": until.isoformat(), "zone": "Asia/Tokyo"}
        body = {"window": window, "clues": [{"kind": "number", "value": number}]}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/calls/search",
            json.dumps(body).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"},
        )
        with urllib.request.urlopen(request) as response:  # noqa: S310 - our own server on loopback
            return bool(json.load(response)["calls"])


def api_finder(running: Running) -> ApiFinder:
    """A finder with a token of its own; raises `CalledProcessError`."""
    command = [sys.executable, "-m", "rokuon", "--config", str(running.config), "user", "token"]
    said = subprocess.run([*command, "bench"], capture_output=True, text=True, check=True)
    return ApiFinder(running.http_port, said.stdout.split()[-1])


async def searchable_after_s(target: Target, find: Find) -> float:
    """Seconds from the end of a call (BYE answered) to the first search that finds it.

    Raises `NeverFound`, and what `place_call` raises.
    """
    script = japanese_call(CALL_S)
    number = f"+8130000{secrets.randbelow(10_000):04d}"
    customer = replace(script.customer, aor=f"sip:{number}@carrier.example")
    since = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=1)
    await place_call(target, replace(script, customer=customer))
    ended_s = monotonic_s()
    while monotonic_s() - ended_s < GIVE_UP_AFTER_S:
        if await asyncio.to_thread(find, number, since):
            return monotonic_s() - ended_s
        await asyncio.sleep(ASK_EVERY_S)
    raise NeverFound
