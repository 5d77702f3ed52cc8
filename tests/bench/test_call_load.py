"""Tests of the load generator, over loopback with a few calls."""

import gc
from collections import Counter

from bench.call_load import open_load, percentile
from tests.rokuon.selftest.server import (
    RecordingServer,
    listening,
    media_sockets,
    waiting_datagrams,
)

FAST_PER_S = 1_000.0


async def test_what_the_load_says_it_sent_is_what_arrives() -> None:
    """Lost packets are counted against these figures."""
    with media_sockets() as ears:
        ports = (ears[0].getsockname()[1], ears[1].getsockname()[1])
        async with (
            listening(RecordingServer(ports)) as target,
            open_load(target, max_calls=4) as load,
        ):
            setup = await load.place(3, per_s=FAST_PER_S)
            held = load.held
            sent = await load.end(per_s=FAST_PER_S)
        heard = Counter(
            int.from_bytes(packet[8:12]) for ear in ears for packet in waiting_datagrams(ear)
        )

    assert (setup.tried, setup.answered, setup.failures, held) == (3, 3, {}, 3)
    assert 0 < setup.p50_ms <= setup.p99_ms <= setup.worst_ms
    assert {stream.ssrc: stream.packets for stream in sent if stream.packets} == dict(heard)
    assert load.sent_packets == sum(heard.values())
    assert len(sent) == 6


async def test_refusals_are_counted_by_status_and_are_not_held() -> None:
    """503 at capacity is an outcome of the benchmark, not a crash of it."""
    server = RecordingServer((1, 2), refuse_with=503)
    async with listening(server) as target, open_load(target, max_calls=4) as load:
        setup = await load.place(4, per_s=FAST_PER_S)

        assert (setup.answered, setup.failures, load.held) == (0, {"503": 4}, 0)
        assert setup.setups_per_s == 0


async def test_the_generator_does_not_stop_to_collect() -> None:
    """The time that it takes would be measured as the server's."""
    gc.enable()
    server = RecordingServer((9, 9))
    async with listening(server) as target, open_load(target, max_calls=2):
        assert not gc.isenabled()

    assert gc.isenabled()


async def test_each_call_is_ended_once() -> None:
    """What is left up would be recorded until the media timeout."""
    server = RecordingServer((9, 9))
    async with listening(server) as target, open_load(target, max_calls=2) as load:
        await load.place(2, per_s=FAST_PER_S)
        await load.end(per_s=FAST_PER_S)
        await load.end(per_s=FAST_PER_S)

        assert load.held == 0

    assert Counter(server.methods)[b"BYE"] == 2


def test_a_percentile_is_a_value_that_was_measured() -> None:
    """Nearest rank: no figure is invented between two."""
    values = [float(number) for number in range(100, 0, -1)]

    assert percentile(values, 0.99) == 100.0
    assert percentile(values, 0.5) == 51.0
    assert percentile([3.0], 0.99) == 3.0
    assert percentile([], 0.99) == 0.0
