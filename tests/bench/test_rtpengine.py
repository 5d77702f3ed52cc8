"""Tests of how the peer is asked, with a peer that a thread plays."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench import rtpengine
from bench.bencode import Value, decode, encode
from bench.rtpengine import PeerRefused, Rtpengine, ports_of

SDP = "v=0\r\nm=audio 30008 RTP/AVP 0\r\n"


@contextmanager
def peer(answers: list[dict[str, Value]], asked: list[dict[str, Value]]) -> Iterator[Rtpengine]:
    """One that gives these answers and keeps what it was asked."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with ours, theirs:
        ours.settimeout(5.0)

        def play() -> None:
            for answer in answers:
                cookie, _, command = theirs.recv(65_535).partition(b" ")
                if not cookie:
                    return
                value = decode(command)
                assert isinstance(value, dict)
                asked.append(value)
                theirs.send(cookie + b" " + encode(answer))

        thread = threading.Thread(target=play)
        thread.start()
        try:
            yield Rtpengine(1, ours, Path(), recording=True)
        finally:
            theirs.shutdown(socket.SHUT_RD)
            thread.join()


def test_a_call_is_an_offer_and_an_answer_and_is_recorded() -> None:
    """Each party sends to the port that the other was told."""
    asked: list[dict[str, Value]] = []
    second = SDP.replace("30008", "30012")
    with peer([{"result": "ok", "sdp": SDP}, {"result": "ok", "sdp": second}], asked) as engine:
        assert engine.relay(7, 4_000) == [30_012, 30_008]

    assert [each["command"] for each in asked] == [b"offer", b"answer"]
    assert [each["call-id"] for each in asked] == [b"bench-7"] * 2
    assert all(each["record call"] == b"yes" for each in asked)


def test_every_call_has_two_streams_from_the_one_port_of_the_generator() -> None:
    """What is sent from elsewhere is not relayed, and the figure would be that of nothing."""
    asked: list[dict[str, Value]] = []
    with peer([{"result": "ok", "sdp": SDP}] * 4, asked) as engine:
        assert ports_of(engine, 2, 4_000) == [30_008] * 4

    assert [each["call-id"] for each in asked] == [b"bench-0"] * 2 + [b"bench-1"] * 2
    assert all(b"m=audio 4000 " in str(each["sdp"]).encode() for each in asked)


def test_a_refusal_or_an_answer_without_a_port_is_named() -> None:
    """The peer's column must not be a figure of nothing."""
    with peer([{"result": "error"}], []) as engine, pytest.raises(PeerRefused):
        engine.ask({"command": "ping"})
    with peer([{"result": "ok"}, {"result": "ok"}], []) as engine, pytest.raises(PeerRefused):
        engine.relay(1, 4_000)


def test_only_the_second_of_the_two_peers_records() -> None:
    """Relay alone, and relay with pcap, are two figures."""
    relay = rtpengine._command(Path("folder"), 1, recording=False)
    recording = rtpengine._command(Path("folder"), 1, recording=True)

    assert "--recording-method=pcap" not in relay
    assert recording[len(relay) :] == ["--recording-method=pcap", "--recording-dir=folder"]
    assert "--table=-1" in relay
