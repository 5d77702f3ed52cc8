"""Tests of the engine's thread, over loopback."""

import sys
from collections.abc import Iterator

import pytest

from rokuon.selftest.engine import MediaEngine
from rokuon.selftest.slot import OutgoingStream, SlotFull
from rokuon.selftest.sources import open_sources
from tests.rokuon.selftest.server import media_sockets, waiting_datagrams


def test_what_the_engine_counts_is_what_arrives() -> None:
    """Every figure of loss is a difference to this count."""
    with media_sockets() as (ear, _), open_sources("127.0.0.1", 1) as sources:
        with MediaEngine(sources, max_streams=1) as engine:
            stream_id = engine.add(stream_to(ear.getsockname()[1]))
            heard = [ear.recv(2_048) for _ in range(3)]
            count = engine.remove(stream_id).result()
            report = engine.report()
        heard += waiting_datagrams(ear)

    assert count.packets == len(heard) == report.packets == engine.sent_packets
    assert [int.from_bytes(packet[2:4]) for packet in heard] == list(range(len(heard)))
    assert report.cpu_s > 0


def test_a_stream_leaves_from_its_own_source() -> None:
    """The two sides of a call have ports of their own, as the offer said."""
    with (
        media_sockets() as (ear, _),
        open_sources("127.0.0.1", 2) as sources,
        MediaEngine(sources, max_streams=1) as engine,
    ):
        for number in (0, 1):
            engine.add(stream_to(ear.getsockname()[1], source=number))
        senders = {ear.recvfrom(2_048)[1][1] for _ in range(12)}

        assert senders == {source.port for source in sources}


def test_room_is_refused_where_it_is_asked_for() -> None:
    """The caller learns it, not a thread that nobody looks at; an ended stream makes room."""
    with open_sources("127.0.0.1", 1) as sources, MediaEngine(sources, max_streams=1) as engine:
        stream_id = engine.add(stream_to(9))
        with pytest.raises(SlotFull):
            engine.add(stream_to(9))
        engine.remove(stream_id).result()

        assert engine.remove(engine.add(stream_to(9))).result().failed == 0


def test_an_answer_that_nobody_waits_for_does_not_stop_the_engine() -> None:
    """The one who asked may have been cancelled; what was asked is done all the same."""
    with open_sources("127.0.0.1", 1) as sources:
        engine = MediaEngine(sources, max_streams=1)
        stream_id = engine.add(stream_to(9))
        assert engine.remove(stream_id).cancel()
        with engine:
            with pytest.raises(KeyError):
                engine.count(stream_id).result()

            assert engine.report().failed == 0


@pytest.fixture
def usual_interval() -> Iterator[float]:
    """Python's own; two engines at once, in a test before, may have left another."""
    found = sys.getswitchinterval()
    sys.setswitchinterval(0.005)
    yield sys.getswitchinterval()
    sys.setswitchinterval(found)


def test_the_interpreter_is_shared_finely_only_while_the_engine_runs(
    usual_interval: float,
) -> None:
    """It is a setting of the whole process, so it is given back."""
    with open_sources("127.0.0.1", 1) as sources, MediaEngine(sources, max_streams=1):
        within = sys.getswitchinterval()

    assert within < usual_interval == sys.getswitchinterval()


def test_a_stream_that_is_not_there_is_an_error_of_the_caller() -> None:
    """The thread goes on for the others."""
    with open_sources("127.0.0.1", 1) as sources, MediaEngine(sources, max_streams=1) as engine:
        with pytest.raises(KeyError):
            engine.count(99).result()

        assert engine.report().failed == 0


def stream_to(port: int, source: int = 0) -> OutgoingStream:
    return OutgoingStream(host="127.0.0.1", port=port, ssrc=1, speech=bytes(160), source=source)
