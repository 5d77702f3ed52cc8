"""Tests of an ear."""

import asyncio
import socket

from rokuon.selftest.ear import listening_on
from tests.support.selftest.heard import rtp


async def test_everything_that_comes_is_heard_in_its_order_while_somebody_listens() -> None:
    """And nothing after."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as theirs,
    ):
        ours.bind(("127.0.0.1", 0))
        with listening_on(ours) as ear:
            for stamp in (0, 160):
                theirs.sendto(rtp(stamp), ours.getsockname())
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        theirs.sendto(rtp(320), ours.getsockname())
        await asyncio.sleep(0)

        packets = ear.heard().packets
    assert [packet.timestamp for packet in packets] == [0, 160]
    assert packets[0].at_s <= packets[1].at_s
