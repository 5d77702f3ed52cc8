"""What waits while a node starts, and that nothing does later."""

from capture.admission.startup_queue import MAX_WAITING, MAX_WAITING_BYTES, StartupQueue
from capture.sip.flow import Address, Flow

FLOW = Flow(transport="udp", local=Address("192.0.2.9", 5060), remote=Address("192.0.2.1", 5060))
INVITE, CANCEL, BYE = b"INVITE sip:a SIP/2.0", b"CANCEL sip:a SIP/2.0", b"BYE sip:a SIP/2.0"


def test_what_asks_for_room_waits_in_its_order() -> None:
    """A call that is taken back meanwhile is taken back after it has come."""
    queue = StartupQueue()
    waits = [queue.keeps(data, FLOW) for data in (INVITE, CANCEL, b"OPTIONS sip:a SIP/2.0")]

    assert (waits, [data[:6] for data, _ in queue.open()]) == (
        [True, True, True],
        [b"INVITE", b"CANCEL", b"OPTION"],
    )


def test_calls_that_are_up_wait_for_nothing() -> None:
    """A predecessor was killed in the middle of them."""
    assert not any(
        StartupQueue().keeps(data, FLOW) for data in (BYE, b"ACK sip:a SIP/2.0", b"SIP/2.0 200")
    )


def test_nothing_waits_once_the_node_knows_its_room() -> None:
    """Nor does anything come twice."""
    queue = StartupQueue()
    queue.keeps(INVITE, FLOW)
    queue.open()

    assert (queue.keeps(INVITE, FLOW), queue.open()) == (False, [])


def test_what_waits_is_bounded() -> None:
    """Whoever it is that calls so often."""
    queue = StartupQueue()
    kept = [queue.keeps(INVITE + b" %d" % number, FLOW) for number in range(MAX_WAITING + 1)]

    assert (kept.count(True), kept[-1]) == (MAX_WAITING, False)


def test_what_waits_is_bounded_in_bytes_too() -> None:
    """Over TCP a request may have a megabyte."""
    queue, large = StartupQueue(), bytes(MAX_WAITING_BYTES // 4)
    kept = [queue.keeps(INVITE + b" %d" % number + large, FLOW) for number in range(8)]

    assert kept == [True] * 3 + [False] * 5


def test_a_repetition_waits_as_one() -> None:
    """A client over UDP sends its INVITE four times in five seconds, and takes nobody's room."""
    queue = StartupQueue()
    waits = [queue.keeps(INVITE, FLOW) for _ in range(MAX_WAITING + 1)]

    assert (all(waits), queue.open()) == (True, [(INVITE, FLOW)])
