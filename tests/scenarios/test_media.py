"""Media that is not whole, not for us, or not to be kept: losses, digits, what comes too late.

The datagrams are ffmpeg's; some are sent again by us, with changes. tcpdump is the witness.
"""

import struct
from typing import Final

import pytest

from tests.scenarios.bodies import TELEPHONE_EVENT_TYPE, Content, both, description, metadata
from tests.scenarios.checks import matches
from tests.scenarios.oracle import masked, same_datagrams
from tests.scenarios.recordings import recorded_of
from tests.scenarios.senders import (
    AGENT_SAYS,
    CUSTOMER_SAYS,
    PACKET_S,
    PACKET_SAMPLES,
    Speech,
    recorded,
    replay,
    speaking,
)
from tests.scenarios.stage import Stage, fresh_number
from tests.scenarios.waiting import met

pytestmark = pytest.mark.scenario

# One packet, a few, and more than a quarter of a second.
LOST = (*range(20, 21), *range(40, 44), *range(60, 75))
# A key held down for three packets, and the three that say that it was let go (RFC 4733).
KEY = (0x050A0140, 0x050A01E0, 0x050A0280, 0x858A0320, 0x858A0320, 0x858A0320)
KEYED_AT = 50
_PACKET_US: Final = 20_000


def offer() -> Content:
    """Two streams with metadata."""
    return both(description(), metadata(fresh_number()))


def timed(packets: list[bytes]) -> list[tuple[float, bytes]]:
    """Each packet when it was meant to be sent."""
    return [(index * PACKET_S, packet) for index, packet in enumerate(packets)]


def test_lost_packets_keep_their_place(stage: Stage) -> None:
    """What comes after a loss is heard when it was said, not earlier."""
    sent = [each for n, each in enumerate(timed(recorded(CUSTOMER_SAYS))) if n not in LOST]
    with stage.call("call", offer()) as call:
        customer, agent = call.scene.ports()
        with speaking([(AGENT_SAYS, agent)]):
            replay(sent, customer)
        call.hang_up()

    left, _ = matches(recorded_of(call.scene), call.scene, left=customer, right=agent)
    begin = left[0]
    assert [place - begin for place in left] == [n * PACKET_SAMPLES for n in (0, 21, 44, 75)]


def test_keys_are_masked_and_all_else_is_kept(stage: Stage) -> None:
    """A key may be a digit of a card: that one was pressed is kept, which one is not."""
    packets = recorded(CUSTOMER_SAYS)
    keys = list(_key_packets(packets[KEYED_AT]))
    spoken = timed(packets)
    spoken[KEYED_AT : KEYED_AT + len(keys)] = [
        (due_s, key) for (due_s, _), key in zip(spoken[KEYED_AT:], keys, strict=False)
    ]
    with stage.call("call", offer()) as call:
        customer, agent = call.scene.ports()
        with speaking([(AGENT_SAYS, agent)]):
            replay(spoken, customer)
        call.hang_up()

    seen, found = call.scene.media(), recorded_of(call.scene)
    exported = found.datagrams()
    assert [d.payload for d in seen if d.payload in keys] == keys
    assert [d.payload for d in exported if d.payload in keys] == []
    assert [d.payload for d in exported if d.payload in map(masked, keys)] == list(
        map(masked, keys)
    )
    matches(found, call.scene, left=customer, right=agent)


def _key_packets(spoken: bytes) -> list[bytes]:
    """Telephone events in the place of speech: same source, all with the first one's timestamp."""
    _, _, sequence, timestamp, source = struct.unpack_from(">BBHII", spoken)
    return [
        struct.pack(
            ">BBHIII",
            0x80,
            TELEPHONE_EVENT_TYPE | (0x80 if n == 0 else 0),
            (sequence + n) % 0x10000,
            timestamp,
            source,
            event,
        )
        for n, event in enumerate(KEY)
    ]


def test_nothing_that_comes_after_the_bye_is_kept(stage: Stage) -> None:
    """A client that goes on sending is no longer heard, and what it sent before is whole."""
    long = Speech(file=CUSTOMER_SAYS.file, from_s=CUSTOMER_SAYS.from_s, seconds=3.0)
    with stage.call("call", offer()) as call:
        customer, agent = call.scene.ports()
        with speaking([(long, customer), (AGENT_SAYS, agent)]):
            met(lambda: len(call.scene.media()) > 150, "a second of media")
            call.hang_up()

    seen = [d for d in stage.witness.seen() if d.target.port == customer]
    bye, answered = call.scene.bye(), call.scene.bye_answered()
    assert bye is not None
    assert answered is not None
    assert seen[-1].at_us > answered.at_us + 10 * _PACKET_US
    kept, whole = recorded_of(call.scene).datagrams(), call.scene.media()
    assert max(d.at_us for d in kept) <= answered.at_us + _PACKET_US
    # What comes while the BYE is read may be on either side of it.
    same_datagrams([d for d in kept if d.at_us <= bye.at_us], whole)
