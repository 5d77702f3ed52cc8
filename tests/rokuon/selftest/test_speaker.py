"""Tests of one side of a call."""

import socket

from rokuon.selftest.engine import MediaEngine
from rokuon.selftest.session_description import AnsweredStream
from rokuon.selftest.sources import open_source, open_sources
from rokuon.selftest.speaker import Speaker
from rokuon.selftest.speech_files import Side
from tests.rokuon.selftest.server import waiting_datagrams

# Each packet says its own number.
SPEECH = b"".join(bytes([number]) * 160 for number in range(250))


def reports_of(packets: list[bytes]) -> list[int]:
    return [packet[1] for packet in packets]


async def test_reports_go_to_the_neighbour_port_and_end_with_a_goodbye() -> None:
    """RFC 3550 §11 and §6.6: SR with SDES first in each compound packet."""
    server = open_source("127.0.0.1")
    with server.rtp, server.rtcp, open_sources("127.0.0.1", 1) as sources:
        with MediaEngine(sources, max_streams=1) as engine:
            speaker = Speaker(Side.AGENT, engine, sources[0], 0)
            speaker.speak(SPEECH, AnsweredStream("127.0.0.1", server.port))
            server.rtp.recv(2_048)
            await speaker.report()
            result = await speaker.stop()
        heard = waiting_datagrams(server.rtcp)

    assert reports_of(heard) == [200, 200, 203]
    assert all(b"agent@selftest.invalid" in packet for packet in heard[:2])
    assert {packet[4:8] for packet in heard} == {result.ssrc.to_bytes(4)}
    assert int.from_bytes(heard[1][20:24]) == result.packets
    assert int.from_bytes(heard[1][24:28]) == 160 * result.packets


async def test_after_a_rest_the_same_stream_goes_on_where_it_was() -> None:
    """One stream with a hole in it, not two streams, and no word said twice or left out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        to = AnsweredStream("127.0.0.1", ear.getsockname()[1])
        with (
            open_sources("127.0.0.1", 1) as sources,
            MediaEngine(sources, max_streams=1) as engine,
        ):
            speaker = Speaker(Side.CUSTOMER, engine, sources[0], 0)
            speaker.speak(SPEECH, to)
            heard = [ear.recv(2_048)]
            await speaker.rest()
            speaker.speak(SPEECH, to)
            heard += waiting_datagrams(ear)
            heard.append(ear.recv(2_048))
            result = await speaker.stop()
            heard += waiting_datagrams(ear)

    assert result.packets == len(heard)
    assert len({packet[8:12] for packet in heard}) == 1
    assert [packet[12] for packet in heard] == list(range(len(heard)))
