"""Text as the index keeps it, whatever others say: on both databases."""

from pathlib import Path
from urllib.parse import unquote

import pytest
from sqlalchemy import Engine, select

from archive.call.events import CallIdKnown, CallRefused, Event, RouteTaken, Tolerated
from archive.catalog.database.engine import reading
from archive.catalog.index.writer import CatalogWriter
from archive.catalog.tables.catalog import recording, refused_call
from archive.catalog.tables.stored_text import MAX_TEXT_BYTES, TEXT_CHANGED, fit_text, is_changed
from tests.archive.catalog.examples import (
    NOW_US,
    STARTED_US,
    adoption,
    inbound,
    index_dump,
    new_catalog,
    recording_id,
)
from tests.archive.catalog.rebuilding import rebuild
from tests.odd_texts import ODD

# JSON, of which events are, has no half of a pair.
OF_EVENTS = [kind for kind in ODD if kind != "half a pair"]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return new_catalog(tmp_path_factory.mktemp("odd"))


def odd_call(odd: str) -> tuple[Event, ...]:
    """A call of which everything that a peer says is odd."""
    told = inbound(customer=f"sip:{odd}@carrier.example", agent_names=(odd,))
    return (
        *told,
        CallIdKnown(at_us=STARTED_US, kind="call_id", value=odd),
        RouteTaken(at_us=STARTED_US, route="r", target="t", mode="", queue=odd, tags=(odd,)),
        Tolerated(at_us=STARTED_US, code="TOL-001", detail=odd),
    )


def turned_away(odd: str) -> CallRefused:
    return CallRefused(
        at_us=STARTED_US, source="sbc", transport="tcp", peer="192.0.2.1:5060", call_id=odd,
        from_value=odd, to_value=odd, status=488, reason="media not acceptable", detail=odd,
    )  # fmt: skip


def flags_of(engine: Engine, number: int) -> str:
    with reading(engine) as connection:
        own = recording.c.id == recording_id(number).raw
        return connection.scalar(select(recording.c.flags).where(own)) or ""


@pytest.mark.parametrize("kind", ODD)
def test_what_fits_is_any_text(kind: str) -> None:
    """No NUL, no half of a pair, no more bytes than an index takes; what fits stays as it is."""
    fit = fit_text(ODD[kind])

    assert "\0" not in fit
    assert len(fit.encode()) <= MAX_TEXT_BYTES
    assert fit_text(fit) == fit
    assert (fit != ODD[kind]) == is_changed({"deep": [(ODD[kind],)]})


def test_what_is_cut_is_still_told_apart() -> None:
    """Calls are joined by their ids: two that begin alike are two."""
    assert fit_text("c" * 6_000) != fit_text("c" * 6_001)
    assert fit_text("c" * 6_000) == fit_text("c" * 6_000)


@pytest.mark.parametrize("kind", OF_EVENTS)
def test_an_odd_call_is_recorded_and_flagged_with_its_neighbours(engine: Engine, kind: str) -> None:
    """One transaction holds many calls: none may be lost for what another one's peer says."""
    odd, first = ODD[kind], 3 * OF_EVENTS.index(kind) + 1
    calls = (inbound(), odd_call(odd), inbound())

    CatalogWriter(engine, lambda: NOW_US).commit(
        [adoption(first + at, told) for at, told in enumerate(calls)]
    )

    assert [TEXT_CHANGED in flags_of(engine, first + at) for at in (0, 2)] == [False, False]
    assert (TEXT_CHANGED in flags_of(engine, first + 1)) == is_changed([odd, unquote(odd)])


@pytest.mark.parametrize("kind", OF_EVENTS)
def test_an_odd_call_that_was_turned_away_is_in_the_ledger(engine: Engine, kind: str) -> None:
    """With a word that says so where it is not there as it came."""
    page = adoption(1_000 + OF_EVENTS.index(kind), (turned_away(ODD[kind]),))

    CatalogWriter(engine, lambda: NOW_US).commit([page])

    with reading(engine) as connection:
        (detail,) = connection.scalars(
            select(refused_call.c.detail).where(refused_call.c.page == page.part_name.recording.raw)
        )
    assert (TEXT_CHANGED in detail) == is_changed(ODD[kind])


def test_a_rebuild_makes_the_same_of_odd_calls(tmp_path: Path) -> None:
    """It stops at none of them."""
    engine = new_catalog(tmp_path)
    odd = [adoption(at, odd_call(ODD[kind])) for at, kind in enumerate(OF_EVENTS, start=1)]
    CatalogWriter(engine, lambda: NOW_US).commit(odd)
    before = index_dump(engine)

    assert rebuild(engine, odd).parts == len(odd)
    assert index_dump(engine) == before
