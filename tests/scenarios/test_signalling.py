"""Recording sessions that do not go straight: hold, CANCEL, ACKs and ends that get lost.

SIPp signals, ffmpeg speaks, tcpdump is the witness.
"""

import pytest

from tests.scenarios.bodies import (
    AGENT,
    CUSTOMER,
    Content,
    alone,
    both,
    description,
    metadata,
    undescribed,
)
from tests.scenarios.checks import matches
from tests.scenarios.recordings import recorded_of, silent_row
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, Speech, speak
from tests.scenarios.server import MEDIA_TIMEOUT_S, STRANGER
from tests.scenarios.stage import Stage, fresh_number
from tests.scenarios.waiting import until

pytestmark = pytest.mark.scenario

# An ACK is waited for 64 × T1 = 32 s (RFC 3261 section 13.3.1.4).
ACK_GIVEN_UP_S = 32
_S_IN_US = 1_000_000


def offer() -> Content:
    """What most calls here begin with."""
    return both(description(), metadata(fresh_number()))


def both_speak(ports: tuple[int, ...]) -> None:
    """Two seconds of customer and agent, on the first port and on the second."""
    customer, agent = ports
    speak([(CUSTOMER_SAYS, customer), (AGENT_SAYS, agent)])


def test_a_hold_keeps_its_place_as_silence(stage: Stage) -> None:
    """It lasts longer than the media timeout, which it suspends; ports stay what they were."""
    later = {
        "hold": alone(description(direction="inactive")),
        "resume": alone(description(direction="sendonly")),
    }
    with stage.call("hold", offer(), later=later) as call:
        customer, agent = call.scene.ports()
        both_speak((customer, agent))
        call.client.go_on()
        call.scene.acknowledged(3)
        both_speak((customer, agent))
        call.hang_up()

    recorded, scene = recorded_of(call.scene), call.scene
    assert recorded.flags == set()
    assert b"a=inactive" in scene.answered(2).text
    for places in matches(recorded, scene, left=customer, right=agent):
        before, after = places
        held_us = scene.answered(3).at_us - scene.answered(2).at_us
        assert held_us > MEDIA_TIMEOUT_S * _S_IN_US
        assert (after - before) * 125 > held_us


def test_a_hold_by_port_0_is_one_and_what_comes_after_it_is_heard(stage: Stage) -> None:
    """It lasts longer than the media timeout; the lines come back on the ports that they had."""
    none = description().replace("m=audio 6994", "m=audio 0").replace("m=audio 6996", "m=audio 0")
    later = {"hold": alone(none), "resume": alone(description())}
    with stage.call("hold", offer(), later=later) as call:
        ports = call.scene.ports()
        both_speak(ports)
        call.client.go_on()
        call.scene.acknowledged(3)
        both_speak(ports)
        call.hang_up()

    recorded = recorded_of(call.scene)
    assert recorded.flags == set()
    places = matches(recorded, call.scene, left=ports[0], right=ports[1])
    assert [len(each) for each in places] == [2, 2]


def test_a_cancel_that_the_200_has_crossed_ends_by_bye(stage: Stage) -> None:
    """We answer an INVITE at once, so CANCEL comes too late: it gets a 200 and changes nothing.

    The client acknowledges and hangs up (RFC 3261 section 9.1). Then nothing is left half open: the
    dialog is gone (481), and the ledger has a call on which nobody spoke.
    """
    with stage.call("cancel", offer()) as call:
        call.client.finish()

    answers = [(m.method, m.status) for m in call.scene.messages() if m.from_server]
    assert answers[:2] == [(b"INVITE", 200), (b"CANCEL", 200)]
    assert answers[-2:] == [(b"BYE", 200), (b"OPTIONS", 481)]
    row = silent_row(call.scene)
    assert (row["reason"], row["detail"]) == ("no packet came", "bye")


def test_a_client_that_cancels_and_is_gone_leaves_nothing_half_open(stage: Stage) -> None:
    """The media timeout ends what nobody acknowledges or hangs up."""
    with stage.call("cancel_and_gone", offer()) as call:
        call.client.finish()

    row = silent_row(call.scene)
    assert (row["status"], row["detail"]) == (200, "media_timeout")


def test_a_lost_acknowledgement_costs_nothing(stage: Stage) -> None:
    """The 200 is sent again until the ACK comes; media that flows meanwhile is kept."""
    with stage.call("lost_ack", offer()) as call:
        ports = call.scene.ports()
        both_speak(ports)
        call.scene.acknowledged()
        call.hang_up()

    recorded, scene = recorded_of(call.scene), call.scene
    answers = [m.text for m in scene.messages() if (m.method, m.status) == (b"INVITE", 200)]
    assert len(answers) == 3
    assert len(set(answers)) == 1
    assert recorded.flags == set()
    matches(recorded, scene, left=ports[0], right=ports[1])


def test_a_call_that_is_never_acknowledged_is_flagged_and_kept(stage: Stage) -> None:
    """Audio that arrives is worth more than a message that does not."""
    said = [
        Speech(file=f"ja-{who}.ulaw", from_s=0.5, seconds=ACK_GIVEN_UP_S + 2)
        for who in ("customer", "agent")
    ]
    with stage.call("no_ack", offer()) as call:
        customer, agent = call.scene.ports()
        speak(list(zip(said, (customer, agent), strict=True)))
        call.hang_up()

    recorded = recorded_of(call.scene)
    assert recorded.flags == {"ack_missing"}
    matches(recorded, call.scene, left=customer, right=agent)


def test_a_call_that_nobody_hangs_up_is_ended_by_the_media_timeout(stage: Stage) -> None:
    """It is flagged, and its media is whole; whoever may still be there is told by a BYE."""
    with stage.call("no_bye", offer()) as call:
        ports = call.scene.ports()
        both_speak(ports)
        call.client.finish()

    recorded, scene = recorded_of(call.scene), call.scene
    bye = scene.bye()
    assert bye is not None
    assert bye.from_server
    silence_s = (bye.at_us - scene.media()[-1].at_us) / _S_IN_US
    assert MEDIA_TIMEOUT_S - 0.1 <= silence_s <= MEDIA_TIMEOUT_S + 2
    assert recorded.flags == {"no_bye"}
    matches(recorded, scene, left=ports[0], right=ports[1])


def test_an_invite_without_an_offer_is_offered_two_streams(stage: Stage) -> None:
    """The client's labels come with its answer in the ACK, and so does who is who."""
    number = fresh_number()
    later = {"answer": alone(description(labels=(AGENT, CUSTOMER)))}
    with stage.call("offerless", undescribed(metadata(number)), later=later) as call:
        agent, customer = call.scene.ports()
        both_speak((customer, agent))
        call.hang_up()

    recorded = recorded_of(call.scene, "--number", number)
    matches(recorded, call.scene, left=customer, right=agent)


def test_options_outside_of_a_call_is_answered(stage: Stage) -> None:
    """Peers ask whether we are there before they send calls."""
    with stage.call("options") as call:
        call.client.finish()

    assert [m.status for m in call.scene.messages() if m.from_server] == [200]


def test_an_unknown_peer_gets_no_byte_and_is_listed(stage: Stage) -> None:
    """Whoever is no source learns nothing; the administrator learns of it."""
    with stage.call("stranger", offer(), host=STRANGER) as call:
        call.client.finish()

    calls = until(lambda: _counted(stage), "the list of unknown peers")
    assert calls == 1
    assert len(call.scene.messages()) > 1
    assert [d for d in stage.witness.seen() if d.target.host == STRANGER] == []


def _counted(stage: Stage) -> int | None:
    rows = stage.server.rows("source", "unknown", expected=None)
    return next((row["count"] for row in rows if row["address"] == STRANGER), None)
