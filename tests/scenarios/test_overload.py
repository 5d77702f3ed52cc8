"""A node that is full, under a flood of calls. SIPp floods, tcpdump is the witness."""

import re
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

import pytest

from tests.scenarios.bodies import both, description, metadata
from tests.scenarios.checks import matches
from tests.scenarios.exchanges import Get, Send, invite, playing
from tests.scenarios.recordings import recorded_of
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, speaking
from tests.scenarios.server import running
from tests.scenarios.stage import Stage, fresh_number
from tests.scenarios.witness import Datagram, watching

pytestmark = pytest.mark.scenario

CALLS, PER_S = 600, 300
REFUSED_WITHIN_US: Final = 1_000_000
_CALL_ID: Final = re.compile(rb"Call-ID: (\S+)")


@pytest.fixture
def small() -> Iterator[Stage]:
    """A server that takes one call, watched."""
    with (
        tempfile.TemporaryDirectory(prefix="rk") as folder,
        running(Path(folder), timeout_s=60, max_calls=1) as server,
        watching(server.folder, server.traffic) as witness,
    ):
        yield Stage(server, witness)


def call_of(message: Datagram) -> bytes:
    found = _CALL_ID.search(message.payload)
    return found[1] if found else b""


def slowest_us(stage: Stage, tag: str) -> tuple[int, int]:
    """How many calls were refused, and the longest time from an INVITE to its 503."""
    own = [d for d in stage.witness.seen() if tag.encode() in call_of(d)]
    waits = []
    for _, messages in groupby(sorted(own, key=call_of), key=call_of):
        times = {d.payload.split(b"\r\n", 1)[0][:11]: d.at_us for d in reversed([*messages])}
        waits.append(times[b"SIP/2.0 503"] - times[b"INVITE sip:"])
    return len(waits), max(waits)


def test_a_full_node_refuses_within_a_second_and_loses_nothing_of_what_it_has(
    small: Stage,
) -> None:
    """The client tries the next recorder while its callers still wait."""
    refused = (invite(), Get(503, "Retry-After:"), Send("ACK", 1))
    with small.call("call", both(description(), metadata(fresh_number()))) as call:
        customer, agent = call.scene.ports()
        with (
            speaking([(CUSTOMER_SAYS, customer), (AGENT_SAYS, agent)]),
            playing(small.server, refused, calls=CALLS, per_s=PER_S) as flood,
        ):
            flood.finish()
        call.hang_up()

    count, longest_us = slowest_us(small, flood.tag)
    assert count == CALLS
    assert longest_us <= REFUSED_WITHIN_US
    matches(recorded_of(call.scene), call.scene, left=customer, right=agent)
