"""Who may say what is so, and what the journal is told of it."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from api.access.authorization import Door
from api.calls.corrections import Corrections
from api.permissions.actor import Actor
from api.permissions.errors import NotAllowed, NotFound, PurposeMissing, PurposeNotCovered
from api.permissions.roles import Role
from archive.access.reach import ReachRule
from archive.call.corrections import (
    AgentCorrected,
    BySide,
    Change,
    Correction,
    CorrectionRefused,
    NoteWritten,
    NumberCorrected,
    PurposeCorrected,
    TagAdded,
)
from archive.catalog.database.engine import reading
from archive.catalog.journal.entries import Entry
from archive.catalog.register.corrections import corrections_of
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT, RecordingId
from tests.api.actors import person
from tests.api.examples import small_archive
from tests.archive.catalog.examples import NOW_US, recording_id, same_catalog
from tests.told import all_told

ONE = recording_id(1)
SUPERVISOR = Actor(account=person(Role.SUPERVISOR), stated="quality")


@dataclass
class _Scene:
    """The use case, and what lies behind it."""

    engine: Engine
    use: Corrections

    def written(self) -> tuple[Correction, ...]:
        with reading(self.engine) as connection:
            return corrections_of(connection, tenant_row(connection, DEFAULT_TENANT), ONE)

    def journal(self) -> list[Entry]:
        with reading(self.engine) as connection:
            found = all_told(connection)
        return [each.entry for each in found if each.entry.action in {"corrected", "refused"}]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """One call of ours."""
    engine = small_archive(tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
async def it(engine: Engine) -> AsyncIterator[_Scene]:
    """The use case over it."""
    catalog = same_catalog(engine)
    yield _Scene(engine, Corrections(Door(engine=catalog, clock_us=lambda: NOW_US)))
    await catalog.dispose()


async def test_what_is_written_has_its_author_and_its_entry(it: _Scene) -> None:
    """The entry is found from the correction, and says nothing of whose call it is."""
    change = NumberCorrected(whom=BySide(side="customer"), number="03-5550-1234")
    new = await it.use.write(SUPERVISOR, ONE, change, "Sato said so")

    assert it.written() == (new,)
    assert (new.author, new.at_us, new.reason) == ("yamada", NOW_US, "Sato said so")
    (entry,) = it.journal()
    assert (entry.action, entry.target, entry.actor) == ("corrected", str(ONE), "yamada")
    assert (entry.reason, dict(entry.detail)) == (
        "quality",
        {"kind": "number", "last4": "1234", "of": "recording"},
    )


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR, Role.AUDITOR, Role.LEGAL])
async def test_who_has_not_the_verb_writes_nothing(it: _Scene, role: Role) -> None:
    """Hearing a call is not saying whose it is."""
    with pytest.raises(NotAllowed):
        await it.use.write(
            Actor(account=person(role), stated="quality"), ONE, TagAdded(tag="vip"), ""
        )

    assert it.written() == ()
    assert [each.action for each in it.journal()] == ["refused"]


async def test_a_correction_has_a_purpose(it: _Scene) -> None:
    """As everything that is asked of a call."""
    with pytest.raises(PurposeMissing):
        await it.use.write(Actor(account=person(Role.SUPERVISOR)), ONE, TagAdded(tag="vip"), "")

    assert it.written() == ()


@pytest.mark.parametrize(
    ("reach", "own"),
    [
        (ReachRule(queues=frozenset({"sales"})), ONE),
        (ReachRule(), recording_id(9)),
        (ReachRule(), recording_id(7)),
    ],
)
async def test_what_is_out_of_reach_is_not_there(
    it: _Scene, reach: ReachRule, own: RecordingId
) -> None:
    """Nor what another tenant has, nor what nobody has; and no entry tells of any of them."""
    actor = Actor(account=person(Role.SUPERVISOR, reach=reach), stated="quality")
    with pytest.raises(NotFound):
        await it.use.write(actor, own, TagAdded(tag="vip"), "")

    assert it.written() == ()
    assert it.journal() == []


async def test_who_has_taken_a_recording_out_of_his_purpose_has_it_no_more(it: _Scene) -> None:
    """The purposes that count are those in force."""
    await it.use.write(SUPERVISOR, ONE, PurposeCorrected(purposes=("dispute",)), "wrong")
    with pytest.raises(PurposeNotCovered):
        await it.use.write(SUPERVISOR, ONE, TagAdded(tag="vip"), "")

    assert len(it.written()) == 1


@pytest.mark.parametrize(
    "change",
    [
        PurposeCorrected(purposes=("dispute", "curiosity")),
        AgentCorrected(whom=BySide(side="unknown"), agent_id="A17"),
        NoteWritten(text="\x1b[2J"),
    ],
)
async def test_what_cannot_be_so_is_not_written(it: _Scene, change: Change) -> None:
    """A purpose that nobody can state would hide the recording from everybody."""
    with pytest.raises(CorrectionRefused):
        await it.use.write(SUPERVISOR, ONE, change, "x")

    assert it.written() == ()
