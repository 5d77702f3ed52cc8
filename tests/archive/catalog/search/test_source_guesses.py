"""How much of a source's calls is a guess."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.call.events import CallEnded, SideBecause
from archive.catalog.access.grants import EVERYTHING, Ask, NotGranted, SearchGrant, grant
from archive.catalog.database.engine import reading
from archive.catalog.search.source_guesses import SourceGuesses, granted_guesses, guesses_of
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT, RecordingId
from tests.archive.catalog.examples import (
    MINUTE_US,
    SECOND_US,
    STARTED_US,
    access,
    adopt,
    adoption,
    new_catalog,
    opened,
    party,
    recording_id,
    stream,
)


def call(number: int, because: SideBecause, source: str = "sbc-tokyo") -> object:
    """A call a minute of an extension with a whole number."""
    at_us = STARTED_US + number * MINUTE_US
    return adoption(
        number,
        (
            replace(opened(at_us), from_uri="", source=source),
            stream(0, at_us),
            stream(1, at_us),
            party(0, f"sip:26{number:02}@x", "agent", because=because, at_us=at_us),
            party(1, "sip:0312347788@x", "customer", because=because, at_us=at_us),
            CallEnded(at_us=at_us + SECOND_US, reason="bye"),
        ),
    )


def test_guesses_are_counted_with_the_numbers_that_stood_in_them(tmp_path: Path) -> None:
    """Of one source, of its time; what is known tells nothing that is missing."""
    engine = new_catalog(tmp_path)
    adopt(
        engine,
        call(1, "first_stream"),
        call(2, "first_stream"),
        call(3, "internal_number"),
        call(4, "first_stream", "other"),
    )  # type: ignore[arg-type]  # adoptions
    with reading(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        found = guesses_of(connection, tenant, "sbc-tokyo", "JP", STARTED_US)
        later = guesses_of(connection, tenant, "sbc-tokyo", "JP", STARTED_US + 2 * MINUTE_US)

    assert found == SourceGuesses(
        recordings=3, guessed=2, undirected=3, short=("2601", "2602"), full=("0312347788",)
    )
    assert (later.recordings, later.guessed, later.short) == (2, 1, ("2602",))


def test_a_report_takes_a_grant_for_searching(tmp_path: Path) -> None:
    """A right to one call is no right to all."""
    engine = new_catalog(tmp_path)
    one: RecordingId = recording_id()
    for target in (one, EVERYTHING):
        granted = grant(engine, SearchGrant, Ask(access=access(), target=target))
        with reading(engine) as connection:
            if target is one:
                with pytest.raises(NotGranted):
                    granted_guesses(connection, "sbc-tokyo", "JP", 0, granted)
            else:
                assert granted_guesses(connection, "x", "JP", 0, granted) == SourceGuesses()
