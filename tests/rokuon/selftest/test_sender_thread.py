"""Tests of one sending thread, with a kernel that takes everything."""

import pytest

from rokuon.machine.clock import monotonic_s
from rokuon.selftest.engine import SendingThread
from rokuon.selftest.sender import Sender
from rokuon.selftest.slot import OutgoingStream

# A thread that forgot what it was asked must fail a test, not hold it up.
PATIENCE_S = 5.0
STREAM = OutgoingStream(host="127.0.0.1", port=9, ssrc=1, speech=bytes(160))


def thread() -> SendingThread:
    return SendingThread(
        Sender(lambda _address, count: (count, 0), max_streams=1, start_s=monotonic_s(), slots=1)
    )


def test_what_is_asked_is_done_by_the_thread_between_its_beats() -> None:
    """The sender has no locks: only its own thread may change it."""
    sending = thread()
    added = sending.ask(lambda: sending.sender.add(1, STREAM))
    assert not added.done()

    sending.start()
    added.result(PATIENCE_S)
    sending.stop()
    assert sending.sender.count(1).failed == 0


def test_what_a_thread_used_is_known_before_while_and_after_it_runs() -> None:
    """A generator that is not counted would be taken for the recorder's rival for the CPU."""
    sending = thread()
    assert sending.cpu_s == 0.0

    sending.start()
    sending.ask(lambda: None).result(PATIENCE_S)
    during_s = sending.cpu_s
    sending.stop()
    assert 0.0 < during_s <= sending.cpu_s


def test_a_mistake_is_told_to_who_asked() -> None:
    """The thread goes on for the others."""
    sending = thread()
    sending.start()
    with pytest.raises(KeyError):
        sending.ask(lambda: sending.sender.count(99)).result(PATIENCE_S)

    assert sending.ask(lambda: 7).result(PATIENCE_S) == 7
    sending.stop()
