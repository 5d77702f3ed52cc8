"""A client that sends in a codec that nobody agreed on: all is kept, and the record says so."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
import pytest

from tests.scenarios.bodies import both, description, metadata
from tests.scenarios.recordings import Recorded, recorded_of
from tests.scenarios.senders import LONG_SAYS, PACKET_S, recorded, replay
from tests.scenarios.stage import Stage, fresh_number
from tests.scenarios.waiting import met

pytestmark = pytest.mark.scenario

EVS_TYPE: Final = 96
# What RFC 1890 had there, and RFC 3551 reserves.
G721_TYPE: Final = 2
# Longer than what is still on its way when another codec is agreed on.
SECONDS: Final = 6
# Of 32,768: above what silence is in G.711.
LOUD: Final = 1_000
SAYS: Final = tuple(dataclasses.replace(speech, seconds=SECONDS) for speech in LONG_SAYS)


def as_g721(packet: bytes) -> bytes:
    """The same datagram under that payload type; its marker stays."""
    return packet[:1] + bytes([packet[1] & 0x80 | G721_TYPE]) + packet[2:]


def test_a_codec_that_nobody_agreed_on_is_kept_flagged_and_named(stage: Stage) -> None:
    """One side of a gateway of 1996: its speech cannot be played, and must not be lost."""
    customer, agent = map(recorded, SAYS)
    customer = [as_g721(packet) for packet in customer]
    server = stage.server
    with (
        stage.call("call", both(description(), metadata(fresh_number()))) as call,
        ThreadPoolExecutor(2) as senders,
    ):
        ports = call.scene.ports()
        sending = [
            senders.submit(replay, ((n * PACKET_S, each) for n, each in enumerate(said)), port)
            for said, port in zip((customer, agent), ports, strict=True)
        ]
        met(
            lambda: (
                [row["stray_codecs"] for row in server.rows("calls", "live", expected=None)]
                == [["G721"]]
            ),
            "the codec named while the call is up",
            within_s=SECONDS,
        )
        for each in sending:
            each.result()
        call.hang_up()

    found = recorded_of(call.scene)
    kept = [each.payload for each in found.datagrams()]
    assert [each for each in kept if each in set(customer)] == customer
    assert [each for each in kept if each in set(agent)] == agent
    assert "wrong_codec" in found.flags
    (shown,) = server.value("calls", "show", found.row["call"])["recordings"]
    assert shown["stray_codecs"] == ["G721"]
    told = server.command("calls", "show", found.row["call"]).split()
    assert "G721, sent although nobody agreed on it" in " ".join(told)
    assert loud_in(found) == [False, True]


def as_evs(packet: bytes) -> bytes:
    """The same datagram under the payload type of a codec that nothing here decodes."""
    return packet[:1] + bytes([packet[1] & 0x80 | EVS_TYPE]) + packet[2:]


def with_evs() -> str:
    """EVS alone for the customer (3GPP TS 26.445, annex A), G.711 for the agent."""
    customer, agent = description().split("m=audio 6996")
    line = customer.replace("AVP 0 ", f"AVP {EVS_TYPE} ")
    return f"{line.replace('0 PCMU/8000', f'{EVS_TYPE} EVS/16000')}m=audio 6996{agent}"


def loud_in(found: Recorded) -> list[bool]:
    """Whether each lane of its WAV sounds."""
    return [bool(np.abs(lane.astype(int)).max() > LOUD) for lane in found.audio().T]


def test_one_line_that_nothing_decodes_silences_nobody_else(stage: Stage) -> None:
    """The other one is heard; what is silent says why, and how to get at it."""
    customer, agent = map(recorded, SAYS)
    customer = [as_evs(packet) for packet in customer]
    server = stage.server
    with (
        stage.call("call", both(with_evs(), metadata(fresh_number()))) as call,
        ThreadPoolExecutor(2) as senders,
    ):
        sending = [
            senders.submit(replay, ((n * PACKET_S, each) for n, each in enumerate(said)), port)
            for said, port in zip((customer, agent), call.scene.ports(), strict=True)
        ]
        for each in sending:
            each.result()
        call.hang_up()

    found = recorded_of(call.scene)
    kept = [each.payload for each in found.datagrams()]
    assert [each for each in kept if each in set(customer)] == customer
    assert loud_in(found) == [False, True]
    said = " ".join(server.command("calls", "show", found.row["call"]).split())
    assert "EVS cannot be decoded here; calls export --format pcap has its packets" in said
