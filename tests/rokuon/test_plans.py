"""No statement of the command line or of the HTTP interface reads more, the more calls there are.

Each is asked as people ask; what the database got is then planned on a catalog of a million calls.
"""

import asyncio
import json
import re
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import httpx2
import pytest
from sqlalchemy import Connection

from api.access.authorization import Door
from api.locate.column_keeper import ColumnKeeper
from api.locate.question import LocateQuery, TypedClue
from api.locate.ranked_search import Locate
from api.locate.sight import Lookout
from api.permissions.accounts import Account, Authority
from api.permissions.actor import Actor
from api.permissions.verbs import Verb
from api.web.app import create_app
from archive.access.query import SearchQuery, Window
from archive.access.reach import EVERYWHERE, WHOLE_TENANT, NumberRange, ReachRule, Within
from archive.call.corrections import AgentCorrected, BySide, NumberCorrected, QueueCorrected
from archive.catalog.access.grants import Ask, CorrectGrant, ReadGrant, SearchGrant, grant
from archive.catalog.access.proposal_scope import lies_within
from archive.catalog.database.engine import open_async_engine, reading, writing
from archive.catalog.destruction.certificates import uncertified_plans
from archive.catalog.destruction.planned_recordings import (
    destroyed_by_day,
    drop_rest,
    in_open_plans,
    last_causes,
    next_planned,
    plans_under_way,
    under_way,
    under_way_among,
)
from archive.catalog.destruction.plans import open_plans
from archive.catalog.destruction.standing_approvals import standing_rules
from archive.catalog.destruction.tombstones import find_tombstone, tombstones_page
from archive.catalog.holds.held_keys import keys_had
from archive.catalog.holds.held_recordings import hold_next
from archive.catalog.holds.measures import MeasureAct, have_measure, measures_of_case
from archive.catalog.index.amendment import correct
from archive.catalog.journal.authors import Author
from archive.catalog.journal.breach import AccountPeriod, reach, reached_calls
from archive.catalog.journal.texts import FIRST, is_written_behind, kept_texts, last_place
from archive.catalog.register.legal_holds import stored_holds
from archive.catalog.retention.marked_rows import marked_rows
from archive.catalog.retention.numbers_held import held_by
from archive.catalog.retention.retained import retained_at, retained_of
from archive.catalog.retention.retained_counts import Grouping, one_by_one
from archive.catalog.retention.retained_groups import ended_between, rows_of
from archive.catalog.retention.told_events import days_told
from archive.catalog.search import search
from archive.catalog.search.audit import JournalQuery, Order, tail, who_heard
from archive.catalog.search.calls import read_call, sight
from archive.catalog.search.shown import show_page
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT, ID_BYTES, ConversationId, HoldId, KeyId, RecordingId
from archive.keys.store.legal_holds import HeldKeys
from archive.lifecycle.measures import Measure, MeasureKind
from archive.lifecycle.retention_events import EventKey
from archive.lifecycle.tombstone import DestroyedBy, DestroyedWindow
from bench.filled_registers import fill_registers
from retention.runner.judgement.protections import standing_of
from rokuon.compose.api.users import make_token
from rokuon.compose.archive.catalog import CATALOG_FILE, local_access, open_catalog, url_of
from rokuon.compose.archive.keeper import recover
from rokuon.compose.archive.records import is_archive_empty
from rokuon.machine import clock
from tests.api.examples import LIMITS, SOUND, MemoryNode, MemoryRendering, MemorySource
from tests.api.sign_in_terms import TERMS
from tests.archive.catalog.examples import AGENTS_CSV
from tests.archive.catalog.plans import (
    END,
    SMALL,
    Statement,
    has_key,
    has_statistics,
    indexes,
    listening,
    planner,
    pretend_calls,
    slow_steps,
)
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation, installation
from tests.support.cli.calls import WINDOW
from tests.support.cli.copies import refused
from tests.support.rokuon.plans import join_late
from tests.support.services import services

FREEZE = MeasureAct(
    measure=Measure(kind=MeasureKind.FREEZE, case="C-1"),
    target=RecordingId(bytes(ID_BYTES)),
    recordings=(RecordingId(bytes(ID_BYTES)),),
)


OF_TENANT = re.compile(r"(\w+\.tenant) = (\?|\w+\.tenant)")


class HoldingClient:
    """Holds whatever it is asked to."""

    def hold_keys(self, _hold: HoldId, keys: Sequence[KeyId]) -> HeldKeys:
        return HeldKeys(held=len(keys), destroyed=(), unknown=())


# What is under way in plans, and all that a hold has, can be read in their place: a little more.
# By an entry's id of the key daemon, and by the page of who was refused, ask `rokuon verify` and
# who takes a page away, which are not run here; for the words of a set of names who takes away the
# last leg that bears it (`index/test_namings.py`). What a search counts beside its answer is
# counted by its time as well: `search/test_guesses.py` has the index.
DONE_WITHOUT = {
    "ix_hold_recording_meant",
    "ix_journal_tenant_opening",
    "ix_naming_word_tenant_naming",
    "ix_planned_recording_tenant_recording",
    "ix_recording_undirected",
    "ix_recording_unread",
    "ix_refused_mention_tenant_page",
}
# Each process holds it against the log of seals once, when it starts.
AT_A_START = (
    "SELECT proposal_recording.proposal, proposal_recording.recording \n"
    "FROM proposal_recording ORDER BY proposal_recording.proposal"
)
# SQLite's own, for what is unique; they cannot be dropped.
OF_A_CONSTRAINT = "sqlite_autoindex"
CLUES: tuple[tuple[str, ...], ...] = (
    (),
    ("--agent", "田中"),
    ("--agent", "田中 真由"),
    ("--number", "03-1234-7788"),
    ("--number", "7788"),
    ("--number", "47788"),
    ("--id", "one@example"),
    ("--queue", "support"),
    ("--tag", "gold"),
    ("--direction", "inbound"),
    ("--direction", "unknown"),
    ("--min-duration", "60"),
    ("--agent", "田中", "--number", "7788"),
)


def ask_the_command_line(site: Installation) -> None:
    """Every command that asks the catalog for one thing, or for a page."""
    agents = site.folder / "agents.csv"
    agents.write_text(AGENTS_CSV)
    run_at(site, "agents", "import", str(agents))
    run_at(site, "agents", "list")
    for clues in CLUES:
        run_at(site, "calls", "find", *WINDOW, *clues)
    found = json.loads(run_at(site, "calls", "find", *WINDOW, "-o", "json").output)
    for name in (found[0]["call"], found[0]["recording"], "one@example"):
        run_at(site, "calls", "show", name)
        run_at(site, "calls", "trace", name)
        run_at(
            site, "calls", "export", name, "-O", str(site.folder / f"{secrets.token_hex(4)}.wav")
        )
    run_at(site, "calls", "trace", "refused@example")
    run_at(site, "calls", "ledger", *WINDOW)
    run_at(site, "calls", "ledger", *WINDOW, "--number", "7788")
    run_at(site, "calls", "ledger", *WINDOW, "--name", "田中")
    run_at(site, "source", "report", "loopback")
    exported = site.folder / "policy.toml"
    exported.write_text(run_at(site, "retention", "policy", "export").output)
    run_at(site, "retention", "policy", "check", str(exported))
    run_at(site, "user", "token", "tester")
    is_archive_empty(site.config)


def ask_the_journal(site: Installation) -> None:
    """What auditors ask: each kind of page, one call and one recording, one account."""
    catalog = open_catalog(site.config)
    with reading(catalog) as connection:
        for order in get_args(Order):
            for behind in (0, 1):
                asked = JournalQuery(order=order, behind=behind, from_us=0, to_us=1)
                tail(connection, DEFAULT_TENANT, asked)
                tail(connection, DEFAULT_TENANT, replace(asked, actor="x", action="refused"))
        tail(connection, DEFAULT_TENANT, JournalQuery(actor="x"))
        found = tail(connection, DEFAULT_TENANT, JournalQuery(action="found"))[0].entry
        for target in (found.shown[0], ConversationId(found.shown[0].raw)):
            assert who_heard(connection, DEFAULT_TENANT, target)
        period = AccountPeriod(actor=found.actor, from_us=0, to_us=clock.now_us())
        assert reach(connection, DEFAULT_TENANT, period)
        assert reached_calls(connection, DEFAULT_TENANT, period)
        row = tenant_row(connection, DEFAULT_TENANT)
        kept_texts(connection, row, [(0, 1), (2, 3)], FIRST, 9)
        last_place(connection, row, "texts_destroyed")
        is_written_behind(connection, row, 1)
    catalog.dispose()


def ask_within_reach(site: Installation) -> None:
    """A search, a look and a read of somebody who reaches a part of the tenant, for a purpose."""
    part = ReachRule(
        queues=frozenset({"support"}),
        teams=frozenset({"red"}),
        controllers=frozenset({"acme"}),
        numbers=frozenset({"+81312*", "1001-1099"}),
    )
    within = Within(reach=(part, ReachRule(teams=frozenset({"blue"}))), purpose="quality")
    catalog = open_catalog(site.config)
    access = replace(local_access(), within=within)
    narrow = tuple(
        ReachRule(**{kind: frozenset({"one", "two"})})
        for kind in ("teams", "queues", "controllers")
    )
    window = Window(
        start_at=datetime(2026, 10, 29, tzinfo=UTC),
        end_at=datetime(2026, 10, 30, tzinfo=UTC),
        zone=ZoneInfo("UTC"),
    )
    granted = grant(catalog, SearchGrant, Ask(access=access))
    show_page(catalog, SearchQuery(window=window), granted)
    led = grant(catalog, SearchGrant, Ask(access=replace(access, within=Within(reach=narrow))))
    with pytest.MonkeyPatch.context() as patch:
        # So that the reach leads where there is one call.
        patch.setattr(search, "WALKED", 1)
        show_page(catalog, SearchQuery(window=window), led)
    for target in (RecordingId(bytes(ID_BYTES)), ConversationId(bytes(ID_BYTES))):
        for purpose in ("quality", "case:C-1"):
            with reading(catalog) as connection:
                sight(connection, DEFAULT_TENANT, replace(within, purpose=purpose), target)
        read_one = grant(catalog, ReadGrant, Ask(access=access, target=target))
        with reading(catalog) as connection:
            read_call(connection, target, read_one)
    catalog.dispose()


def correct_a_call(site: Installation) -> None:
    """Each kind of correction asks for other rows, and an import for those that were corrected."""
    found = json.loads(run_at(site, "calls", "find", *WINDOW, "-o", "json").output)
    own = RecordingId.parse(found[0]["recording"])
    catalog = open_catalog(site.config)
    whom = BySide(side="agent")
    for change in (
        AgentCorrected(whom=whom, agent_id="A17"),
        NumberCorrected(whom=whom, number="2002"),
        QueueCorrected(queue="sales"),
    ):
        granted = grant(catalog, CorrectGrant, Ask(access=local_access(), target=own))
        with writing(catalog) as connection:
            correct(connection, own, change, "", granted)
    catalog.dispose()


def fill_the_registers(site: Installation) -> None:
    """A hold, a measure of a case, a plan, an event."""
    catalog = open_catalog(site.config)
    fill_registers(catalog, Author(access=local_access()))
    catalog.dispose()


def ask_in_rounds(site: Installation) -> None:
    """What the runner, the upkeep of holds and measures of cases ask, again and again."""
    catalog = open_catalog(site.config)
    own, call = RecordingId(bytes(ID_BYTES)), ConversationId(bytes(ID_BYTES))
    with writing(catalog) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        for plan in open_plans(connection, DEFAULT_TENANT):
            next_planned(connection, tenant, plan.number, 1)
        next_planned(connection, tenant, 1, 1)
        under_way(connection, tenant, 1)
        under_way_among(connection, tenant, [own])
        plans_under_way(connection, tenant)
        in_open_plans(connection, tenant)
        last_causes(connection, tenant)
        destroyed_by_day(connection, tenant, 1)
        uncertified_plans(connection, DEFAULT_TENANT)
        drop_rest(connection, tenant, 1, "stopped")
        standing_rules(connection, tenant, clock.now_us())
        standing_of(connection, tenant, [own])
        ask_what_is_due(connection, tenant, own)
        days_told(connection, tenant, {EventKey("contract_end", "k-1")})
        find_tombstone(connection, tenant, EVERYWHERE, call)
        for by in get_args(DestroyedBy):
            for behind in (0, 1):
                window = DestroyedWindow(by=by, from_us=0, to_us=clock.now_us(), behind=behind)
                tombstones_page(connection, tenant, EVERYWHERE, window)
        have_measure(connection, tenant, FREEZE)
        lies_within(connection, local_access(), 1)
        measures_of_case(connection, tenant, "C-1", WHOLE_TENANT, 0)
        for placed in stored_holds(connection, tenant):
            hold_next(connection, tenant, placed, HoldingClient())
            keys_had(connection, tenant, placed, b"", 1)
    catalog.dispose()


def ask_what_is_due(connection: Connection, tenant: int, own: RecordingId) -> None:
    """What simulations and plans ask of what they judge one by one."""
    retained_at(connection, tenant, [1])
    retained_of(connection, tenant, [own])
    rows_of(connection, tenant, [own])
    list(ended_between(connection, tenant, [1], range(1)))
    grouping = Grouping(tenant=tenant, kinds={}, begins=lambda _kind, _sets: [])
    list(one_by_one(connection, grouping, [1]))
    held_by(connection, tenant, [frozenset({NumberRange.parse("+813*")})], [1])
    marked_rows(connection, tenant, [frozenset({NumberRange.parse("+813*")})])


async def ask_over_http(site: Installation) -> None:
    """Every path that asks the catalog."""
    found = json.loads(run_at(site, "calls", "find", *WINDOW, "-o", "json").output)[0]
    call, recording = found["call"], found["recording"]
    catalog = open_async_engine(url_of(site.config))
    needs = services(
        engine=catalog,
        audio=MemorySource(MemoryRendering(SOUND)),
        clock_us=clock.now_us,
        node=MemoryNode(),
        sign_in=TERMS,
        limits=LIMITS,
    )
    token = await asyncio.to_thread(make_token, site.config, "tester")
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=create_app(needs)),
        base_url="http://rokuon/api/v1",
        headers={"Authorization": f"Bearer {token}"},
    ) as client:
        day = {"from": "2026-10-29T00:00:00Z", "to": "2026-10-30T00:00:00Z", "zone": "UTC"}
        answers = [await client.post("/calls/search", json={"window": day})]
        for path in (f"/calls/{call}", f"/recordings/{recording}"):
            answers += [await client.get(path), await client.get(f"{path}/audio")]
        for what in ("parts", "peaks"):
            answers.append(await client.get(f"/recordings/{recording}/{what}"))
    await catalog.dispose()
    assert {answer.status_code for answer in answers} == {200}


@contextmanager
def columns_of(site: Installation) -> Iterator[ColumnKeeper]:
    """Made before anybody listens: that reads all that there is."""
    engine = open_catalog(site.config)
    keeper = ColumnKeeper(
        engine=engine,
        tenant=DEFAULT_TENANT,
        folder=site.config.catalog_path / "columns",
        copy=bytes(ID_BYTES),
        clock_us=clock.now_us,
    )
    while keeper.step():
        pass
    yield keeper
    engine.dispose()


async def ask_what_is_remembered(site: Installation, keeper: ColumnKeeper) -> None:
    """All kinds of clues, of calls with and without a recording, and what is brought forward."""
    found = json.loads(run_at(site, "calls", "find", *WINDOW, "-o", "json").output)[0]
    catalog = open_async_engine(url_of(site.config))
    locate = Locate(
        door=Door(engine=catalog, clock_us=clock.now_us),
        lookouts={DEFAULT_TENANT: Lookout(keeper)},
        country="JP",
    )
    own = Authority(own=frozenset({Verb.SEARCH, Verb.LEDGER}), own_reach=EVERYWHERE)
    somebody = Account(tenant=DEFAULT_TENANT, name="x", kind="person", authority=own, user=1)
    told = {"gist": "解約", "customer": "田中", "id": found["recording"], "number": "7788"}
    clues = [TypedClue(kind=kind, value=value, likely=True) for kind, value in told.items()]
    clues += [TypedClue(kind=kind, value=found["call"], likely=True) for kind in ("not", "beside")]
    query = LocateQuery(zone=ZoneInfo("UTC"), clues=tuple(clues))
    await locate.search(Actor(account=somebody, stated="quality"), query)
    await catalog.dispose()


@pytest.fixture(scope="module")
def asked() -> Iterator[tuple[Path, list[Statement]]]:
    """A catalog, and every statement that its keeper and those who ask it have run."""
    with installation() as site:
        site.put_call()
        # The first round makes the catalog; only what comes then is the daily work.
        recover(site.config)
        site.put_page(refused("refused@example"))
        fill_the_registers(site)
        with columns_of(site) as columns, listening() as heard:
            recover(site.config)
            join_late(site)
            correct_a_call(site)
            ask_the_command_line(site)
            ask_the_journal(site)
            ask_within_reach(site)
            asyncio.run(ask_over_http(site))
            asyncio.run(ask_what_is_remembered(site, columns))
            ask_in_rounds(site)
        yield site.config.catalog_path / CATALOG_FILE, list(dict.fromkeys(heard))


def slow(database: sqlite3.Connection, statements: list[Statement]) -> list[str]:
    """What is slow, with the statement that asks for it."""
    return [
        f"{step}: {statement.sql}"
        for statement in statements
        if statement.sql != AT_A_START and not END.fullmatch(statement.sql)
        for step in slow_steps(statement.plan(database))
    ]


def test_no_statement_takes_longer_the_more_calls_there_are(
    asked: tuple[Path, list[Statement]],
) -> None:
    """One thing by its id took 2 s of a million calls: a key was asked for without its tenant."""
    file, statements = asked
    with planner(file) as database:
        without_statistics = slow(database, statements)
        pretend_calls(database)
        with_statistics = slow(database, statements)

    assert without_statistics == []
    assert with_statistics == []


def test_no_statement_takes_longer_when_it_is_asked_of_many(
    asked: tuple[Path, list[Statement]],
) -> None:
    """SQLite takes a tenant for ten rows: rather than 500 keys it read all that the tenant has."""
    file, statements = asked
    with planner(file) as database:
        many = slow(database, [each.for_many() for each in statements])

    assert many == []


def test_the_product_gathers_no_statistics(asked: tuple[Path, list[Statement]]) -> None:
    """Those of ten calls have SQLite read the table that holds a million: plans stay as pinned."""
    file, statements = asked
    with planner(file) as database:
        gathered = has_statistics(database)
        pretend_calls(database, 10)
        misled = slow(database, statements)

    assert not gathered
    assert misled


def test_the_loss_of_any_index_is_noticed(asked: tuple[Path, list[Statement]]) -> None:
    """Each is there for somebody who asks, and the test above sees that he has it."""
    file, statements = asked
    with planner(file) as database:
        large = [
            name
            for name, (table, _) in indexes(database).items()
            if table not in SMALL and not name.startswith(OF_A_CONSTRAINT)
        ]
    unnoticed = set()
    for name in large:
        with planner(file) as database:
            database.execute(f"DROP INDEX {name}")
            if not slow(database, statements):
                unnoticed.add(name)

    assert unnoticed == DONE_WITHOUT


def test_the_loss_of_any_condition_on_the_tenant_is_noticed(
    asked: tuple[Path, list[Statement]],
) -> None:
    """A key that is asked for without its first column is no key."""
    file, statements = asked
    with planner(file) as database:
        by_key = [each for each in statements if has_key(each.plan(database))]
        without = [
            Statement(
                re.sub(r'(\w+\.tenant) = (\?|\w+\.tenant|tenant\."row")', r"\1 + 0 = \2", each.sql),
                each.values,
            )
            for each in by_key
        ]

        assert [each.sql for each in without if not slow_steps(each.plan(database))] == []
