"""The sequence of changes: nothing that other rows follow from is left out of it."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, select

from archive.call.corrections import NumberCorrected, QueueCorrected
from archive.catalog.database.engine import reading, trying, writing
from archive.catalog.index.agents import import_agents
from archive.catalog.index.removal import remove_recording
from archive.catalog.index.writer import CatalogWriter
from archive.catalog.locating import changes, recording_facts, source_rows
from archive.catalog.locating.changes import (
    changes_since,
    known_changes,
    last_change,
    last_place,
    leads_on,
    note_change,
    note_changes,
)
from archive.catalog.tables.catalog import recording
from archive.catalog.tables.tenants import ensure_tenant, tenant_row
from archive.ids import DEFAULT_TENANT, RecordingId
from archive.locate.columns.manifest import Place
from tests.archive.catalog.examples import (
    AGENT,
    AGENTS_CSV,
    MINUTE_US,
    NOW_US,
    OTHER_TENANT,
    STARTED_US,
    TOKYO,
    access,
    adopt,
    adoption,
    new_catalog,
    recording_id,
)
from tests.support.catalog.amendment import OF_AGENT, amend
from tests.support.catalog.joining import Ids, told as told_with
from tests.support.catalog.locating import Follower, rows_now

DAY_US = 24 * 60 * MINUTE_US
OTHER_TABLE = AGENTS_CSV.replace("田中 真由", "棚加 真弓").replace("2002,,", "2003,,")


def step(engine: Engine, dice: Random, known: dict[int, RecordingId]) -> None:
    """Something happens in the archive."""
    what = dice.choice(("adopt", "adopt", "adopt", "joined", "import", "queue", "number", "remove"))
    if what in {"adopt", "joined"}:
        number, at_us = len(known) + 1, STARTED_US + dice.randrange(-40, 40) * DAY_US // 4
        ids: Ids = (("ucid", dice.choice("abc")),) if what == "joined" else ()
        events = told_with(ids, at_us)
        adopt(engine, adoption(number, events))
        known[number] = recording_id(number, at_us)
    elif what == "import":
        import_agents(engine, dice.choice((AGENTS_CSV, OTHER_TABLE)).encode(), TOKYO, access())
    elif not known:
        return
    elif what == "remove":
        number = dice.choice(sorted(known))
        own = select(recording.c.row).where(recording.c.id == known[number].raw)
        with writing(engine) as connection:
            row = connection.scalar(own)
            if row is not None:
                tenant = tenant_row(connection, DEFAULT_TENANT)
                remove_recording(connection, tenant, row)
    else:
        number = dice.choice(sorted(known))
        with reading(engine) as connection:
            own = select(recording.c.row).where(recording.c.id == known[number].raw)
            if connection.scalar(own) is None:
                return
        if what == "queue":
            amend(engine, QueueCorrected(queue=dice.choice(("sales", "support"))), known[number])
        else:
            digits = dice.choice(("0312340001", "0312340002"))
            amend(engine, NumberCorrected(whom=OF_AGENT, number=digits), known[number])


@pytest.mark.parametrize("seed", range(6))
def test_who_follows_has_what_is_made_anew(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Adopted, joined, attributed, corrected, removed in any order; however many are read at once.

    All at once by their names; few at a time, by their names or as a stretch.
    """
    if seed % 3:
        monkeypatch.setattr(source_rows, "_AT_A_TIME", 3)
        monkeypatch.setattr(recording_facts, "AT_ONCE", (1, 500)[seed % 3 - 1])
    engine, dice = new_catalog(tmp_path), Random(seed)  # noqa: S311 - a test must be repeatable
    follower, known = Follower(engine), {}  # type: ignore[var-annotated]
    for _ in range(25):
        step(engine, dice, known)
        if dice.random() < 0.3:
            CatalogWriter(engine, lambda: NOW_US).derive(dice.randrange(1, 9))
        assert follower.forward() == rows_now(engine)
    assert follower.rows


def test_places_are_consecutive_in_the_order_of_commits(tmp_path: Path) -> None:
    """Of a transaction that was given up there is none, and nobody has its place twice."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1), adoption(2))
    with reading(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        before = known_changes(connection, tenant)
    with trying(engine) as connection:
        note_change(connection, tenant, 1)
    with writing(engine) as connection:
        note_changes(connection, tenant, recording.c.tenant == tenant)
        assert known_changes(connection, tenant) == range(1, before.stop + 2)
        assert changes_since(connection, tenant, before.stop - 1).recordings == (1, 2)


def test_tenants_have_places_of_their_own(tmp_path: Path) -> None:
    """A busy neighbour makes nobody's copy stale."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1), adoption(2, tenant=OTHER_TENANT))
    with reading(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        assert changes_since(connection, tenant, 0).recordings == (1,)
        assert known_changes(connection, tenant) == range(1, 2)


def test_old_places_go_and_the_last_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bounded where nobody follows; a copy from before is told by the places that there are."""
    monkeypatch.setattr(changes, "KEPT", 5)
    monkeypatch.setattr(changes, "_TRIMMED_EVERY", 4)
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        tenant = ensure_tenant(connection, DEFAULT_TENANT)
        for row in range(1, 22):
            note_change(connection, tenant, row)
        known = known_changes(connection, tenant)
        assert last_change(connection, tenant) == 21
        assert (known.start, known.stop) == (16, 22)


def test_a_place_leads_on_where_the_change_is_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not one with its number in another history, nor one that is gone, nor one to come."""
    monkeypatch.setattr(changes, "KEPT", 2)
    monkeypatch.setattr(changes, "_TRIMMED_EVERY", 1)
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1), adoption(2))
    with writing(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        assert leads_on(connection, tenant, Place(0, 0))
        note_changes(connection, tenant, recording.c.tenant == tenant)
        last = last_place(connection, tenant)
        assert (last.sequence, last) == (4, changes_since(connection, tenant, 2).place)
        told = [last, replace(last, drawn=last.drawn ^ 1), replace(last, sequence=5)]
        told += [Place(2, 0), Place(0, 0)]
        assert [leads_on(connection, tenant, each) for each in told] == [True, *[False] * 4]


def test_more_than_is_read_at_once_is_read_in_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And says that there is more."""
    monkeypatch.setattr(changes, "_BATCH", 2)
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        tenant = ensure_tenant(connection, DEFAULT_TENANT)
        for row in (7, 8, 9):
            note_change(connection, tenant, row)
        first = changes_since(connection, tenant, 0)
        second = changes_since(connection, tenant, first.place.sequence)

    assert (first.recordings, first.is_all) == ((7, 8), False)
    assert (second.recordings, second.is_all) == ((9,), True)


def test_the_agent_of_the_examples_sits_in_the_table() -> None:
    """Else imports here would change nobody's row."""
    assert AGENT.split(":")[1].split("@")[0] in AGENTS_CSV
