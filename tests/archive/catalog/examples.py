"""Calls, parts and catalogs to test with: one call a Japanese office might have."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, Engine, Table, select, update
from sqlalchemy.exc import IntegrityError, ProgrammingError

from archive.access.reach import WHOLE_TENANT
from archive.call.adoption import (
    Adoption,
    LostRange,
    PartStreams,
    SequenceRange,
    StreamPackets,
    StreamSound,
)
from archive.call.events import (
    CallEnded,
    CallOpened,
    CommunicationSessionKnown,
    Event,
    Name,
    NoticePlayed,
    NoticeReported,
    Side,
    SideBecause,
    StreamAdded,
    StreamPartyKnown,
)
from archive.catalog.access.grants import Access
from archive.catalog.accounts.persons import add_service, service_named, services
from archive.catalog.accounts.tokens import NewToken, TokenTerms, create_token
from archive.catalog.database.engine import (
    AsyncEngine,
    catalog_url,
    open_async_engine,
    open_engine,
    reading,
    writing,
)
from archive.catalog.index.writer import CatalogWriter
from archive.catalog.journal.authors import Author
from archive.catalog.migrate import upgrade
from archive.catalog.tables.catalog import (
    INDEX_TABLES,
    conversation,
    leg_naming,
    naming,
    part,
    recording,
)
from archive.ids import DEFAULT_TENANT, KeyId, NodeId, PartName, RecordingId, TenantId, uuid7
from archive.moments import EPOCH
from tests.postgresql.cluster import Cluster

TOKYO = ZoneInfo("Asia/Tokyo")
OTHER_TENANT = TenantId(b"\x02" * 16)
SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
# 2026-10-29 17:42:10 in Tokyo.
STARTED_US = 1_793_263_330_000_000
NOW_US = STARTED_US + 30 * 24 * 60 * MINUTE_US
CUSTOMER = "sip:+81312347788@carrier.example"
AGENT = "sip:2001@pbx.example"
# The server on which catalogs are made: none, or the one of `pytest --catalog=postgresql`.
SERVERS: list[Cluster] = []
_INTEGERS = {"row", "recording", "conversation", "leg", "retention_class", "naming", "merged_into"}
# What a trigger says no by: on SQLite, and on PostgreSQL.
REFUSED = (IntegrityError, ProgrammingError)

AGENTS_CSV = """agent_id,name,kana,romaji,aliases,extension,valid_from,valid_to
A17,田中 真由,タナカ マユ,Tanaka Mayu,まゆさん;中田,2001,2026-10-01,2026-10-31
A18,中田 恵,ナカタ メグミ,Nakata Megumi,,2001,2026-11-01,
A19,大野 守,オオノ マモル,Ōno Mamoru,,2002,,
"""


def us(text: str, zone: ZoneInfo = TOKYO) -> int:
    """µs since 1970 UTC of a local time."""
    return (datetime.fromisoformat(text).replace(tzinfo=zone) - EPOCH) // timedelta(microseconds=1)


def recording_id(number: int = 1, started_us: int = STARTED_US) -> RecordingId:
    """The id of the call number `number`."""
    return RecordingId(uuid7(started_us, number.to_bytes(10, "big")))


def opened(at_us: int = STARTED_US, *, country: str = "JP") -> CallOpened:
    """A recording session from the office's session border controller."""
    return CallOpened(
        at_us=at_us,
        source="sbc-tokyo",
        node="node",
        mode="siprec",
        transport="udp",
        peer="192.0.2.7:5060",
        call_id="call-id",
        from_uri="sip:0312347788@sbc.example",
        from_name="",
        to_uri="sip:srs@rokuon.example",
        to_name="",
        request_uri="sip:srs@rokuon.example",
        country=country,
        zone="Asia/Tokyo",
    )


def notice_played(to: Literal["caller", "callee"] = "caller") -> NoticePlayed:
    """All of a notice of 2 s has left."""
    return NoticePlayed(
        at_us=STARTED_US + 2 * SECOND_US, to=to, prompt="notice-ja", language="ja",
        wording_sha256="ab" * 32, wording="録音します", outcome="complete", stream=2,
        from_us=STARTED_US, until_us=STARTED_US + 2 * SECOND_US, packets=100, sent_ms=2_000,
        whole_ms=2_000,
    )  # fmt: skip


def notice_reported(
    lost: int, to: Literal["caller", "callee"] = "caller", reports: int = 1
) -> NoticeReported:
    """What RTCP says of it."""
    return NoticeReported(
        at_us=STARTED_US + MINUTE_US, to=to, reports=reports, through=reports > 0, lost=lost,
        sent=100,
    )  # fmt: skip


def inline(*told: Event) -> tuple[Event, ...]:
    """An inline call of which nothing else is known."""
    began = msgspec.structs.replace(opened(), mode="inline")
    return (began, *told, CallEnded(at_us=STARTED_US + MINUTE_US, reason="bye"))


def of_group(group: str, at_us: int = STARTED_US) -> CommunicationSessionKnown:
    """The recording client says to which calls this one belongs."""
    return CommunicationSessionKnown(
        at_us=at_us, communication_session=f"call in {group}", group=group
    )


def party(
    stream: int,
    aor: str,
    side: Side,
    *,
    names: tuple[str, ...] = (),
    because: SideBecause = "internal_domain",
    at_us: int = STARTED_US,
) -> StreamPartyKnown:
    """Who speaks on a stream."""
    return StreamPartyKnown(
        at_us=at_us,
        stream=stream,
        participant=f"participant of {aor}",
        aor=aor,
        names=tuple(Name(name) for name in names),
        side=side,
        because=because,
    )


def stream(number: int, at_us: int = STARTED_US) -> StreamAdded:
    """A stream begins."""
    return StreamAdded(
        at_us=at_us,
        stream=number,
        label=str(number),
        local_port=10_000 + 2 * number,
        formats=(),
        direction="recvonly",
    )


def inbound(
    started_us: int = STARTED_US,
    length_us: int = 9 * MINUTE_US,
    *,
    customer: str = CUSTOMER,
    agent: str = AGENT,
    agent_names: tuple[str, ...] = (),
) -> tuple[Event, ...]:
    """A customer calls an agent, and From of the INVITE says so."""
    return (
        msgspec.structs.replace(opened(started_us), from_uri=customer),
        stream(0, started_us),
        stream(1, started_us),
        party(0, customer, "customer", at_us=started_us),
        party(1, agent, "agent", names=agent_names, at_us=started_us),
        CallEnded(at_us=started_us + length_us, reason="bye"),
    )


def numbered(events: Iterable[Event]) -> tuple[tuple[int, Event], ...]:
    """Events with their serials from 0."""
    return tuple(enumerate(events))


def adoption(
    number: int = 1,
    events: tuple[Event, ...] | None = None,
    *,
    part: int = 0,
    is_last: bool = True,
    tenant: TenantId = DEFAULT_TENANT,
) -> Adoption:
    """One archived part whose packets span its events."""
    told = inbound() if events is None else events
    first_us = min(event.at_us for event in told)
    last_us = max(event.at_us for event in told)
    name = PartName(recording_id(number, told[0].at_us), part)
    return Adoption(
        part_name=name,
        tenant=tenant,
        node=NodeId(b"n" * 16),
        key_id=KeyId(hashlib.sha256(f"key of {name}".encode()).digest()[:16]),
        path=f"{tenant}/2026/10/29/{name}.rkn",
        map_path=f"{tenant}/2026/10/29/{name}.rkm",
        size_bytes=1 << 20,
        sha256=hashlib.sha256(str(name).encode()).digest(),
        segments=255,
        created_us=first_us,
        first_us=first_us,
        last_us=last_us,
        events=numbered(told),
        packets=(StreamPackets(stream=0, packets=500), StreamPackets(stream=1, packets=499)),
        lost=(),
        end_reason="bye",
        is_last=is_last,
        streams=speaking((0, 1), first_us, last_us),
    )


def with_streams(own: Adoption, **told: object) -> Adoption:
    """The same, of whose streams something else is told."""
    return replace(own, streams=replace(own.streams, **told))  # type: ignore[arg-type]


def speaking(streams: Iterable[int], first_us: int, last_us: int) -> PartStreams:
    """Somebody is heard on each of these streams all the time."""
    return PartStreams(
        sequences=tuple(SequenceRange(stream=n, ssrc=n, first=0, last=499) for n in streams),
        sounds=tuple(StreamSound(n, "PCMU", ((first_us, last_us),)) for n in streams),
    )


LOST_ONE = (LostRange(stream=1, from_us=STARTED_US, until_us=STARTED_US + 20_000, packets=1),)


@cache
def empty_catalog() -> bytes:
    """The file of an empty catalog, made by the migrations once in a run: they take long."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "catalog.db"
        upgrade(catalog_url(file))
        return file.read_bytes()


def new_catalog(folder: Path) -> Engine:
    """An empty catalog in a folder, or where PostgreSQL is tried, there."""
    if SERVERS:
        return open_engine(SERVERS[-1].new_catalog())
    file = folder / "catalog.db"
    file.write_bytes(empty_catalog())
    return open_engine(catalog_url(file))


def new_database(file: Path) -> Engine:
    """Nothing yet: a file that is still to be made, or where PostgreSQL is tried, a database."""
    return open_engine(SERVERS[-1].new_database() if SERVERS else catalog_url(file))


def catalog_with(folder: Path, put: Callable[[Engine], None]) -> Engine:
    """A catalog in a folder with what `put` writes, which on SQLite is asked once in a run."""
    if SERVERS:
        engine = new_catalog(folder)
        put(engine)
        return engine
    file = folder / "catalog.db"
    file.write_bytes(_written(put))
    return open_engine(catalog_url(file))


@cache
def _written(put: Callable[[Engine], None]) -> bytes:
    with TemporaryDirectory() as folder:
        engine = new_catalog(Path(folder))
        put(engine)
        engine.dispose()
        return (Path(folder) / "catalog.db").read_bytes()


def same_catalog(engine: Engine) -> AsyncEngine:
    """A catalog as the API opens it that is open already, wherever it lies."""
    return open_async_engine(engine.url.render_as_string(hide_password=False))


def adopt(engine: Engine, *adoptions: Adoption) -> None:
    """Write parts as the keeper does."""
    writer = CatalogWriter(engine, lambda: NOW_US)
    for each in adoptions:
        writer.commit([each])


def unread(engine: Engine, own: RecordingId) -> None:
    """Leave the rows of its parts as a rebuild does of which no file can be read."""
    row = select(recording.c.row).where(recording.c.id == own.raw).scalar_subquery()
    with writing(engine) as connection:
        connection.execute(update(part).where(part.c.recording == row).values(gaps=None))


def access(tenant: TenantId = DEFAULT_TENANT, at_us: int = NOW_US) -> Access:
    """Somebody with a reason."""
    return Access(
        tenant=tenant,
        actor="yamada",
        at_us=at_us,
        within=WHOLE_TENANT,
        purpose="case:D-2026-0114",
    )


def author(tenant: TenantId = DEFAULT_TENANT, at_us: int = NOW_US, user: int = 0) -> Author:
    """The same, for what changes the register; nobody's doing unless said otherwise."""
    return Author(access=access(tenant, at_us), user=user)


def service_token(
    engine: Engine,
    name: str,
    scopes: Iterable[str],
    *,
    tenant: TenantId = DEFAULT_TENANT,
    lifetime_us: int = MINUTE_US,
) -> NewToken:
    """A token of a service, which is made if there is none."""
    by = author(tenant)
    terms = TokenTerms(scopes=scopes, expires_us=NOW_US + lifetime_us, purpose="technical")
    with writing(engine) as connection:
        if name not in {each.name for each in services(connection, tenant)}:
            add_service(connection, by, name)
        return create_token(connection, by, service_named(connection, tenant, name), terms)


def index_dump(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """All that the index says, without the integers that only it knows."""
    with reading(engine) as connection:
        return {table.name: _rows(connection, table) for table in INDEX_TABLES}


def _rows(connection: Connection, table: Table) -> list[tuple[object, ...]]:
    wanted = select(*(column for column in table.c if column.name not in _INTEGERS))
    if "recording" in table.c:
        wanted = wanted.add_columns(recording.c.id.label("of_recording")).where(
            recording.c.row == table.c.recording
        )
    if "conversation" in table.c:
        wanted = wanted.add_columns(conversation.c.id.label("of_conversation")).where(
            conversation.c.row == table.c.conversation
        )
    if table is leg_naming:
        wanted = wanted.add_columns(naming.c.content).where(naming.c.row == leg_naming.c.naming)
    if table is conversation:
        later = conversation.alias()
        merged = select(later.c.id).where(later.c.row == conversation.c.merged_into)
        wanted = wanted.add_columns(merged.scalar_subquery().label("of_later"))
    return sorted((tuple(row) for row in connection.execute(wanted)), key=repr)
