"""The key daemon's sockets: who reaches which decides what he may ask.

Knows nothing of what is asked; every request is answered by one thread, one after another.
"""

import asyncio
import grp
import os
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

from archive.format.floe import zero
from archive.keys.clock_watch import ClockSeen
from archive.keys.daemon.answers import KeyDaemon
from archive.keys.daemon.assembly import KeysConfig, open_daemon
from archive.keys.daemon.disk_watch import DiskWatch
from archive.keys.daemon.held_files import HeldFiles
from archive.keys.daemon.process_memory import protect_process
from archive.keys.daemon.work_threads import keep_working
from archive.keys.errors import GroupUnknown, KeystoreExchanged, MessageMalformed, Refusal
from archive.keys.wire.facts_messages import FactsKeysAnswer
from archive.keys.wire.message import AskerRole
from archive.keys.wire.opening_messages import DataKeyAnswer
from archive.keys.wire.protocol import LENGTH, RefusedAnswer, body_bytes, decode_ask, encode

SOCKET_MODE: Final = 0o660
# A keeper has one connection, an API a few per worker; more is a leak of somebody's.
MAX_CONNECTIONS: Final = 64
# A client writes a request at once and reads its answer at once; slower is stuck.
MESSAGE_TIMEOUT_S: Final = 5.0
# A kept connection that nobody used for so long is given up; the client connects again.
IDLE_TIMEOUT_S: Final = 300.0

log = structlog.get_logger()


async def serve_keys(
    config: KeysConfig,
    stop: asyncio.Event,
    *,
    now_us: Callable[[], int],
    read_clock: Callable[[], ClockSeen] | None = None,
    on_ready: Callable[[], None] = lambda: None,
    protect: Callable[[], None] = protect_process,
) -> None:
    """Answer on all sockets until told to stop.

    `now_us`: µs since 1970 UTC; `read_clock`: what is known of that clock. Raises what
    `open_daemon` raises, and `GroupUnknown`, before any socket exists; `KeystoreExchanged` once its
    disk was mounted anew: it has to be started again.
    """
    protect()
    sockets = [
        (AskerRole.KEEPER, config.keeper_socket, group_id(config.groups.keeper)),
        (AskerRole.API, config.api_socket, group_id(config.groups.api)),
        (AskerRole.RETENTION, config.retention_socket, group_id(config.groups.retention)),
    ]
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="keystore") as thread:
        loop = asyncio.get_running_loop()
        daemon = await loop.run_in_executor(thread, open_daemon, config, now_us, read_clock)
        ending = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            listeners = []
            for role, path, group_of_role in sockets:
                listeners.append(_Listener(role, daemon, thread, group))
                await listeners[-1].listen(path, group_of_role)
            working = group.create_task(keep_working(daemon.work, thread, ending), name="keys work")
            group.create_task(DiskWatch(config.folder, daemon.note_disk).run(ending), name="disk")
            held = HeldFiles.at(config.keystore, [path for _, path, _ in sockets])
            on_ready()
            is_exchanged = await held.until_exchanged(stop)
            ending.set()
            for listener in listeners:
                listener.close()
            await working
        await loop.run_in_executor(thread, daemon.close)
    if is_exchanged:
        log.error("keys.keystore_exchanged")
        raise KeystoreExchanged("its disk was mounted anew")


@dataclass(slots=True)
class _Listener:
    """One socket and the conversations on it."""

    role: AskerRole
    daemon: KeyDaemon
    thread: ThreadPoolExecutor
    group: asyncio.TaskGroup
    conversations: set[asyncio.Task[None]] = field(default_factory=set)
    server: asyncio.Server | None = None

    async def listen(self, path: Path, group: int) -> None:
        self.server = await asyncio.start_unix_server(self.greet, sock=_bind(path, group))

    def close(self) -> None:
        assert self.server is not None
        self.server.close()
        for task in self.conversations:
            task.cancel()

    def greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A failure in a conversation is the daemon's: the group takes it down by name."""
        if len(self.conversations) >= MAX_CONNECTIONS:
            log.warning("keys.too_many_connections", role=self.role)
            writer.close()
            return
        task = self.group.create_task(self.converse(reader, writer), name=f"keys {self.role}")
        self.conversations.add(task)
        task.add_done_callback(self.conversations.discard)

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self.answer_one(reader, writer):
                pass
        except MessageMalformed:
            log.warning("keys.malformed", role=self.role)
        except (TimeoutError, ConnectionError, asyncio.IncompleteReadError):
            pass  # The client is gone or stuck: it connects again when it needs us.
        finally:
            writer.close()

    async def answer_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; false where the client hung up between requests."""
        async with asyncio.timeout(IDLE_TIMEOUT_S):
            length = await reader.read(1)
        if not length:
            return False
        async with asyncio.timeout(MESSAGE_TIMEOUT_S):
            length += await reader.readexactly(LENGTH.size - 1)
            body = await reader.readexactly(body_bytes(length))
        loop = asyncio.get_running_loop()
        writer.write(await loop.run_in_executor(self.thread, self.reply, body))
        async with asyncio.timeout(MESSAGE_TIMEOUT_S):
            await writer.drain()
        return True

    def reply(self, body: bytes) -> bytes:
        """What goes back for one request; runs in the keystore's thread."""
        try:
            ask = decode_ask(body)
        except MessageMalformed:
            log.warning("keys.malformed", role=self.role)
            return encode(RefusedAnswer(refused=Refusal.MALFORMED))
        answer = self.daemon.answer(self.role, ask)
        if isinstance(answer, RefusedAnswer):
            log.warning(
                "keys.refused", role=self.role, ask=type(ask).__name__, reason=answer.refused
            )
        message = encode(answer)
        match answer:
            case DataKeyAnswer(data_key=key):
                zero(key)
            case FactsKeysAnswer(keys=pairs):
                for _, key in pairs:
                    zero(key)
            case _:
                pass
        return message


def group_id(name: str) -> int:
    """The number of a group given by name or number; −1, which changes nothing, for none.

    Raises `GroupUnknown`.
    """
    if not name or name.isdigit():
        return int(name or -1)
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError as unknown:
        raise GroupUnknown(f"there is no group {name}") from unknown


def _bind(path: Path, group: int) -> socket.socket:
    """A socket that nobody can connect to before its mode and group are set."""
    path.unlink(missing_ok=True)
    bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    bound.bind(str(path))
    path.chmod(SOCKET_MODE)
    os.chown(path, -1, group)
    return bound
