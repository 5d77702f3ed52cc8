"""No test counts on a port: where another program has it, the test fails on that machine alone."""

import errno
import socket

import pytest

from tests.taken import defaults

# The kernel gives none below 32768: one that it gave before is the test's own.
WRITTEN = 21_061


@pytest.mark.parametrize("kind", [socket.SOCK_DGRAM, socket.SOCK_STREAM])
@pytest.mark.parametrize("port", [WRITTEN, *sorted(defaults())])
def test_a_port_that_a_test_names_belongs_to_another_program(
    kind: socket.SocketKind, port: int
) -> None:
    """So does each that a configuration takes which says nothing: a Rokuon may be at work here."""
    with socket.socket(type=kind) as sock, pytest.raises(OSError) as refused:  # noqa: PT011
        sock.bind(("127.0.0.1", port))

    assert refused.value.errno == errno.EADDRINUSE


def test_a_port_that_the_kernel_gave_is_the_tests_own() -> None:
    """Bound, closed, and bound again by what is tested."""
    for _ in range(2):
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            given = sock.getsockname()
        with socket.socket() as again:
            again.bind(given)
            assert again.getsockname() == given
