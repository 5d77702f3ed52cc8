"""System calls: ears that are closed, a file system that is synced."""

import ctypes
import os
import socket
from pathlib import Path

import pytest

from capture.holder import kernel
from tests.capture.media import scene
from tests.capture.media.scene import Node, rtp


def test_closed_ears_hear_nothing_and_hold_nothing(node: Node) -> None:
    """What came before the offer can never land in a call."""
    node.send(0, *[rtp(number) for number in range(100)])
    with socket.socket(fileno=os.dup(node.holder.names["rtp-0"][0])) as ears:
        assert not scene.readable(ears, 0)
        kernel.open_filter(ears.fileno())
        assert not scene.readable(ears, 0)
        node.send(0, b"after")
        assert scene.readable(ears)
        assert ears.recv(100) == b"after"
        kernel.close_filter(ears.fileno())
        node.send(0, b"deaf again")
        assert not scene.readable(ears, 0)


def test_ears_that_are_open_may_be_opened_again(node: Node) -> None:
    """Signalling repeats itself after a restart."""
    descriptor = node.holder.names["rtp-0"][0]
    kernel.open_filter(descriptor)
    kernel.open_filter(descriptor)
    kernel.close_filter(descriptor)
    kernel.close_filter(descriptor)
    node.send(0, b"x")
    with socket.socket(fileno=os.dup(descriptor)) as ears:
        assert not scene.readable(ears, 0)


def test_what_is_no_socket_is_an_error(tmp_path: Path) -> None:
    """A wrong descriptor must not pass for a closed filter."""
    with (tmp_path / "file").open("wb") as file:
        with pytest.raises(OSError, match="socket"):
            kernel.close_filter(file.fileno())
        with pytest.raises(OSError, match="socket"):
            kernel.open_filter(file.fileno())


def test_a_file_system_is_synced_by_any_of_its_descriptors(tmp_path: Path) -> None:
    """And a descriptor that is none is an error."""
    folder = os.open(tmp_path, os.O_RDONLY)
    kernel.syncfs(folder)
    os.close(folder)
    with pytest.raises(OSError, match="Bad file descriptor"):
        kernel.syncfs(folder)


def test_the_constants_are_those_of_this_kernel() -> None:
    """Python names some of them."""
    assert int(socket.MSG_TRUNC) == kernel.MSG_TRUNC
    assert int(socket.MSG_DONTWAIT) == kernel.MSG_DONTWAIT
    assert kernel.recvmmsg(-1, None, 0, 0, None) == -1


def test_a_process_that_keeps_its_memory_private_leaves_no_core() -> None:
    """Keys of live parts are in it; asked in a child, for it cannot be undone for swap."""

    def private() -> None:
        kernel.keep_memory_private()
        if not dumpable():
            scene.die()

    assert scene.dies(private)


def dumpable() -> bool:
    """prctl(PR_GET_DUMPABLE)."""
    return bool(kernel._released.prctl(3, 0, 0, 0, 0))


def test_prepared_arguments_are_the_same_call() -> None:
    """Only that nothing is converted."""
    none = ctypes.c_void_p()
    arguments = (ctypes.c_int(-1), none, ctypes.c_uint(0), ctypes.c_int(0), None)

    assert kernel.recvmmsg_prepared(*arguments) == -1
