"""Tests of the system call."""

import errno
import socket

from rokuon.selftest.sendmmsg import MAX_MESSAGES, transmit_from
from rokuon.selftest.slot import OutgoingStream, Slot


def slot_to(port: int, streams: int) -> Slot:
    slot = Slot(streams)
    for number in range(streams):
        slot.add(
            number,
            OutgoingStream(host="127.0.0.1", port=port, ssrc=number, speech=bytes([number]) * 160),
        )
    slot.point()
    return slot


def test_the_kernel_sends_exactly_the_headers_and_the_speech() -> None:
    """Addresses in numpy arrays are what the kernel follows; a slip is a wild read."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        slot = slot_to(ear.getsockname()[1], 3)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
            assert transmit_from(mouth.fileno())(slot.address, 3) == (3, 0)

        assert [ear.recv(2_048) for _ in range(3)] == [
            bytes.fromhex("8080000000000000") + number.to_bytes(4) + bytes([number]) * 160
            for number in range(3)
        ]


def test_a_refusal_of_the_kernel_comes_back_as_its_error_number() -> None:
    """The sender skips that packet and counts it."""
    slot = slot_to(0, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
        assert transmit_from(mouth.fileno())(slot.address, 1) == (0, errno.EINVAL)


def test_no_more_is_handed_over_than_the_kernel_takes_in_one_call() -> None:
    """The rest is sent by the next call."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        slot = Slot(MAX_MESSAGES + 1)
        for number in range(MAX_MESSAGES + 1):
            slot.add(
                number,
                OutgoingStream(
                    host="127.0.0.1", port=ear.getsockname()[1], ssrc=0, speech=bytes(160)
                ),
            )
        slot.point()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth:
            transmit = transmit_from(mouth.fileno())

            assert transmit(slot.address, len(slot)) == (MAX_MESSAGES, 0)
