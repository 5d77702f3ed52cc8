"""Every call with its fate, also after the index was built anew."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine

from archive.adoption import Adoption
from archive.catalog.engine import reading
from archive.catalog.ledger import LedgerRow, ledger, page_of
from archive.catalog.query import SearchQuery, Window
from archive.catalog.rebuild import rebuild
from archive.catalog.search import search
from archive.events import CallEnded, CallRefused
from archive.grants import Ask, NotGranted, ReadGrant, SearchGrant, grant
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import (
    MINUTE_US,
    SECOND_US,
    STARTED_US,
    TOKYO,
    access,
    adopt,
    adoption,
    inbound,
    new_catalog,
    recording_id,
)

DAY = Window(
    start_at=datetime.fromtimestamp(STARTED_US / SECOND_US, UTC),
    end_at=datetime.fromtimestamp((STARTED_US + 24 * 60 * MINUTE_US) / SECOND_US, UTC),
    zone=TOKYO,
)


def refused(number: int, reason: str = "full", source: str = "sbc-tokyo") -> CallRefused:
    return CallRefused(
        at_us=STARTED_US + number * SECOND_US, source=source, transport="udp", peer="192.0.2.7",
        call_id=f"refused-{number}", from_value="", to_value="", status=503, reason=reason,
    )  # fmt: skip


def page(number: int, *refusals: CallRefused) -> Adoption:
    """A ledger page, as it is adopted."""
    ended = CallEnded(at_us=refusals[-1].at_us, reason="session_ended")
    return replace(adoption(number, (*refusals, ended)), packets=())


def without_audio(number: int) -> Adoption:
    return replace(adoption(number, inbound(STARTED_US + number * SECOND_US)), packets=())


def hundred() -> list[Adoption]:
    """100 calls, 7 refused on three pages, 3 without media."""
    recorded = [adoption(n, inbound(STARTED_US + n * SECOND_US)) for n in range(90)]
    silent = [without_audio(n) for n in range(90, 93)]
    pages = [
        page(93, *(refused(n) for n in range(93, 97))),
        page(97, refused(97, "password")),
        page(98, refused(98, "password"), refused(99, "unreadable")),
    ]
    return [*recorded, *silent, *pages]


def rows(engine: Engine, source: str = "") -> list[LedgerRow]:
    granted = grant(engine, SearchGrant, Ask(access=access()))
    with reading(engine) as connection:
        return list(ledger(connection, DAY, granted, source=source))


def test_a_hundred_calls_have_a_hundred_rows_with_their_reasons(tmp_path: Path) -> None:
    """Also from the archive alone."""
    engine = new_catalog(tmp_path)
    adopt(engine, *hundred())
    before = rows(engine)
    rebuild(engine, reversed(hundred()))

    assert rows(engine) == before
    assert len(before) == 100
    fates = [row.fate for row in before]
    assert (fates.count("recorded"), fates.count("without audio"), fates.count("refused")) == (
        90, 3, 7,
    )  # fmt: skip
    reasons = [row.reason for row in before if row.fate == "refused"]
    assert sorted(reasons) == ["full"] * 4 + ["password"] * 2 + ["unreadable"]
    assert [row.at_us for row in before] == sorted(row.at_us for row in before)
    assert before[0].call_id == "call-id"
    assert before[0].recording == recording_id(0, STARTED_US)
    assert len(before[0].parties) == 2
    assert all(before[0].parties)


def test_a_window_and_a_source_cut_it(tmp_path: Path) -> None:
    """Somebody asks for one SBC's afternoon."""
    engine = new_catalog(tmp_path)
    adopt(engine, page(1, refused(1), refused(2, source="other")), page(3, refused(90_000)))

    assert [row.call_id for row in rows(engine)] == ["refused-1", "refused-2"]
    assert [row.call_id for row in rows(engine, "other")] == ["refused-2"]


def test_a_page_of_the_ledger_is_no_call_that_a_search_finds(tmp_path: Path) -> None:
    """There is nothing to hear in it."""
    engine = new_catalog(tmp_path)
    adopt(engine, page(1, refused(1)), adoption(2))
    granted = grant(engine, SearchGrant, Ask(access=access()))
    with reading(engine) as connection:
        found = search(connection, SearchQuery(window=DAY), granted).found

    assert [each.recording for each in found] == [recording_id(2)]


def test_the_ledger_needs_a_grant_for_searching(tmp_path: Path) -> None:
    """That somebody called is told under a journalled right, too."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1))
    granted = grant(engine, ReadGrant, Ask(access=access(), target=recording_id(1)))

    with reading(engine) as connection, pytest.raises(NotGranted):
        list(ledger(connection, DAY, granted))  # type: ignore[arg-type]  # the wrong right


def test_a_call_that_was_turned_away_names_who_called_whom_and_its_page(tmp_path: Path) -> None:
    """Who looks for a call remembers a number, not a status."""
    engine = new_catalog(tmp_path)
    call = replace_told(refused(1), '"Sato" <sip:0312345678@pbx;user=phone>;tag=x', "<sip:srs@n>")
    adopt(engine, page(1, call), page(2, refused(2)))
    first, _ = rows(engine)

    assert first.parties == ('"Sato" <sip:0312345678@pbx;user=phone>', "<sip:srs@n>")
    with reading(engine) as connection:
        assert page_of(connection, DEFAULT_TENANT, "refused-1") == recording_id(
            1, STARTED_US + SECOND_US
        )
        assert page_of(connection, DEFAULT_TENANT, "nobody") is None


def replace_told(call: CallRefused, from_value: str, to_value: str) -> CallRefused:
    return msgspec.structs.replace(call, from_value=from_value, to_value=to_value)
