"""A client that sends in a codec that nobody agreed on: all is kept, and the record says so."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pytest

from tests.scenarios.bodies import both, description, metadata
from tests.scenarios.recordings import recorded_of
from tests.scenarios.senders import LONG_SAYS, PACKET_S, recorded, replay
from tests.scenarios.stage import Stage, fresh_number
from tests.scenarios.waiting import met

pytestmark = pytest.mark.scenario

# What RFC 1890 had there, and RFC 3551 reserves.
G721_TYPE: Final = 2
# Longer than what is still on its way when another codec is agreed on.
SECONDS: Final = 6
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
    with pytest.raises(AssertionError, match="nothing here decodes; its packets can be exported"):
        found.audio()
