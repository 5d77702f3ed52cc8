"""Tests of a whole self-test call over loopback."""

from itertools import pairwise

import pytest

from rokuon.selftest.client import CallResult, HoldPeriod, english_call, japanese_call, place_call
from rokuon.selftest.session import CallRefused
from rokuon.selftest.signalling import Transport
from rokuon.selftest.speech_files import Language, Side, speech
from tests.rokuon.selftest.server import (
    RecordingServer,
    listening,
    media_sockets,
    waiting_datagrams,
)

# A handful of packets; what is asserted does not depend on how many.
SHORT_S = 0.1


def payloads(packets: list[bytes]) -> bytes:
    return b"".join(packet[12:] for packet in packets)


@pytest.mark.parametrize("transport", Transport)
async def test_both_sides_are_heard_where_the_server_answered(transport: Transport) -> None:
    """What the client says it sent is what arrived, packet by packet, from its first word."""
    with media_sockets() as ears:
        server = RecordingServer((ears[0].getsockname()[1], ears[1].getsockname()[1]))
        async with listening(server, transport) as target:
            result = await place_call(target, japanese_call(SHORT_S))
        heard = [waiting_datagrams(ear) for ear in ears]

    assert [stream.packets for stream in result.streams] == [len(packets) for packets in heard]
    for side, stream, packets in zip(Side, result.streams, heard, strict=True):
        assert packets
        assert speech(Language.JAPANESE, side).startswith(payloads(packets))
        assert {int.from_bytes(packet[8:12]) for packet in packets} == {stream.ssrc}
    assert server.methods == [b"INVITE", b"ACK", b"BYE"]
    assert not result.ended_by_server


async def test_after_a_hold_the_sequence_goes_on_and_the_timestamps_have_counted() -> None:
    """RFC 3550 §5.1: the timestamp is a clock, the sequence counts packets."""
    script = english_call(3 * SHORT_S)
    script = type(script)(
        language=script.language,
        customer=script.customer,
        agent=script.agent,
        duration_s=script.duration_s,
        holds=(HoldPeriod(SHORT_S, SHORT_S),),
    )
    with media_sockets() as ears:
        server = RecordingServer((ears[0].getsockname()[1], ears[1].getsockname()[1]))
        async with listening(server) as target:
            result = await place_call(target, script)
        heard = waiting_datagrams(ears[0])

    sequences = [int.from_bytes(packet[2:4]) for packet in heard]
    steps = [
        (int.from_bytes(later[4:8]) - int.from_bytes(sooner[4:8])) % (1 << 32)
        for sooner, later in pairwise(heard)
    ]
    assert [(one - sequences[0]) % 65_536 for one in sequences] == list(range(len(heard)))
    assert sorted(steps)[:-1] == [160] * (len(steps) - 1)
    assert max(steps) > 160
    assert speech(Language.ENGLISH, Side.CUSTOMER).startswith(payloads(heard))
    assert result.streams[0].packets == len(heard)


async def test_the_call_is_over_when_the_server_hangs_up() -> None:
    """The script is longer, and no BYE is sent into a session that has ended."""
    with media_sockets() as ears:
        server = RecordingServer((ears[0].getsockname()[1], ears[1].getsockname()[1]))
        server.hang_up_when_acked = True
        async with listening(server) as target:
            result = await place_call(target, japanese_call(3_600))

    assert result.ended_by_server
    assert b"BYE" not in server.methods


async def test_a_refused_call_is_an_error_with_the_status() -> None:
    """`rokuon selftest` names the status to the administrator."""
    async with listening(RecordingServer((1, 2), refuse_with=403)) as target:
        with pytest.raises(CallRefused) as refused:
            await place_call(target, japanese_call(SHORT_S))

    assert refused.value.status == 403


async def test_the_result_says_how_long_it_took_to_set_the_call_up() -> None:
    """From the INVITE to its answer."""
    assert (await placed()).setup_s > 0


async def placed() -> CallResult:
    with media_sockets() as ears:
        server = RecordingServer((ears[0].getsockname()[1], ears[1].getsockname()[1]))
        async with listening(server) as target:
            return await place_call(target, english_call(SHORT_S))
