"""Another host that sends into a recording session; and a party that moves.

SIPp signals. Each sender is a tone of its own frequency, so that the exported sound says by itself
who is heard when: by Goertzel's sum, not by anybody's rule.
"""

import io
import socket
import struct
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from typing import Final

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from tests.scenarios.bodies import alone, both, description, metadata
from tests.scenarios.recordings import Samples, recorded_of
from tests.scenarios.senders import PACKET_S, PACKET_SAMPLES
from tests.scenarios.server import HOST
from tests.scenarios.stage import Stage, fresh_number
from tests.scenarios.test_live import TOLD_WITHIN_S, shown, told_after_s
from tests.scenarios.waiting import met

pytestmark = pytest.mark.scenario

RATE: Final = 8_000
ELSEWHERE: Final = "127.0.0.3"
WINDOW: Final = RATE // 4
LOUD: Final = 8_000
# A tone that is there is as loud as this share of what was sent; one that is not, far below.
HEARD: Final = 0.8
UNHEARD: Final = 0.05
_SSRCS: Final = count(0x5EED)
_SECOND_OF_BOTH: Final = 2 * round(1 / PACKET_S)


@dataclass(frozen=True, slots=True)
class Tone:
    """A sender of one tone, from a port of its own."""

    hertz: int
    seconds: float
    host: str = HOST
    ssrc: int = 0

    def packets(self) -> list[bytes]:
        """Its RTP, G.711 made by libsndfile."""
        samples = np.arange(int(self.seconds * RATE))
        wave = (LOUD * np.sin(2 * np.pi * self.hertz * samples / RATE)).astype(np.int16)
        laid = io.BytesIO()
        soundfile.write(laid, wave, RATE, format="RAW", subtype="ULAW")
        codes, ssrc = laid.getvalue(), self.ssrc or next(_SSRCS)
        return [
            struct.pack(">BBHII", 0x80, 0, n, n * PACKET_SAMPLES, ssrc)
            + codes[n * PACKET_SAMPLES : (n + 1) * PACKET_SAMPLES]
            for n in range(len(codes) // PACKET_SAMPLES)
        ]


def say(port: int, *tones: Tone) -> list[bytes]:
    """One tone after the other from one socket, in real time; what was sent."""
    sent: list[bytes] = []
    with closing(socket.socket(type=socket.SOCK_DGRAM)) as ours:
        ours.bind((tones[0].host, 0))
        begin_s = time.monotonic()
        for packet in (packet for tone in tones for packet in tone.packets()):
            time.sleep(max(0.0, begin_s + len(sent) * PACKET_S - time.monotonic()))
            ours.sendto(packet, (HOST, port))
            sent.append(packet)
    return sent


def loudness(audio: NDArray[np.float64], hertz: int) -> NDArray[np.float64]:
    """How loud a tone is in each quarter of a second, 1 = as it was sent (Goertzel)."""
    windows = audio[: len(audio) // WINDOW * WINDOW].reshape(-1, WINDOW)
    turn = np.exp(-2j * np.pi * hertz / RATE * np.arange(WINDOW))
    found: NDArray[np.float64] = 2 * np.abs(windows @ turn) / WINDOW / LOUD
    return found


def heard_s(audio: Samples, lane: int, hertz: int) -> float:
    """For how many seconds a tone is heard on a lane."""
    return float((loudness(audio[:, lane].astype(float), hertz) > HEARD).sum() * WINDOW / RATE)


def is_heard_at_all(audio: Samples, lane: int, hertz: int) -> bool:
    return bool((loudness(audio[:, lane].astype(float), hertz) > UNHEARD).any())


def test_another_host_that_sends_at_the_same_time_is_told_kept_and_not_heard(
    patient: Stage,
) -> None:
    """It has the party's SSRC, port by port; on the other lane a new SSRC is heard whole."""
    with (
        patient.call("call", both(description(), metadata(fresh_number()))) as call,
        ThreadPoolExecutor(3) as senders,
    ):
        customer, agent = call.scene.ports()
        party = senders.submit(say, customer, Tone(440, 12.0, ssrc=7))
        changing = senders.submit(say, agent, Tone(520, 6.0), Tone(680, 6.0))
        met(lambda: len(call.scene.media()) > _SECOND_OF_BOTH, "a second of both parties")
        intruder = senders.submit(say, customer, Tone(1000, 8.0, ELSEWHERE, ssrc=7))
        took_s = told_after_s(patient, "other_sender")
        assert shown(patient) == {"other_sender"}
        for each in (party, changing, intruder):
            each.result()
        call.hang_up()

    found = recorded_of(call.scene)
    audio = found.audio()
    assert took_s <= TOLD_WITHIN_S
    assert found.flags == {"other_sender"}
    assert heard_s(audio, 0, 440) >= 11.5
    assert not is_heard_at_all(audio, 0, 1000)
    assert heard_s(audio, 1, 520) + heard_s(audio, 1, 680) >= 11.25
    kept = {each.payload for each in found.datagrams()}
    assert kept >= {*party.result(), *intruder.result(), *changing.result()}


def test_a_party_that_moves_is_heard_from_its_first_packet_on(patient: Stage) -> None:
    """From another port after 2 s of silence; and at once where its client describes it anew."""
    moved = description().replace("127.0.0.2", "10.9.9.9")
    later = {"hold": alone(moved), "resume": alone(moved)}
    offer = both(description(), metadata(fresh_number()))
    with (
        patient.call("hold", offer, later=later) as call,
        ThreadPoolExecutor(2) as senders,
    ):
        customer, agent = call.scene.ports()
        first = senders.submit(say, agent, Tone(520, 3.0))
        say(customer, Tone(440, 2.0))
        rebound_s = time.monotonic() + 2.1
        first.result()
        call.client.go_on()
        call.scene.answered(2)
        described = senders.submit(say, agent, Tone(680, 2.0))
        time.sleep(max(0.0, rebound_s - time.monotonic()))
        say(customer, Tone(1000, 2.0))
        described.result()
        call.scene.answered(3)
        call.hang_up()

    found = recorded_of(call.scene)
    audio = found.audio()
    assert found.flags == set()
    assert heard_s(audio, 0, 440) >= 1.5
    assert heard_s(audio, 0, 1000) >= 1.5
    assert heard_s(audio, 1, 520) >= 2.5
    assert heard_s(audio, 1, 680) >= 1.5
