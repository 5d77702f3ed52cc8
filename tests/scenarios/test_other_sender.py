"""Another host that sends into a recording session; and a party that moves.

SIPp signals. Each sender is a tone of its own frequency, so that the exported sound says by itself
who is heard when: by Goertzel's sum, not by anybody's rule.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pytest

from tests.scenarios.bodies import alone, both, description, metadata
from tests.scenarios.recordings import recorded_of
from tests.scenarios.senders import PACKET_S
from tests.scenarios.stage import Stage, fresh_number
from tests.scenarios.waiting import met
from tests.support.scenarios.live import TOLD_WITHIN_S, shown, told_after_s
from tests.support.scenarios.other_sender import Tone, heard_s, is_heard_at_all, say

pytestmark = pytest.mark.scenario

ELSEWHERE: Final = "127.0.0.3"
_SECOND_OF_BOTH: Final = 2 * round(1 / PACKET_S)


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
