"""Tests of the port pairs."""

import socket

import pytest

from rokuon.selftest.sources import open_source, open_sources


def test_a_source_has_an_even_port_and_its_neighbour() -> None:
    """RFC 3550 §11: without `a=rtcp`, reports go to the port above."""
    with open_sources("127.0.0.1", 3) as sources:
        assert [source.port % 2 for source in sources] == [0, 0, 0]
        assert [source.rtcp.getsockname()[1] for source in sources] == [
            source.port + 1 for source in sources
        ]


def test_sources_are_closed_at_the_end_of_their_block() -> None:
    """A self-test that is run every night must not use up ports."""
    with open_sources("127.0.0.1", 1) as sources:
        pass

    assert (sources[0].rtp.fileno(), sources[0].rtcp.fileno()) == (-1, -1)


def test_an_address_that_is_not_ours_is_an_error_at_once() -> None:
    """Only a taken neighbour is tried again."""
    with pytest.raises(OSError, match="assign"):
        open_source("192.0.2.1")


def test_a_socket_that_is_listened_to_keeps_as_much_as_it_is_told() -> None:
    """The few bytes of a source that only sends would lose what a busy machine reads late."""
    with open_sources("127.0.0.1", 1, 65_536) as sources:
        # socket(7): the kernel doubles what is asked for.
        assert sources[0].rtp.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) == 131_072
