"""Calls of our own to a running Rokuon: the self-test and the measurement of this host.

Knows where Rokuon listens, nothing of SIP or media.
"""

import asyncio
from typing import Final

from rokuon.compose.errors import NotReady
from rokuon.config.schema import Config
from rokuon.i18n import tr
from rokuon.selftest.client import CallResult, CallScript, english_call, japanese_call, place_call
from rokuon.selftest.signalling import Target, Transport

# Long enough to hear both speak, short enough to wait for.
CALL_S: Final = 12.0


def run_selftest(config: Config, calls: int) -> dict[str, object]:
    """Place calls one after another, Japanese over UDP and English over TCP in turn."""
    results = [asyncio.run(_call(config, number)) for number in range(calls)]
    return {
        "calls": len(results),
        "slowest_setup_ms": round(max(result.setup_s for result in results) * 1000, 1),
        "packets_sent": sum(stream.packets for result in results for stream in result.streams),
    }


async def _call(config: Config, number: int) -> CallResult:
    script: CallScript = english_call(CALL_S) if number % 2 else japanese_call(CALL_S)
    transport = Transport.TCP if number % 2 else Transport.UDP
    target = Target(host=config.sip.bind, port=config.sip.port, transport=transport)
    return await place_call(target, script)


def run_bench(config: Config, seconds: int) -> dict[str, object]:
    """Raise the number of calls until a packet is lost."""
    del config, seconds
    raise NotReady(tr("this build has no measurement; make bench has one"))
