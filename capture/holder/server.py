"""The holder: every socket and shared memory of a capture node, opened once, handed out by name.

Tiny and without logic, so that it never has to be replaced while calls are up. It reads no call's
packet, touches no disk but its own socket, and knows no key.
"""

import errno
import os
import resource
import selectors
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from capture.holder import kernel
from capture.holder.arrival_stamps import await_stamps
from capture.holder.landing_buffer import RING_BYTES
from capture.holder.relay_buffer import RELAY_RING_BYTES
from capture.holder.relay_table import table_bytes

# The kernel passes at most 253 descriptors with one message (SCM_MAX_FD).
MAX_DESCRIPTORS: Final = 253
MAX_REQUEST_BYTES: Final = 512
# Accepted TCP connections that signalling asks to keep.
MAX_KEPT: Final = 4096
# Asking for the default size doubles it without any sysctl: 512 datagrams of a G.711 stream.
RECEIVE_BUFFER_BYTES: Final = 212_992
SIP_BUFFER_BYTES: Final = 4 << 20
LISTEN_BACKLOG: Final = 512
# Descriptors that are neither RTP nor RTCP: memory, SIP, kept connections, the process's own.
RESERVED_DESCRIPTORS: Final = 256
BOARD_WORKER_WORDS: Final = 8
MAX_WORKERS: Final = 64
# A row for each ingest worker, then one for each relay.
BOARD_HEAD_WORDS: Final = BOARD_WORKER_WORDS * 2 * MAX_WORKERS
# Five columns, each with a word for what arrives on a pair and one for what is played to it.
BOARD_COLUMNS: Final = 5
BOARD_PAIR_WORDS: Final = 2 * BOARD_COLUMNS
CALLS_BYTES: Final = 256 << 20
# Expedited forwarding, as voice has it (RFC 4594 §4.1).
VOICE_DSCP: Final = 46
# Class selector 3, as telephone systems mark it.
SIP_DSCP: Final = 24
_DSCP_SHIFT: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderPlan:
    """What to open: addresses are numeric, ports are even and inclusive."""

    socket_path: Path
    sip_bind: str
    sip_port: int
    rtp_bind: str
    first_port: int
    last_port: int
    tls_port: int = 0  # 0: no TLS
    workers: int  # pair n belongs to worker n % workers
    dscp: int = VOICE_DSCP
    sip_dscp: int = SIP_DSCP

    @property
    def pairs(self) -> int:
        """RTP/RTCP pairs in the range."""
        return (self.last_port - self.first_port) // 2 + 1


class Holder:
    """Descriptors by name; `serve` hands them to whoever can reach the socket."""

    def __init__(self, plan: HolderPlan) -> None:
        self.plan = plan
        pairs = min(plan.pairs, _raise_descriptor_limit(plan.pairs))
        self.names: dict[str, list[int]] = {
            "sip-udp": [_sip_socket(plan, socket.SOCK_DGRAM, plan.sip_port)],
            "sip-tcp": [_sip_socket(plan, socket.SOCK_STREAM, plan.sip_port)],
            "board": [_memory("rokuon-board", 8 * (BOARD_HEAD_WORDS + BOARD_PAIR_WORDS * pairs))],
            "calls": [_memory("rokuon-calls", CALLS_BYTES)],
            "relay-table": [_memory("rokuon-relay-table", table_bytes(pairs))],
        }
        if plan.tls_port:
            self.names["sip-tls"] = [_sip_socket(plan, socket.SOCK_STREAM, plan.tls_port)]
        for worker in range(plan.workers):
            ports = range(
                plan.first_port + 2 * worker, plan.first_port + 2 * pairs, 2 * plan.workers
            )
            media = [_media_pair(plan.rtp_bind, port, plan.dscp) for port in ports]
            self.names[f"ring-{worker}"] = [_memory(f"rokuon-ring-{worker}", RING_BYTES)]
            self.names[f"relay-ring-{worker}"] = [
                _memory(f"rokuon-relay-ring-{worker}", RELAY_RING_BYTES)
            ]
            self.names[f"rtp-{worker}"] = [rtp for rtp, _ in media]
            self.names[f"rtcp-{worker}"] = [rtcp for _, rtcp in media]
        await_stamps()

    def answer(self, request: bytes, received: list[int]) -> tuple[bytes, list[int]]:
        """One request: `take NAME FIRST COUNT`, `count NAME`, `keep NAME`, `drop NAME`, `kept`."""
        match request.decode("ascii", "replace").split():
            case ["take", name, first, count] if first.isdigit() and count.isdigit():
                wanted = min(int(count), MAX_DESCRIPTORS)
                found = self.names.get(name, [])[int(first) : int(first) + wanted]
                return str(len(found)).encode(), found
            case ["count", name]:
                return str(len(self.names.get(name, []))).encode(), []
            case ["keep", name] if len(received) == 1 and len(self.names) < MAX_KEPT:
                self._drop(name)
                self.names[name] = [received.pop()]
                return b"kept", []
            case ["drop", name] if name.startswith("kept-"):
                self._drop(name)
                return b"dropped", []
            case ["kept"]:
                names = [name for name in self.names if name.startswith("kept-")]
                return " ".join(names).encode(), []
            case _:
                for descriptor in received:
                    os.close(descriptor)
                return b"refused", []

    def _drop(self, name: str) -> None:
        for descriptor in self.names.pop(name, []):
            os.close(descriptor)

    def serve(self, ready: Callable[[], None]) -> None:
        """Answer until the process is ended."""
        self.plan.socket_path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        listener.bind(str(self.plan.socket_path))
        self.plan.socket_path.chmod(0o600)
        listener.listen(LISTEN_BACKLOG)
        ready()
        with selectors.DefaultSelector() as selector:
            selector.register(listener, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    self._serve_one(key.fileobj, listener, selector)

    def _serve_one(
        self, ready: object, listener: socket.socket, selector: selectors.BaseSelector
    ) -> None:
        if ready is listener:
            selector.register(listener.accept()[0], selectors.EVENT_READ)
            return
        assert isinstance(ready, socket.socket)
        try:
            request, received, _, _ = socket.recv_fds(ready, MAX_REQUEST_BYTES, 1)
            if request:
                socket.send_fds(ready, *_message(self.answer(request, received)))
        except OSError:
            request = b""
        if not request:
            selector.unregister(ready)
            ready.close()


def _message(answer: tuple[bytes, list[int]]) -> tuple[list[bytes], list[int]]:
    return [answer[0] or b" "], answer[1]


def _raise_descriptor_limit(pairs: int) -> int:
    """Raise this process's limit as far as it may go; how many pairs then fit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = max(soft, 2 * pairs + RESERVED_DESCRIPTORS)
    for limit in ((wanted, max(wanted, hard)), (hard, hard)):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, limit)
            break
        except (ValueError, PermissionError):
            continue
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return (soft - RESERVED_DESCRIPTORS) // 2


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def _sip_socket(plan: HolderPlan, kind: socket.SocketKind, port: int) -> int:
    sock = _marked(socket.socket(_family(plan.sip_bind), kind), plan.sip_dscp)
    if kind == socket.SOCK_STREAM:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    else:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SIP_BUFFER_BYTES)
    _bind(sock, plan.sip_bind, port)
    if kind == socket.SOCK_STREAM:
        sock.listen(LISTEN_BACKLOG)
    sock.settimeout(0)
    return sock.detach()


def _media_pair(address: str, port: int, dscp: int) -> tuple[int, int]:
    """RTP and RTCP; where another program has one of the ports, neither has one.

    One taken port of twenty thousand must not keep a node from starting. Whoever gives ports out
    sees that such a pair is not bound.
    """
    pair = [_media_socket(address, dscp), _media_socket(address, dscp)]
    try:
        for number, sock in enumerate(pair):
            _bind(sock, address, port + number)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        for sock in pair:
            sock.close()
        pair = [_media_socket(address, dscp), _media_socket(address, dscp)]
    return pair[0].detach(), pair[1].detach()


def _bind(sock: socket.socket, address: str, port: int) -> None:
    """Bind; the kernel's error does not say to what, this one does."""
    try:
        sock.bind((address, port))
    except OSError as refused:
        raise OSError(refused.errno, refused.strerror, f"{address}:{port}") from refused


def _media_socket(address: str, dscp: int) -> socket.socket:
    """Stamped, counted, marked as voice, and deaf until a call uses it."""
    sock = _marked(socket.socket(_family(address), socket.SOCK_DGRAM), dscp)
    kernel.close_filter(sock.fileno())
    sock.setsockopt(socket.SOL_SOCKET, kernel.SO_TIMESTAMPNS, 1)
    sock.setsockopt(socket.SOL_SOCKET, kernel.SO_RXQ_OVFL, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
    sock.settimeout(0)
    return sock


def _marked(sock: socket.socket, dscp: int) -> socket.socket:
    """Its packets say which queue of a network they want (RFC 2474)."""
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, dscp << _DSCP_SHIFT)
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, dscp << _DSCP_SHIFT)
    return sock


def is_bound(descriptor: int) -> bool:
    """Whether a media socket has its port."""
    sock = socket.socket(fileno=descriptor)
    try:
        return bool(sock.getsockname()[1])
    finally:
        sock.detach()


def _memory(name: str, size: int) -> int:
    descriptor = os.memfd_create(name, os.MFD_CLOEXEC)
    os.ftruncate(descriptor, size)
    return descriptor
