"""The holder in a process of its own, and what it keeps."""

import errno
import os
import resource
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from capture.holder import kernel
from capture.holder.client import HolderClient
from capture.holder.landing_buffer import RING_BYTES
from capture.holder.relay_buffer import RELAY_RING_BYTES
from capture.holder.relay_table import table_bytes
from capture.holder.server import MAX_DESCRIPTORS, MAX_KEPT, RECEIVE_BUFFER_BYTES, Holder, is_bound
from tests.capture.media import scene
from tests.support.media.holder import serving


def ports_of(descriptors: list[int]) -> list[int]:
    found = []
    for descriptor in descriptors:
        with socket.socket(fileno=os.dup(descriptor)) as sock:
            found.append(sock.getsockname()[1])
    return found


def close(descriptors: list[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def test_pairs_are_shared_out_to_workers_in_turn(tmp_path: Path) -> None:
    """Pair n belongs to worker n % workers: both sides count on it."""
    with serving(tmp_path, 5, workers=2) as plan, HolderClient(plan.socket_path) as holder:
        shares = {name: holder.take(name) for name in ("rtp-0", "rtp-1", "rtcp-0", "rtcp-1")}
        found = {name: [p - plan.first_port for p in ports_of(d)] for name, d in shares.items()}
        for descriptors in shares.values():
            close(descriptors)

    assert found == {
        "rtp-0": [0, 4, 8], "rtp-1": [2, 6], "rtcp-0": [1, 5, 9], "rtcp-1": [3, 7],
    }  # fmt: skip


def test_more_descriptors_than_a_message_holds_come_in_batches(tmp_path: Path) -> None:
    """The kernel passes 253 at most. A port that another program took meanwhile is none of ours."""
    pairs = MAX_DESCRIPTORS + 10
    # An address of its own: so many ports in a row are not free where other tests have some.
    node = serving(tmp_path, pairs, rtp="127.0.0.7")
    with node as plan, HolderClient(plan.socket_path) as holder:
        descriptors = holder.take("rtp-0")
        found = ports_of(descriptors)
        close(descriptors)

    wanted = [plan.first_port + 2 * number for number in range(pairs)]
    assert [port or want for port, want in zip(found, wanted, strict=True)] == wanted
    assert found.count(0) < pairs - MAX_DESCRIPTORS


def test_the_rings_and_sockets_are_the_same_for_whoever_asks(tmp_path: Path) -> None:
    """A successor finds what its predecessor left, as long as the holder lives."""
    with serving(tmp_path, 1) as plan:
        with HolderClient(plan.socket_path) as first:
            descriptor = first.take_one("ring-0")
            os.pwrite(descriptor, b"left", 5000)
            os.close(descriptor)
        with HolderClient(plan.socket_path) as second:
            descriptor = second.take_one("ring-0")
            assert os.pread(descriptor, 4, 5000) == b"left"
            assert os.fstat(descriptor).st_size == RING_BYTES
            os.close(descriptor)


def test_the_first_packet_of_a_new_holder_bears_the_time_of_its_arrival(tmp_path: Path) -> None:
    """Stamps start late where no socket asks for them: the holder's do from the beginning."""
    # An address of its own: a port that another program took meanwhile hears nothing.
    node = serving(tmp_path, 1, rtp="127.0.0.8")
    with node as plan, HolderClient(plan.socket_path) as holder:
        descriptor = holder.take("rtp-0")[0]
        kernel.open_filter(descriptor)
        with (
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer,
            socket.socket(fileno=descriptor) as ears,
        ):
            before = scene.wall_us()
            peer.sendto(b"first", (plan.rtp_bind, plan.first_port))
            assert scene.readable(ears)
            after = scene.wall_us()
            _, control, _, _ = ears.recvmsg(100, 100)

    ((level, kind, stamp),) = control
    seconds, nanoseconds = (int.from_bytes(stamp[at : at + 8], "little") for at in (0, 8))
    assert (level, kind) == (socket.SOL_SOCKET, kernel.SO_TIMESTAMPNS)
    assert before <= seconds * 1_000_000 + nanoseconds // 1000 <= after


def test_a_kept_connection_survives_its_owner(tmp_path: Path) -> None:
    """A call over TCP goes on while signalling is replaced."""
    with serving(tmp_path, 1) as plan:
        listener = socket.create_server((scene.LOOPBACK, 0))
        peer = socket.create_connection(listener.getsockname())
        accepted, _ = listener.accept()

        def owner() -> None:
            with HolderClient(plan.socket_path) as holder:
                holder.keep("tcp-1", accepted.fileno())
                scene.die()

        assert scene.dies(owner)
        accepted.close()
        peer.sendall(b"still there?")
        with HolderClient(plan.socket_path) as successor:
            assert successor.kept() == ["tcp-1"]
            with socket.socket(fileno=successor.take_kept("tcp-1")) as taken:
                assert scene.readable(taken)
                assert taken.recv(100) == b"still there?"
                taken.sendall(b"yes")
            successor.drop("tcp-1")
            assert successor.kept() == []
        assert peer.recv(100) == b"yes"
        assert peer.recv(100) == b""
        peer.close()
        listener.close()


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[Holder]:
    node = scene.node(tmp_path, 1)
    yield node.holder
    node.close()


def test_media_sockets_are_deaf_stamped_and_as_deep_as_the_budget_says(holder: Holder) -> None:
    """512 datagrams: ten seconds of a stalled worker."""
    for name in ("rtp-0", "rtcp-0"):
        with socket.socket(fileno=os.dup(holder.names[name][0])) as sock:
            asked = [
                sock.getsockopt(socket.SOL_SOCKET, option)
                for option in (kernel.SO_TIMESTAMPNS, kernel.SO_RXQ_OVFL, socket.SO_RCVBUF)
            ]
            assert asked == [1, 1, 2 * RECEIVE_BUFFER_BYTES]
            assert not os.get_blocking(sock.fileno())
            with pytest.raises(FileNotFoundError):
                kernel._set_option(
                    holder.names["sip-udp"][0], kernel.SO_DETACH_FILTER, b"\0\0\0\0", 4
                )
            kernel._set_option(sock.fileno(), kernel.SO_DETACH_FILTER, b"\0\0\0\0", 4)


@pytest.mark.parametrize(
    "request_", [b"", b"take", b"take rtp-0 -1 1", b"take rtp-0 0 x", b"keep kept-a", b"drop board",
    b"\xff\xfe", b"take rtp-0 0 1 more"],
)  # fmt: skip
def test_what_is_no_request_is_refused(holder: Holder, request_: bytes) -> None:
    """Nothing is lost by it, and nothing handed out."""
    assert holder.answer(request_, []) == (b"refused", [])
    assert "board" in holder.names


def test_what_the_holder_has_not_got_is_nothing(holder: Holder) -> None:
    """Whoever asks sees the difference."""
    assert holder.answer(b"take nothing 0 5", []) == (b"0", [])
    assert holder.answer(b"count nothing", []) == (b"0", [])
    assert holder.answer(b"take rtp-0 7 5", []) == (b"0", [])


def test_a_connection_kept_again_takes_the_place_of_the_one_before(holder: Holder) -> None:
    """And the one before is closed, not lost count of."""
    read, write = os.pipe()
    holder.answer(b"keep kept-a", [read])
    holder.answer(b"keep kept-a", [write])
    with pytest.raises(OSError, match=os.strerror(errno.EBADF)):
        os.fstat(read)

    assert holder.names["kept-a"] == [write]


def test_how_many_connections_are_kept_is_bounded(holder: Holder) -> None:
    """What is refused is closed here as well: descriptors are the holder's scarcest good."""
    fill = {f"kept-{number}": list[int]() for number in range(MAX_KEPT)}
    holder.names.update(fill)
    read, write = os.pipe()
    received = [read]
    answer = holder.answer(b"keep kept-more", received)
    for name in fill:
        del holder.names[name]
    os.close(write)

    assert answer == (b"refused", [])
    with pytest.raises(OSError, match=os.strerror(errno.EBADF)):
        os.fstat(read)


def test_a_port_of_another_program_leaves_the_other_pairs_to_us(tmp_path: Path) -> None:
    """One taken port of twenty thousand must not keep a node from starting."""
    plan = scene.plan_of(tmp_path, 3)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", plan.first_port + 3))
        holder = Holder(plan)
        bound = [is_bound(descriptor) for descriptor in holder.names["rtp-0"]]
        for descriptors in holder.names.values():
            close(descriptors)

    assert bound == [True, False, True]


def test_the_limit_of_descriptors_is_raised_and_never_lowered(tmp_path: Path) -> None:
    """Kept connections need some as well."""
    with scene.limits_kept():
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        made = Holder(scene.plan_of(tmp_path, 1))
        after = resource.getrlimit(resource.RLIMIT_NOFILE)
    close([descriptor for descriptors in made.names.values() for descriptor in descriptors])

    assert after >= before


@pytest.mark.parametrize("rtp", [scene.LOOPBACK, "::1"])
def test_what_media_sockets_send_is_marked_as_voice(tmp_path: Path, rtp: str) -> None:
    """A network that keeps voice apart (RFC 4594 §4.1) would else let a relayed call wait."""
    try:
        node = scene.node(tmp_path, 1, rtp=rtp)
    except OSError:
        pytest.skip("no IPv6 here")
    for name in ("rtp-0", "rtcp-0"):
        with socket.socket(fileno=os.dup(node.holder.names[name][0])) as sock:
            assert sock.getsockopt(socket.IPPROTO_IP, socket.IP_TOS) == 46 << 2
            if ":" in rtp:
                assert sock.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS) == 46 << 2
    node.close()


def test_what_sip_sockets_send_is_marked_as_signalling(tmp_path: Path) -> None:
    """Accepted connections have the mark of the listening socket."""
    node = scene.node(tmp_path, 1)
    for name in ("sip-udp", "sip-tcp"):
        with socket.socket(fileno=os.dup(node.holder.names[name][0])) as sock:
            assert sock.getsockopt(socket.IPPROTO_IP, socket.IP_TOS) == 24 << 2
    node.close()


def test_relays_find_their_memory_at_the_holder(holder: Holder) -> None:
    """A ring for each, one table for all; what no call uses costs nothing."""
    ring, table = holder.names["relay-ring-0"][0], holder.names["relay-table"][0]

    assert os.fstat(ring).st_size == RELAY_RING_BYTES
    assert os.fstat(table).st_size == table_bytes(1)
    assert os.fstat(ring).st_blocks == os.fstat(table).st_blocks == 0
