"""What is wrong with a call that is up, told within three seconds of each fault.

SIPp signals; what ffmpeg encoded is sent with faults, and one without, from the next second on.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Final

import pytest

from tests.scenarios.bodies import both, description, metadata
from tests.scenarios.senders import (
    HEADER_BYTES,
    LONG_SAYS,
    PACKET_S,
    PACKET_SAMPLES,
    recorded,
    replay,
)
from tests.scenarios.stage import Stage, fresh_number
from tests.support.scenarios.live import TOLD_WITHIN_S, measured, shown, told_after_s

pytestmark = pytest.mark.scenario

UNAGREED_TYPE: Final = 18
# One in eight is more than the share that is told.
LOST_EACH: Final = 8
MIXED_EACH: Final = 8
# A trouble that goes on is told as long, not on and off.
LOOKS: Final = 20
Fault = Callable[[int, bytes], bytes]


def whole(_number: int, packet: bytes) -> bytes:
    """As it was encoded."""
    return packet


def lossy(number: int, packet: bytes) -> bytes:
    """Some are lost."""
    return b"" if number % LOST_EACH == 0 else packet


def mixed(number: int, packet: bytes) -> bytes:
    """A mixer names a contributing source, while there is one (RFC 3550 §7.1)."""
    if number % MIXED_EACH:
        return packet
    return bytes([packet[0] | 1]) + packet[1:HEADER_BYTES] + b"src1" + packet[HEADER_BYTES:]


def of_another_codec(_number: int, packet: bytes) -> bytes:
    """A payload type that nobody agreed on."""
    return packet[:1] + bytes([UNAGREED_TYPE]) + packet[2:]


def silent(_number: int, _packet: bytes) -> bytes:
    """Nothing is sent."""
    return b""


@dataclass(slots=True)
class Voice:
    """A stream that does as it is told from one packet to the next."""

    packets: Sequence[bytes]
    fault: Fault = silent
    over: bool = False
    last_sent_s: float = field(default_factory=time.monotonic)

    def _packet(self, number: int) -> bytes:
        """Who has said everything begins anew, under the next numbers."""
        head, packet = self.packets[0], self.packets[number % len(self.packets)]
        sequence = (int.from_bytes(head[2:4]) + number) % (1 << 16)
        stamp = (int.from_bytes(head[4:8]) + number * PACKET_SAMPLES) % (1 << 32)
        return packet[:2] + sequence.to_bytes(2) + stamp.to_bytes(4) + packet[8:]

    def due(self) -> Iterator[tuple[float, bytes]]:
        """What to send and when."""
        for number in count():
            if self.over:
                return
            made = self.fault(number, self._packet(number))
            if made:
                self.last_sent_s = time.monotonic()
                yield number * PACKET_S, made
            else:
                time.sleep(PACKET_S)


@contextmanager
def speaking(voices: Sequence[Voice], ports: Sequence[int]) -> Iterator[None]:
    """Each voice to its port, until the block ends."""
    with ThreadPoolExecutor(len(voices)) as senders:
        sending = [senders.submit(replay, v.due(), p) for v, p in zip(voices, ports, strict=True)]
        try:
            yield
        finally:
            for voice in voices:
                voice.over = True
        for each in sending:
            each.result()


def test_what_is_wrong_with_a_live_call_is_told_within_three_seconds(patient: Stage) -> None:
    """No audio at all, one side of it, losses, a mixer, another codec; and that all is well."""
    stage = patient
    customer, agent = voices = [Voice(recorded(speech)) for speech in LONG_SAYS]
    took_s: dict[str, float] = {}
    with stage.call("call", both(description(), metadata(fresh_number()))) as call:
        ports = call.scene.ports()
        took_s["no_rtp"] = told_after_s(stage, "no_rtp")
        assert shown(stage) == {"no_rtp"}
        with speaking(voices, ports):
            customer.fault = whole
            took_s["one_way"] = told_after_s(stage, "one_way")
            agent.fault = whole
            took_s["well"] = told_after_s(stage)
            for fault, name in (
                (lossy, "lossy"),
                (mixed, "mixed"),
                (of_another_codec, "wrong_codec"),
                (silent, "one_way"),
            ):
                customer.fault = fault
                took_s[f"then {name}"] = told_after_s(stage, name)
                assert all(measured(stage) == {name} for _ in range(LOOKS))
                assert shown(stage) == {name}
                customer.fault = whole
                took_s[f"well after {name}"] = told_after_s(stage)
        call.hang_up()

    assert max(took_s.values()) <= TOLD_WITHIN_S, took_s
