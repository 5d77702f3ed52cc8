"""A side that never sends, begins late or stops: silence has its place and its reason.

Each side is a tone. The exported sound says by Goertzel's sum in which quarters of a second it is
there; the sender's own schedule says when it was to be.
"""

import socket
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
import pytest

from tests.scenarios.bodies import both, description, metadata
from tests.scenarios.recordings import Recorded, recorded_of
from tests.scenarios.senders import PACKET_S
from tests.scenarios.server import HOST
from tests.scenarios.stage import Stage, fresh_number
from tests.support.scenarios.other_sender import HEARD, Tone, loudness

pytestmark = pytest.mark.scenario

SECONDS: Final = 6
CUSTOMER_HZ, AGENT_HZ = 440, 520
QUARTER_S: Final = 0.25
# A gap is told from packet to packet; a window of the sum is a quarter of a second.
NEAR_S: Final = 0.5
# RFC 3550 section 6.4.1: 1900 is so long before 1970.
_NTP: Final = 2_208_988_800


@dataclass(frozen=True, slots=True)
class Side:
    """Sends from one second of the call to another; `reports`: how many packets it counts more.

    None: it sends no RTCP. `because` is what is to be told of its silence, "" where it has none.
    """

    from_s: float = 0
    until_s: float = SECONDS
    reports: int | None = None
    because: str = ""

    @property
    def never(self) -> bool:
        return self.from_s == self.until_s


@dataclass(frozen=True, slots=True)
class Scene:
    """What the agent does, while the customer speaks all the time, and what is to be told."""

    agent: Side
    state: str = "complete"
    flags: frozenset[str] = frozenset()


EDGE: Final = frozenset({"silent_edge"})
SCENES: Final = {
    "all the time": Scene(Side()),
    "never": Scene(Side(0, 0, None, "unknown"), "side_missing", frozenset({"side_missing"})),
    "stops": Scene(Side(0, 2, None, "unknown"), flags=EDGE),
    "late": Scene(Side(3, 6, None, "unknown"), flags=EDGE),
    "stops and says so": Scene(Side(0, 2, 0, "not sent")),
    "is lost": Scene(Side(0, 2, 150, "lost"), flags=EDGE),
}


def send(port: int, hertz: int, side: Side, begin_s: float) -> None:
    """The tone from one moment to another, a report each second it is there, and one at the end."""
    packets = Tone(hertz, side.until_s - side.from_s).packets()
    ssrc = struct.unpack(">I", packets[0][8:12])[0] if packets else 0
    with socket.socket(type=socket.SOCK_DGRAM) as media, socket.socket(type=socket.SOCK_DGRAM) as r:
        for number, packet in enumerate(packets):
            _wait(begin_s + side.from_s + number * PACKET_S)
            media.sendto(packet, (HOST, port))
            if side.reports is not None and number % 50 == 25:
                r.sendto(_report(ssrc, number + 1), (HOST, port + 1))
        _wait(begin_s + SECONDS - 0.5)
        if side.reports is not None:
            r.sendto(_report(ssrc, len(packets) + side.reports), (HOST, port + 1))


def _report(ssrc: int, packets: int) -> bytes:
    ntp = int((time.time() + _NTP) * (1 << 32))  # noqa: TID251 - what a sender does
    return struct.pack(">BBHIQIII", 0x80, 200, 6, ssrc, ntp, packets * 160, packets, packets * 160)


def _wait(until_s: float) -> None:
    time.sleep(max(0.0, until_s - time.monotonic()))


@pytest.fixture(params=SCENES)
def played(stage: Stage, request: pytest.FixtureRequest) -> tuple[Scene, Recorded, float]:
    """A call in which both sides do as the scene says, and when the witness saw it answered."""
    scene = SCENES[request.param]
    offer = both(description(), metadata(fresh_number()))
    with stage.call("call", offer) as call, ThreadPoolExecutor() as senders:
        begin_s = time.monotonic()
        sides = zip(call.scene.ports(), (CUSTOMER_HZ, AGENT_HZ), (Side(), scene.agent), strict=True)
        for each in [senders.submit(send, *side, begin_s) for side in sides]:
            each.result()
        call.hang_up()
        return scene, recorded_of(call.scene), call.scene.answered().at_us / 1e6


def shown(recorded: Recorded) -> dict[str, Any]:
    (own,) = recorded.server.value("calls", "show", recorded.row["call"])["recordings"]
    return dict(own)


def test_silence_is_told_where_it_is_with_its_reason_and_nowhere_else(
    played: tuple[Scene, Recorded, float],
) -> None:
    """Every quarter of a second without the tone lies in a gap, and none with it."""
    scene, recorded, begin = played
    own, audio = shown(recorded), recorded.audio()
    gaps = [
        (each["stream"], *(_s(each[end]) - begin for end in ("from", "until")), each["because"])
        for each in own["gaps"]
    ]

    assert (own["state"], set(own["flags"])) == (scene.state, scene.flags)
    assert {because for *_, because in gaps} == ({scene.agent.because} - {""})
    for lane, hertz in enumerate((CUSTOMER_HZ, AGENT_HZ)):
        is_there = loudness(audio[:, lane].astype(float), hertz) > HEARD
        told = [(a, b) for stream, a, b, _ in gaps if stream == lane]
        for quarter in np.flatnonzero(~is_there).tolist():
            at_s = (quarter + 0.5) * QUARTER_S
            is_near_an_end = at_s < 1 or at_s > len(is_there) * QUARTER_S - 1
            assert is_near_an_end or any(a - NEAR_S < at_s < b + NEAR_S for a, b in told)
        for quarter in np.flatnonzero(is_there).tolist():
            at_s = (quarter + 0.5) * QUARTER_S
            assert not any(a + NEAR_S < at_s < b - NEAR_S for a, b in told)


def _s(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
