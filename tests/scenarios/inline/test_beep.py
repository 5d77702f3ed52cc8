"""The beep that reminds both parties, every so many seconds, that they are recorded.

It is looked for in the sound that each party heard: 1,400 Hz and nothing else, packet by packet.
"""

from pathlib import Path
from typing import Final

import numpy as np
import pytest

from tests.scenarios.hearing import RATE, Signal
from tests.scenarios.inline.kept import AGENT, CUSTOMER, NODE
from tests.scenarios.inline.node import Node
from tests.scenarios.inline.talk import Roles, talk
from tests.scenarios.inline.voice import Voice
from tests.scenarios.phones import sipp
from tests.scenarios.senders import PACKET_SAMPLES
from tests.scenarios.waiting import met

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.skipif(bool(sipp.why_not()), reason=sipp.why_not() or "it is here"),
]
BEEP_S: Final = 2
BEEP_HZ: Final = 1_400.0
LONG_S: Final = 0.2
# What a beep may be late, in a busy node's second.
LATE_S: Final = 1.5
_PURE: Final = 0.9
_LOUD: Final = 0.02
# A vowel may be pure for a moment.
_VOWEL: Final = 3
_FULL_SCALE: Final = 32_768


def beeps(heard: Signal) -> list[tuple[float, float]]:
    """When each began and for how long it lasted, in seconds."""
    pieces = heard[: len(heard) // PACKET_SAMPLES * PACKET_SAMPLES].reshape(-1, PACKET_SAMPLES)
    wave = np.exp(-2j * np.pi * BEEP_HZ * np.arange(PACKET_SAMPLES) / RATE)
    power = np.mean(pieces**2, axis=1)
    tone = 2 * np.abs(pieces @ wave / PACKET_SAMPLES) ** 2
    is_tone = (power > _LOUD**2) & (tone > _PURE * power)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], is_tone.astype(int), [0]])))
    step_s = PACKET_SAMPLES / RATE
    return [
        (a * step_s, (b - a) * step_s) for a, b in edges.reshape(-1, 2) if b - a > 2
    ]  # a vowel may be pure for a moment


def in_time(party: Voice) -> list[tuple[float, float]]:
    """The same of what a party heard, by the clock of its packets: some may be missing."""
    heard, packets = beeps(party.heard()), party.spoken()
    stamps = [int.from_bytes(packet[4:8]) for packet in packets]
    first = [stamps[round(at_s * RATE / PACKET_SAMPLES)] - stamps[0] for at_s, _ in heard]
    return [(stamp / RATE, length_s) for stamp, (_, length_s) in zip(first, heard, strict=True)]


def test_both_hear_it_every_two_seconds_and_it_is_on_a_lane_of_its_own(
    node: Node, tmp_path: Path
) -> None:
    """Between two beeps they hear each other; on the lanes of the parties there is none."""
    with talk(node, tmp_path, Roles(), beep_s=BEEP_S) as two:
        two.answered()
        for party in (two.alice, two.bob):
            met(lambda p=party: len(beeps(p.heard())) >= 4, "four beeps")  # type: ignore[misc]  # bound now
        two.hear_each_other()
        two.hang_up()
        heard = [in_time(party) for party in (two.alice, two.bob)]
    kept = two.kept()

    for found in heard:
        # Who hangs up may cut the last one short.
        off_s = [length_s - LONG_S for _, length_s in found[:-1]]
        assert max(map(abs, off_s)) <= 2 * PACKET_SAMPLES / RATE, off_s
        apart = np.diff([at_s for at_s, _ in found])
        assert np.all(apart >= BEEP_S - 2 * PACKET_SAMPLES / RATE), apart
        assert np.all(apart <= BEEP_S + LATE_S), apart
    lanes = [beeps(kept.audio[:, lane] / _FULL_SCALE) for lane in (CUSTOMER, AGENT, NODE)]
    assert lanes[:2] == [[], []]
    assert len(lanes[2]) == len(heard[0])
