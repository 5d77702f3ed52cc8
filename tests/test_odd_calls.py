"""Calls of which their peer says odd things, from their first bytes into the catalog: quickly.

Both doors' machines and the catalog's writer, of either database, in this process.
Knows no network.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from archive.access.query import PhoneClue, SearchQuery, Window
from archive.call.events import CallEnded, CallRefused, Event, decode_event
from archive.catalog.access.grants import Ask, SearchGrant, grant
from archive.catalog.database.engine import reading
from archive.catalog.index.writer import CatalogWriter
from archive.catalog.search.search import search
from archive.catalog.tables.catalog import recording, refused_call
from archive.catalog.tables.columns import FLAGS_JOINED
from capture.links.recorder_messages import Record
from capture.recording.outputs import ToWorker
from capture.sip.build import Header
from capture.sip.events import MalformedReceived, RequestRefused
from capture.sip.stream_framer import StreamFramer
from capture.siprec.server import RecordingServer
from tests.archive.catalog.examples import NOW_US, TOKYO, access, adoption, inbound, new_catalog
from tests.capture.inline import stage as inline
from tests.capture.sip.scenes import TCP
from tests.capture.siprec import stage as siprec
from tests.odd_calls import ODDITIES, Oddity, metadata, raw

TOLD = {"metadata_broken", "metadata_incomplete", "text_changed"}
ALWAYS = Window(
    start_at=datetime.min.replace(tzinfo=UTC), end_at=datetime.max.replace(tzinfo=UTC), zone=TOKYO
)


def arrived(stage: siprec.Stage | inline.Stage, server: RecordingServer, message: bytes) -> None:
    """It came on a stream, and went as the shell has it go."""
    for frame in StreamFramer().feed(message):
        assert isinstance(frame, bytes)
        for output in stage.core.receive(frame, TCP, stage.now_s):
            match output:
                case MalformedReceived():
                    server.malformed(output, stage.now)
                case RequestRefused():
                    server.refused(output, stage.now)
                case _:
                    stage._take([output])


def named(message: bytes, odd: Oddity) -> bytes:
    """With its Call-ID, where that is odd."""
    before, own, after = message.partition(b"Call-ID: ")
    ends = after.index(b"\r\n")
    return before + own + (raw(odd.call_id) or after[:ends]) + after[ends:]


def refusals(stage: siprec.Stage | inline.Stage, server: RecordingServer) -> list[Event]:
    """What the ledger has of it."""
    outputs = server.ledger_pages(stage.now)
    told = [each.command for each in outputs if isinstance(each, ToWorker)]
    events = [e for each in told if isinstance(each, Record) for e in each.events]
    found = [decode_event(each.payload) for each in events]
    return [each for each in found if isinstance(each, CallRefused)]


def by_siprec(odd: Oddity, number: str) -> list[Event]:
    """What is told of a recording session with such metadata."""
    stage = siprec.Stage()
    body = siprec.described(metadata=metadata(odd.text, number, odd.more))
    message = siprec.request(b"INVITE", siprec.SIPREC, siprec.MIXED, body=body)
    arrived(stage, stage.server, named(message, odd))
    if not stage.records():
        return refusals(stage, stage.server)
    return [*stage.events(), CallEnded(at_us=stage.now.us, reason="bye")]


def by_inline(odd: Oddity, number: str) -> list[Event]:
    """What is told of a call whose caller names himself so."""
    stage = inline.Stage()
    name = odd.text.replace("\\", "\\\\").replace('"', '\\"')
    asserted = (b"P-Asserted-Identity", raw(f'"{name}" <sip:{number}@carrier.example>'))
    more: Iterable[Header] = (
        (b"P-Asserted-Identity", b"<sip:%d@pbx.example>" % at) for at in range(odd.more)
    )
    message = inline.from_caller(b"INVITE", asserted, *more, body=inline.OFFER)
    arrived(stage, stage.recording, named(message, odd))
    if not stage.to_b():
        return refusals(stage, stage.recording)
    stage.b(180).b(200, body=inline.ANSWER)
    tag = stage.answer_to_a().to_address.tag
    stage.a(named(inline.from_caller(b"ACK", to_tag=tag), odd)).played()
    return [*stage.events(), CallEnded(at_us=stage.now.us, reason="bye")]


def found_by(engine: Engine, number: str) -> set[bytes]:
    """The recordings of that number."""
    granted = grant(engine, SearchGrant, Ask(access=access()))
    query = SearchQuery(window=ALWAYS, clues=(PhoneClue.parse(number, "JP"),))
    with reading(engine) as connection:
        return {each.recording.raw for each in search(connection, query, granted).found}


@pytest.mark.both
@pytest.mark.parametrize("door", [by_siprec, by_inline])
def test_odd_calls_are_found_flagged_or_refused_with_a_row_and_stop_no_neighbour(
    tmp_path: Path, door: Callable[[Oddity, str], list[Event]]
) -> None:
    """All of them in one batch of the keeper, between calls that are as most are."""
    engine = new_catalog(tmp_path)
    numbers = {odd.kind: f"+8130{at:08d}" for at, odd in enumerate(ODDITIES, start=1)}
    told = {odd.kind: tuple(door(odd, numbers[odd.kind])) for odd in ODDITIES}
    calls = {
        kind: (adoption(2 * at + 1, inbound()), adoption(2 * at + 2, events))
        for at, (kind, events) in enumerate(told.items())
    }

    CatalogWriter(engine, lambda: NOW_US).commit([part for pair in calls.values() for part in pair])

    with reading(engine) as connection:
        rows = connection.execute(select(recording.c.id, recording.c.flags)).all()
        pages = set(connection.scalars(select(refused_call.c.page)))
    flags = {each.id: set(each.flags.split(FLAGS_JOINED)) for each in rows}
    neither = [
        kind
        for kind, (neighbour, own) in calls.items()
        for it in [own.part_name.recording.raw]
        if neighbour.part_name.recording.raw not in flags
        or not (it in pages or TOLD & flags[it] or it in found_by(engine, numbers[kind]))
    ]
    assert neither == []
