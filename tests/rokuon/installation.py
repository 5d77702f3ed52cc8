"""A whole Rokuon in a folder of its own, but for capture: calls are put into its spool by hand."""

import asyncio
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from sqlalchemy import Connection, create_engine

from api.web.app import create_app
from archive.call.events import CallOpened, Event, Name, StreamPartyKnown
from archive.catalog.database.engine import writing
from archive.format.header import HeaderBlock
from archive.format.intake import seal_page
from archive.ids import DEFAULT_TENANT, KeyId, RecordingId, uuid7
from archive.keys.daemon.sockets import serve_keys
from rokuon.compose.api.application import services
from rokuon.compose.api.peer_protocol import PeerProtocol, listen_at
from rokuon.compose.api.row_seals import sealed_catalog
from rokuon.compose.api.server import GRACE_S
from rokuon.compose.api.users import make_first_person
from rokuon.compose.archive.catalog import CATALOG_FILE, prepare_catalog
from rokuon.compose.archive.key_daemon import keys_config
from rokuon.compose.capture.node_identity import NodeIdentity, read_intake_list
from rokuon.compose.start.embedded import hand_over_lists, prepare
from rokuon.config.load import parse
from rokuon.config.schema import Config
from rokuon.machine import clock
from tests.archive.catalog import examples
from tests.archive.reading.scenes import START_US, Packet, Talk, added, ended, event_frames, sweeps
from tests.loop_thread import running
from tests.support.parts import PartWriter

SECONDS = 2
TALKS = (Talk(stream=0, packets=50 * SECONDS), Talk(stream=1, packets=50 * SECONDS, seed=2, ssrc=7))
CUSTOMER_NUMBER = "+81300001234"


def party(stream: int, side: str, aor: str, name: str) -> StreamPartyKnown:
    """Who speaks on a stream, with number and name."""
    return StreamPartyKnown(
        at_us=START_US,
        stream=stream,
        participant=side,
        aor=aor,
        names=(Name(text=name),),
        side="agent" if side == "agent" else "customer",
        because="internal_domain",
    )


def events() -> list[Event]:
    """A call from outside to extension 2001."""
    opened = CallOpened(
        at_us=START_US,
        source="loopback",
        node="rokuon",
        mode="siprec",
        transport="udp",
        peer="127.0.0.1:5070",
        call_id="one@example",
        from_uri="sip:pbx@example",
        from_name="",
        to_uri="sip:rec@example",
        to_name="",
        request_uri="sip:rec@example",
        country="JP",
        zone="Asia/Tokyo",
    )
    return [
        opened,
        added(0),
        added(1),
        party(0, "customer", f"sip:{CUSTOMER_NUMBER}@carrier.example", "佐藤"),
        party(1, "agent", "sip:2001@pbx.example", "田中"),
        ended(START_US + SECONDS * 1_000_000),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a recording: what happened in it, what was sent, and how its writer closed it.

    `node`: another than the installation's own. Without a `reason` its writer was killed.
    """

    recording: RecordingId
    told: Sequence[Event]
    packets: Sequence[Packet]
    number: int = 0
    reason: str = "bye"
    is_last: bool = True
    node: NodeIdentity | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A part in the spool, as its writer knew it."""

    path: Path
    header: HeaderBlock
    data_key: bytes


def new_recording() -> RecordingId:
    """The id of a recording that begins with the scene."""
    return RecordingId(uuid7(START_US, secrets.token_bytes(10)))


@contextmanager
def register_of(config: Config) -> Iterator[Connection]:
    """One transaction as the part `api` writes its register, beside it."""
    with sealed_catalog(config) as engine, writing(engine) as connection:
        yield connection


@dataclass(frozen=True, slots=True)
class Installation:
    """Folders, node identity, a running key daemon, and the API as soon as it is asked."""

    folder: Path
    config: Config
    running: ExitStack
    keys: ExitStack

    def stop_keys(self) -> None:
        """End the key daemon, as for a restore."""
        self.keys.close()

    def answering(self) -> Path:
        """The socket of the API, which runs from the first question on; who asks may do all."""
        if not self.config.http.socket.exists():
            make_first_person(self.config)
            self.running.enter_context(api_of(self.config))
        return self.config.http.socket

    def put_call(self, *more: Event) -> RecordingId:
        """Leave one sealed, finished part in the spool, as capture would; with events `more`."""
        return self.put([*events(), *more], [packet for talk in TALKS for packet in talk.sent()])

    def put_page(self, *told: Event) -> RecordingId:
        """Leave a ledger page in the spool: a part that tells of calls without a recording."""
        return self.put([*told], [])

    def put(self, told: list[Event], packets: list[Packet]) -> RecordingId:
        """Leave one sealed, finished part in the spool: what happened, and what was sent."""
        recording = new_recording()
        self.put_part(Piece(recording=recording, told=told, packets=packets))
        return recording

    def put_part(self, piece: Piece) -> Written:
        """Leave a part of a recording in the spool, sealed and finished."""
        identity = piece.node or prepare(self.config, keys_config(self.config))
        header = HeaderBlock(
            recording=piece.recording,
            part=piece.number,
            generation=0,
            key=KeyId(secrets.token_bytes(16)),
            node=identity.node,
            tenant=DEFAULT_TENANT,
            created_us=START_US,
            oldest_ms=900,
        )
        path = self.config.spool.path / header.relative_name()
        path.parent.mkdir(parents=True, exist_ok=True)
        data_key = secrets.token_bytes(32)
        intake_key = read_intake_list(self.config.capture_path).newest()

        def page(block: bytes) -> bytes:
            sign = identity.private.sign
            return seal_page(data_key, block, to=intake_key, node=identity.node, sign=sign)

        writer = PartWriter.create(path, header, data_key, page=page)
        writer.append(event_frames(piece.told))
        for frames in sweeps(piece.packets):
            writer.append(frames)
        if piece.reason:
            end = writer.end(piece.reason, last=piece.is_last)
            writer.finish(end, at_us=START_US, sign=identity.private.sign)
        else:
            writer.abandon()
        return Written(path, header, data_key)

    def lose_catalog(self) -> None:
        """As where its disk died: no table is left, and the API has ended that has it open."""
        self.running.close()
        if not self.config.catalog.url:
            for file in self.config.catalog_path.iterdir():
                file.unlink()
            return
        engine = create_engine(self.config.catalog.url)
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        engine.dispose()

    def archived(self, suffix: str = ".rkn") -> list[Path]:
        """The archived files."""
        return sorted(self.config.archive.path.rglob(f"*{suffix}"))


def put_catalog(config: Config) -> None:
    """An empty catalog, so that no process has to run all migrations once more."""
    config.catalog_path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not config.catalog.url:
        (config.catalog_path / CATALOG_FILE).write_bytes(examples.empty_catalog())


def on_tried_database(text: str) -> str:
    """The configuration, with an empty catalog of the database that is tried; it may name one."""
    if not examples.SERVERS or "[catalog]" in text:
        return text
    return f'{text}\n[catalog]\nurl = "{examples.SERVERS[-1].new_catalog()}"\n'


@contextmanager
def key_daemon(config: Config) -> Iterator[None]:
    """A key daemon in a thread while the block lasts."""
    stop = asyncio.Event()

    async def serve(ready: Callable[[], None]) -> None:
        await serve_keys(
            keys_config(config), stop, now_us=clock.now_us, on_ready=ready, protect=lambda: None
        )

    with running(serve, stop.set):
        yield


@contextmanager
def api_of(config: Config) -> Iterator[None]:
    """The API at its Unix socket, in a thread, while the block lasts."""
    prepare_catalog(config).dispose()
    servers: list[uvicorn.Server] = []

    async def serve(ready: Callable[[], None]) -> None:
        async with services(config) as needed:
            app, stop = create_app(needed), asyncio.Event()
            servers.append(
                uvicorn.Server(
                    uvicorn.Config(
                        app,
                        http=PeerProtocol,
                        log_config=None,
                        timeout_graceful_shutdown=GRACE_S,
                    )
                )
            )
            with listen_at(config.http.socket) as listener:
                ready()
                async with asyncio.TaskGroup() as group:
                    group.create_task(app.state.application.runner.run(stop))
                    await servers[0].serve(sockets=[listener])
                    stop.set()

    try:
        with running(serve, lambda: setattr(servers[0], "should_exit", True)):
            yield
    finally:
        config.http.socket.unlink(missing_ok=True)


@contextmanager
def installation(text: str = "") -> Iterator[Installation]:
    """A fresh one; its folder's name is short, for the sake of socket addresses."""
    folder = Path(tempfile.mkdtemp(prefix="rk"))
    config = parse(on_tried_database(text), name="test.toml", base=folder)
    prepare(config, keys_config(config))
    put_catalog(config)
    try:
        with ExitStack() as keys, ExitStack() as running:
            keys.enter_context(key_daemon(config))
            hand_over_lists(config, keys_config(config))
            yield Installation(folder, config, running, keys)
    finally:
        shutil.rmtree(folder)
