"""A catalog of a million calls in minutes: a few that the keeper's code wrote, and their copies.

A copy has keys, times, numbers and ids of its own and is otherwise as long and as varied as what it
is made of. Knows columns by their names and no table by its own, so that a new one is filled too.
"""

import hashlib
import os
import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, Table, select

from api.permissions.roles import Role
from api.permissions.verbs import Verb
from archive.access.approvals import Kind
from archive.access.reach import WHOLE, WHOLE_TENANT
from archive.call.corrections import AgentCorrected, BySide, CorrectionRefused, NoteWritten
from archive.catalog.access.approvals import approve, propose
from archive.catalog.access.grants import (
    Access,
    Ask,
    CorrectGrant,
    ListenGrant,
    ReadGrant,
    SearchGrant,
    grant,
)
from archive.catalog.access.proposal_comments import add_comment
from archive.catalog.accounts.confirmations import confirm
from archive.catalog.accounts.credentials import set_credential
from archive.catalog.accounts.given_roles import give_os_name, give_role
from archive.catalog.accounts.persons import (
    UserRecord,
    add_service,
    add_user,
    service_named,
    user_named,
)
from archive.catalog.accounts.sessions import Lifetime, begin_session
from archive.catalog.accounts.sign_in_codes import make_code
from archive.catalog.accounts.single_person import declare_one_person
from archive.catalog.accounts.tokens import TokenTerms, create_token
from archive.catalog.database.engine import catalog_url, open_engine, reading, writing
from archive.catalog.destruction.tombstone_counts import dispute
from archive.catalog.destruction.tombstones import Tombstone, digest_of, place_tombstone
from archive.catalog.index.agents import import_agents
from archive.catalog.index.amendment import correct
from archive.catalog.index.writer import CatalogWriter
from archive.catalog.journal.authors import Author
from archive.catalog.migrate import upgrade
from archive.catalog.register.jobs import order_job
from archive.catalog.retention.revisions import NewRevision, append_revision
from archive.catalog.search.calls import everything
from archive.catalog.tables.catalog import (
    INDEX_TABLES,
    ROW,
    catalog,
    conversation,
    correction,
    journal,
    leg,
    leg_address,
    mark,
    naming,
    naming_word,
    recording,
    retention_class,
    tombstone,
)
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT, RecordingId, uuid7
from archive.job_queue import JobKind, Order
from bench.archived_calls import FIRST_US, PURPOSE, agents_csv, archived_calls
from bench.filled_registers import fill_registers
from retention.policies.policy_text import policy_text
from retention.policies.shipped_policy import SHIPPED
from rokuon.machine.logins import name_of

# So many calls are written by the keeper's code; all others are copies of them.
PATTERNS: Final = 400
# A call begins so often: 3,333 a day, a million in 300 days.
EVERY_US: Final = 26_000_000
# Of so many recordings one was left open for 13 hours.
_LONG_EVERY: Final = 100_003
_LONG_MS: Final = 13 * 3_600_000
_BATCH: Final = 25
_US_PER_MS: Final = 1_000
# Columns that hold keys of rows that are copied too, and of which table.
PARENTS: Final = {
    "recording": "recording",
    "conversation": "conversation",
    "merged_into": "conversation",
    "leg": "leg",
    "journal": "journal",
}
# Texts that are another's in each copy, and how numbers are made of the number as received.
_TEXTS: Final = frozenset({"value", "call_id"})
_NUMBERS: Final = {
    "raw": "{}",
    "e164": "CASE e164 WHEN '' THEN '' ELSE {} END",
    "reversed_digits": "backwards({})",
    "last4": "substr({}, -4)",
}
# The same of what is mentioned, where it is a number.
_MENTIONED: Final = {
    "text": "CASE kind WHEN 'number' THEN _another_number(text, n) ELSE text END",
    "e164": "CASE e164 WHEN '' THEN '' ELSE _another_number(e164, n) END",
    "folded": "CASE kind WHEN 'number' THEN backwards(_another_number(text, n)) ELSE folded END",
}
_MADE_BY: Final = {
    "id": "_another_id",
    # Of the register, which knows recordings by their ids; in the index it is a key.
    "recording": "_another_id",
    "page": "_another_id",
    "key_id": "_another_digest",
    "opening": "_another_digest",
    "sha256": "_another_digest",
    "digest": "_another_digest",
    "path": "_another_path",
    "map_path": "_another_path",
    "target": "_another_target",
    "aor": "_another_number",
    "from_value": "_another_number",
}
_ID_DIGITS: Final = 32
_HEX_ID: Final = re.compile("[0-9a-f]{32}")
_CUSTOMER: Final = re.compile(r"(\+81[0-9]{1,2})([0-9]{8})")
# Prime to the number of numbers, so that copies share none before all are used.
_APART: Final = 7_919_003
_SHARED: Final = (retention_class, naming, naming_word)
# These belong to the register, and grow with the calls all the same.
COPIED: Final[tuple[Table, ...]] = (
    # Copies are kept as what they are copies of: their class is the same, and their names.
    *(table for table in reversed(INDEX_TABLES) if table not in _SHARED),
    journal,
    correction,
    tombstone,
)
# All that retention reads of recordings, and nothing else; and what of it no class stands for.
OF_RETENTION: Final[tuple[Table, ...]] = (conversation, recording, leg, leg_address, mark)
ONE_BY_ONE: Final[tuple[Table, ...]] = (leg, leg_address, mark)
FAST: Final = ("journal_mode=OFF", "synchronous=OFF", "cache_size=-500000", "temp_store=MEMORY")

Step = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Filling:
    """How many calls are written by the keeper's code, and the tables of which copies are made."""

    patterns: int = PATTERNS
    tables: tuple[Table, ...] = COPIED

    @property
    def period_us(self) -> int:
        """What is between the same call in two copies."""
        return self.patterns * EVERY_US


@dataclass(frozen=True, slots=True)
class Filled:
    """What was made: rows of every table, and how large the file is."""

    calls: int
    rows: Mapping[str, int]
    size_bytes: int

    @property
    def bytes_per_call(self) -> float:
        """Of the whole file."""
        return self.size_bytes / self.calls


def fill(
    file: Path, calls: int, *, seed: int, step: Step, filling: Filling | None = None
) -> Filled:
    """Make a catalog of about so many calls in `file`, which is not there yet; `step` is told."""
    filling = filling or Filling()
    patterns = min(filling.patterns, calls)
    _write_patterns(file, patterns, seed)
    copies = max(0, calls // patterns - 1)
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        for pragma in FAST:
            database.execute(f"PRAGMA {pragma}")
        indexes = take_indexes(database)
        _copy(_Copier(database, filling.period_us), copies, filling.tables, step)
        _leave_some_open(database)
        for done, (_, made_by) in enumerate(indexes, start=1):
            database.execute(made_by)
            step(copies + done, copies + len(indexes))
        database.execute("PRAGMA journal_mode=WAL")
        rows = {
            name: int(database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608
            for name in catalog.tables
        }
    return Filled(calls=patterns * (copies + 1), rows=rows, size_bytes=file.stat().st_size)


def _write_patterns(file: Path, count: int, seed: int) -> None:
    """Calls, agents, a person, a service and its token, searches: by the product's own code."""
    url = catalog_url(file)
    upgrade(url)
    engine = open_engine(url)
    access = Access(
        tenant=DEFAULT_TENANT,
        actor="bench",
        at_us=FIRST_US,
        within=WHOLE_TENANT,
        purpose=PURPOSE,
    )
    import_agents(engine, agents_csv(), ZoneInfo("Asia/Tokyo"), access)
    author = Author(access=access)
    with writing(engine) as connection:
        add_service(connection, author, "bench")
        holder = service_named(connection, DEFAULT_TENANT, "bench")
        create_token(connection, author, holder, TokenTerms(scopes=Verb, expires_us=FIRST_US + 1))
        # Who runs the bench is this person, and may ask everything.
        add_user(connection, author, "bench", purpose=PURPOSE)
        person = user_named(connection, DEFAULT_TENANT, "bench")
        for role in Role:
            give_role(connection, author, person, role, WHOLE)
        give_os_name(connection, author, person, name_of(os.geteuid()))
        _sign_in(connection, author, person)
        _agree(connection, author, person.row)
        shipped = NewRevision(text=policy_text(SHIPPED.policy), in_force_us=0, is_retroactive=True)
        append_revision(connection, author, shipped)
        order_job(connection, author, Order(kind=JobKind.SIMULATION))
    writer = CatalogWriter(engine, lambda: FIRST_US)
    writer.commit(list(archived_calls(count, seed=seed, every_us=EVERY_US)))
    _ask(engine, access)
    _correct(engine, access)
    _destroy_others(engine)
    fill_registers(engine, author)
    engine.dispose()


def _sign_in(connection: Connection, author: Author, person: UserRecord) -> None:
    """The person has a password that nobody knows, a code, a session that is over, root's word."""
    set_credential(connection, author, person, "password", bytes(32))
    make_code(connection, author, person)
    confirm(connection, author, person)
    begin_session(connection, author, person, "full", Lifetime(idle_us=1, expires_us=FIRST_US))


def _agree(connection: Connection, author: Author, person: int) -> None:
    """One person's word is enough here, and is given."""
    declare_one_person(connection, author, None)
    by = replace(author, user=person)
    # As if it were of a recording: that table is not to be empty, either.
    about = [RecordingId(uuid7(FIRST_US, bytes(10)))]
    number = propose(connection, by, Kind.DECLARE_ONE_PERSON, bytes(32), "", about)
    add_comment(connection, by, number, "as agreed")
    approve(connection, by, number)


def _ask(engine: Engine, access: Access) -> None:
    """Every second recording is looked at, every eighth is heard, after a search."""
    with reading(engine) as connection:
        recordings = everything(connection, access.tenant)
    for number, own in enumerate(recordings[::2]):
        grant(engine, SearchGrant, Ask(access=access, detail={"clues": ["number …7788"]}))
        grant(engine, ReadGrant, Ask(access=access, target=own))
        if number % 4 == 0:
            grant(engine, ListenGrant, Ask(access=access, target=own))


def _correct(engine: Engine, access: Access) -> None:
    """Of every eighth recording it was another agent, and somebody wrote why."""
    with reading(engine) as connection:
        recordings = everything(connection, access.tenant)
    whom = BySide(side="agent")
    for own in recordings[::8]:
        granted = grant(engine, CorrectGrant, Ask(access=access, target=own))
        with suppress(CorrectionRefused), writing(engine) as connection:
            # A call among agents has several.
            correct(connection, own, AgentCorrected(whom=whom, agent_id="A1"), "heard", granted)
        with writing(engine) as connection:
            correct(connection, own, NoteWritten(text="heard again"), "", granted)


def _destroy_others(engine: Engine) -> None:
    """One recording is destroyed for each of the journal's last entries: others than are there."""
    with writing(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        places = select(journal.c.seq).where(journal.c.tenant == tenant).order_by(journal.c.seq)
        for place in connection.scalars(places.limit(20)):
            own = RecordingId(hashlib.blake2b(bytes([place % 256]), digest_size=16).digest())
            placed = Tombstone(recording=own, destroyed_us=FIRST_US, journal=place)
            place_tombstone(connection, tenant, placed)
        # Of the last one the keystore knows nothing.
        dispute(connection, [digest_of(own)])


def take_indexes(database: sqlite3.Connection) -> list[tuple[str, str]]:
    """Names and makers of the indexes that are left out until all rows are there."""
    found: list[tuple[str, str]] = database.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in found:
        database.execute(f'DROP INDEX "{name}"')
    return found


def _copy(copier: "_Copier", copies: int, tables: Sequence[Table], step: Step) -> None:
    database = copier.database
    copier.prepare()
    statements = [copier.statement(table) for table in tables]
    for first in range(1, copies + 1, _BATCH):
        batch = range(first, min(first + _BATCH, copies + 1))
        database.execute("BEGIN")
        database.execute("DELETE FROM copy")
        database.executemany("INSERT INTO copy VALUES (?)", ((n,) for n in batch))
        for statement in statements:
            database.execute(statement)
        database.execute("COMMIT")
        step(batch[-1], copies)


@dataclass(frozen=True, slots=True)
class _Copier:
    """Makes rows of a pattern into those of its copy `n`, so many microseconds apart."""

    database: sqlite3.Connection
    period_us: int

    def prepare(self) -> None:
        """Let SQL know what makes values, and the numbers of copies."""
        for name in ("_another_id", "_another_path", "_another_target"):
            self.database.create_function(name, 2, getattr(self, name), deterministic=True)
        for made_by in (_another_digest, _another_number):
            self.database.create_function(made_by.__name__, 2, made_by, deterministic=True)
        self.database.create_function("backwards", 1, lambda text: text.lstrip("+")[::-1])
        self.database.execute("CREATE TEMP TABLE copy (n INTEGER PRIMARY KEY)")

    def statement(self, table: Table) -> str:
        """Keep a table's rows as a pattern; what makes the copies `n` of it."""
        pattern = f'"p_{table.name}"'
        self.database.execute(f'CREATE TEMP TABLE {pattern} AS SELECT * FROM main."{table.name}"')  # noqa: S608
        key = _key_of(table)
        pointing = (one.name for one in table.columns if one.type is ROW and one.name in PARENTS)
        moved = {
            name: _most(self.database, PARENTS[name], _key_of(catalog.tables[PARENTS[name]]))
            for name in pointing
        }
        moved[key] = _most(self.database, table.name, key)
        names = [column.name for column in table.columns]
        values = [self._value(name, moved, names) for name in names]
        into = ", ".join(f'"{name}"' for name in names)
        return (
            f'INSERT INTO main."{table.name}" ({into}) '  # noqa: S608  # names of our own tables
            f"SELECT {', '.join(values)} FROM copy CROSS JOIN {pattern}"
        )

    def _value(self, name: str, moved: Mapping[str, int], names: Sequence[str]) -> str:
        """What stands in a column of the copy `n`, beside these."""
        if name in moved:
            return f'"{name}" + n * {moved[name]}'
        if name.endswith("_us"):
            return f'CASE "{name}" WHEN 0 THEN 0 ELSE "{name}" + n * {self.period_us} END'
        if "told_as" in names and name in _MENTIONED:
            return _MENTIONED[name]
        if name in _TEXTS or (name == "folded" and "value" in names):
            another = f"printf('%06x', n) || substr(\"{name}\", 7)"
            return f"CASE \"{name}\" WHEN '' THEN '' ELSE {another} END"
        if name in _NUMBERS:
            return _NUMBERS[name].format("_another_number(raw, n)")
        return f'{_MADE_BY[name]}("{name}", n)' if name in _MADE_BY else f'"{name}"'

    def _another_id(self, raw: bytes, n: int) -> bytes:
        """An id of so much later: the millisecond leads."""
        later_ms = int.from_bytes(raw[:6], "big") + n * self.period_us // _US_PER_MS
        return (later_ms % (1 << 48)).to_bytes(6, "big") + raw[6:]

    def _another_target(self, text: str, n: int) -> str:
        """What a journal entry is about: an id, or a name."""
        if not _HEX_ID.fullmatch(text):
            return text
        return self._another_id(bytes.fromhex(text), n).hex()

    def _another_path(self, text: str, n: int) -> str:
        """A path ends in the recording's id and which part it is."""
        folder, _, name = text.rpartition("/")
        return f"{folder}/{self._another_target(name[:_ID_DIGITS], n)}{name[_ID_DIGITS:]}"


def _key_of(table: Table) -> str:
    (key,) = (column.name for column in table.primary_key.columns)
    return key


def _most(database: sqlite3.Connection, table: str, key: str) -> int:
    """The highest key of the pattern: a copy's keys begin behind it."""
    found = database.execute(f'SELECT coalesce(max("{key}"), 0) FROM main."{table}"')  # noqa: S608
    return int(found.fetchone()[0])


def _another_digest(raw: bytes | None, n: int) -> bytes | None:
    return raw and hashlib.blake2b(raw, digest_size=len(raw), salt=n.to_bytes(8, "big")).digest()


# Asked for each column that has the number.
@lru_cache(maxsize=16)
def _another_number(text: str, n: int) -> str:
    """Another customer's number, alone or in an address; extensions stay those of the agents."""
    found = _CUSTOMER.search(text)
    if found is None:
        return text
    other = (int(found[2]) + n * _APART) % 10**8
    return f"{text[: found.start()]}{found[1]}{other:08}{text[found.end() :]}"


def _leave_some_open(database: sqlite3.Connection) -> None:
    """A few calls that nobody hung up on: what a search for long calls has to find."""
    database.execute(
        "UPDATE recording SET duration_ms = ?, ended_us = started_us + ? WHERE row % ? = 0",
        (_LONG_MS, _LONG_MS * _US_PER_MS, _LONG_EVERY),
    )
