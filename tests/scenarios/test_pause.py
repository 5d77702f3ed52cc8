"""A card number is read out, or a recording is stopped: no datagram of that is anywhere.

SIPp signals, ffmpeg speaks, the command line pauses; what tcpdump saw is what was said.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Final

import pytest

from tests.scenarios.bodies import both, description, metadata
from tests.scenarios.oracle import same_datagrams
from tests.scenarios.recordings import recorded_of
from tests.scenarios.senders import LONG_SAYS, speak
from tests.scenarios.stage import Stage, fresh_number
from tests.scenarios.waiting import met
from tests.scenarios.witness import Datagram

pytestmark = pytest.mark.scenario

BEFORE_S: Final = 2.0
PAUSED_S: Final = 2.0
US_PER_S: Final = 1_000_000
_SECOND_OF_BOTH: Final = 100


def test_nothing_that_arrived_inside_a_pause_is_kept(stage: Stage) -> None:
    """Compared with the witness: what was kept is exactly what came outside of the span."""
    number, server = fresh_number(), stage.server
    with stage.call("call", both(description(), metadata(number))) as call:
        ports = call.scene.ports()
        with ThreadPoolExecutor() as pool:
            talk = pool.submit(speak, list(zip(LONG_SAYS, ports, strict=True)))
            time.sleep(BEFORE_S)
            (row,) = server.rows("calls", "live", expected=None)
            recording = row["recording"]
            paused = server.value("calls", "pause", recording, "--reason", "card")
            time.sleep(PAUSED_S)
            server.command("calls", "resume", recording, "--reason", "done")
            talk.result()
        call.hang_up()

    recorded = recorded_of(call.scene, "--number", number)
    assert (paused["state"], recorded.flags) == ("paused", set())
    (masked,) = server.value("calls", "show", recording)["recordings"][0]["masked"]
    assert (masked["reason"], masked["until_because"]) == ("card", "asked")
    begin_us, end_us = (
        round(datetime.fromisoformat(masked[key]).timestamp() * US_PER_S)
        for key in ("from", "until")
    )
    assert end_us - begin_us >= PAUSED_S * US_PER_S

    def outside(seen: Datagram) -> bool:
        return not begin_us <= seen.at_us < end_us

    seen = call.scene.media()
    assert not all(map(outside, seen))
    # Two stamps of one kernel differ by microseconds: the edges are those of ours.
    kept = recorded.datagrams()
    assert all(map(outside, kept))
    same_datagrams(kept, [each for each in seen if outside(each)])


def test_nothing_that_arrives_behind_a_stop_is_kept(stage: Stage) -> None:
    """Its client talks on; what was said before whoever stops it has typed that is whole."""
    number, server = fresh_number(), stage.server
    with stage.call("call", both(description(), metadata(number))) as call:
        with ThreadPoolExecutor() as pool:
            ways = list(zip(LONG_SAYS, call.scene.ports(), strict=True))
            talk = pool.submit(speak, ways)
            met(lambda: len(call.scene.media()) > _SECOND_OF_BOTH, "a second of both parties")
            (row,) = server.rows("calls", "live", expected=None)
            begun_us = time.time_ns() // 1_000
            server.command("calls", "stop", row["recording"], "--reason", "wrong number")
            done_us = time.time_ns() // 1_000
            talk.result()
        call.hang_up()

    seen = call.scene.media()
    kept = recorded_of(call.scene, "--number", number).datagrams()
    assert any(each.at_us > done_us + US_PER_S for each in seen)
    assert all(each.at_us <= done_us for each in kept)
    before = [each for each in seen if each.at_us < begun_us]
    same_datagrams([each for each in kept if each.at_us < begun_us], before)
