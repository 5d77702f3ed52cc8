"""Every call with its fate, also after the index was built anew."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine, func, select

from archive.access.query import PhoneClue, SearchQuery
from archive.access.reach import ReachRule, Within
from archive.call.adoption import Adoption
from archive.call.events import CallRefused, Flagged, RecordingRefused, RouteTaken
from archive.call.mentions import Mention
from archive.call.refusal_reasons import Fate, Reason
from archive.catalog.access.grants import Ask, LedgerGrant, NotGranted, SearchGrant, grant
from archive.catalog.database.engine import reading, writing
from archive.catalog.index.page_rows import remove_page
from archive.catalog.search.ledger import ledger_page
from archive.catalog.search.ledger_query import LedgerQuery
from archive.catalog.search.search import search
from archive.catalog.tables.catalog import refused_mention
from tests.archive.catalog.examples import (
    SECOND_US,
    STARTED_US,
    access,
    adopt,
    adoption,
    catalog_with,
    inbound,
    new_catalog,
    recording_id,
)
from tests.archive.catalog.plans import listening, planner, pretend_calls, slow_steps
from tests.archive.catalog.rebuilding import rebuild
from tests.support.catalog.ledger import DAY, ledger_grant, page, pages, refused, rows


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


def put_hundred(engine: Engine) -> None:
    adopt(engine, *hundred())


def test_a_hundred_calls_have_a_hundred_rows_with_their_reasons(tmp_path: Path) -> None:
    """Also from the archive alone."""
    engine = catalog_with(tmp_path, put_hundred)
    before = rows(engine)
    rebuild(engine, reversed(hundred()))

    assert rows(engine) == before
    assert len(before) == 100
    fates = [row.fate for row in before]
    assert (fates.count("recorded"), fates.count("without audio"), fates.count("refused")) == (
        90, 3, 7,
    )  # fmt: skip
    reasons = [row.answer.reason for row in before if row.fate == "refused"]
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


def test_those_without_a_recording_are_had_alone(tmp_path: Path) -> None:
    """Who looks for a call that was not found wants to know why, not all that was."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1), page(2, refused(1), refused(2)))
    granted = grant(engine, LedgerGrant, Ask(access=access()))
    with reading(engine) as connection:
        alone = ledger_page(connection, LedgerQuery(window=DAY, without_recording=True), granted)
        first = ledger_page(
            connection, LedgerQuery(window=DAY, without_recording=True, limit=1), granted
        )

    assert [each.call_id for each in alone.rows] == ["refused-1", "refused-2"]
    assert len(first.rows) == 1
    assert first.next_cursor is not None


def said_no(number: int, *, is_heard: bool) -> Adoption:
    """A call of which somebody keys in that he does not want it; before that somebody was heard."""
    at_us = STARTED_US + number * SECOND_US
    no = RecordingRefused(at_us=at_us, by="caller", digit="9")
    told = adoption(number, (*inbound(at_us), no, Flagged(at_us=at_us, flag="refused")))
    silent = replace(told.streams, sequences=())
    return told if is_heard else replace(told, streams=silent)


def test_a_call_that_a_party_refused_is_one_that_is_not_recorded(tmp_path: Path) -> None:
    """There is a recording, of how he was told and said no; nobody is heard in it."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1), said_no(2, is_heard=False), said_no(3, is_heard=True))
    told = [(each.fate, each.answer.reason) for each in rows(engine)]

    assert told == [("recorded", ""), ("connected unrecorded", "refused"), ("recorded", "")]
    query = LedgerQuery(window=DAY, without_recording=True)
    ((alone,),) = pages(engine, query, ledger_grant(engine))
    assert alone.recording == recording_id(2, STARTED_US + 2 * SECOND_US)


def test_a_page_of_the_ledger_is_no_call_that_a_search_finds(tmp_path: Path) -> None:
    """There is nothing to hear in it."""
    engine = new_catalog(tmp_path)
    adopt(engine, page(1, refused(1)), adoption(2))
    granted = grant(engine, SearchGrant, Ask(access=access()))
    with reading(engine) as connection:
        found = search(connection, SearchQuery(window=DAY), granted).found

    assert [each.recording for each in found] == [recording_id(2)]


def test_the_ledger_needs_a_grant_of_its_own(tmp_path: Path) -> None:
    """That somebody called is told under a journalled right, too."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1))
    granted = grant(engine, SearchGrant, Ask(access=access()))

    with reading(engine) as connection, pytest.raises(NotGranted):
        ledger_page(connection, LedgerQuery(window=DAY), granted)  # type: ignore[arg-type]  # the wrong right


def test_a_call_that_was_turned_away_names_who_called_whom(tmp_path: Path) -> None:
    """Who looks for a call remembers a number, not a status."""
    engine = new_catalog(tmp_path)
    call = replace_told(refused(1), '"Sato" <sip:0312345678@pbx;user=phone>;tag=x', "<sip:srs@n>")
    adopt(engine, page(1, call), page(2, refused(2)))
    first, _ = rows(engine)

    assert first.parties == ('"Sato" <sip:0312345678@pbx;user=phone>', "<sip:srs@n>")


def replace_told(call: CallRefused, from_value: str, to_value: str) -> CallRefused:
    return msgspec.structs.replace(call, from_value=from_value, to_value=to_value)


def put_one_moment(engine: Engine) -> None:
    """Among 90 calls forty that were refused at once."""
    moment = [replace_told(refused(5), f"<sip:{number}@x>", "") for number in range(20)]
    adopt(engine, *hundred()[:90], page(1_000, *moment), page(1_001, *moment))


@pytest.mark.parametrize("limit", [1, 7, 99, 100])
def test_page_after_page_it_is_whole_and_has_no_row_twice(tmp_path: Path, limit: int) -> None:
    """Many calls of one moment, recorded and refused, lie on both sides of a page's edge."""
    engine = catalog_with(tmp_path, put_one_moment)
    whole = rows(engine)
    assert len(whole) == 130
    assert rows(engine, limit=limit) == whole
    assert [row.at_us for row in whole] == sorted(row.at_us for row in whole)


def test_nothing_is_cut_short_in_silence(tmp_path: Path) -> None:
    """A page says where the next begins as long as there is one."""
    engine = new_catalog(tmp_path)
    adopt(engine, page(1, *(refused(number) for number in range(600))))
    query = LedgerQuery(window=DAY, limit=500)

    assert [len(each) for each in pages(engine, query, ledger_grant(engine))] == [500, 100]


def test_a_cursor_leads_on_after_the_index_was_built_anew(tmp_path: Path) -> None:
    """Its rows have other numbers then; who pages through does not see that."""
    engine = catalog_with(tmp_path, put_hundred)
    whole, granted = rows(engine), ledger_grant(engine)
    with reading(engine) as connection:
        after = ledger_page(connection, LedgerQuery(window=DAY, limit=95), granted).next_cursor
    rebuild(engine, reversed(hundred()))
    assert after is not None
    with reading(engine) as connection:
        rest = ledger_page(connection, LedgerQuery(window=DAY, after=after), granted)

    assert [*rest.rows] == whole[95:]


def test_a_call_that_was_connected_unrecorded_is_none_that_was_refused(tmp_path: Path) -> None:
    """It was put through: its status is 200, and it stands where it began."""
    engine = new_catalog(tmp_path)
    told = msgspec.structs.replace(
        refused(60), status=200, reason=Reason.NOT_RECORDED, began_us=STARTED_US
    )
    adopt(engine, page(60, told), page(61, refused(1)))

    assert [(row.fate, row.answer.status, row.at_us) for row in rows(engine)] == [
        (Fate.CONNECTED_UNRECORDED, 200, STARTED_US),
        (Fate.REFUSED, 503, STARTED_US + SECOND_US),
    ]


def test_a_reason_that_nobody_writes_any_more_is_told_as_it_is(tmp_path: Path) -> None:
    """The row is evidence."""
    engine = new_catalog(tmp_path)
    adopt(engine, page(1, refused(1, "memory of live calls")))

    assert [row.answer.reason for row in rows(engine)] == ["memory of live calls"]


def test_who_reaches_one_queue_sees_its_calls_and_none_that_were_turned_away(
    tmp_path: Path,
) -> None:
    """Nobody knows of which queue a refused call would have been."""
    engine = new_catalog(tmp_path)
    ours = RouteTaken(at_us=STARTED_US, route="r", target="pbx", mode="yes", queue="support")
    adopt(engine, adoption(1, (*inbound(), ours)), adoption(2), page(3, refused(3)))
    within = Within(reach=(ReachRule(queues=frozenset({"support"})),))
    granted = grant(engine, LedgerGrant, Ask(access=replace(access(), within=within)))
    with reading(engine) as connection:
        found = ledger_page(connection, LedgerQuery(window=DAY), granted).rows

    assert [row.recording for row in found] == [recording_id(1)]


@pytest.mark.sqlite
def test_a_page_of_it_reads_the_window_and_nothing_else(tmp_path: Path) -> None:
    """Among a million calls a day costs a day: each table by its key and the time."""
    engine = catalog_with(tmp_path, put_hundred)
    with listening(engine) as heard:
        rows(engine, limit=50)
    with planner(tmp_path / "catalog.db") as database:
        pretend_calls(database)
        plans = [each.plan(database) for each in dict.fromkeys(heard)]

    window = "(tenant=? AND started_us>? AND started_us<?)"
    assert [f"SEARCH recording USING INDEX ix_recording_tenant_started_us_id {window}"] in plans
    of_refused = "ix_refused_call_tenant_started_us_page_serial"
    firsts = [each[0] for each in plans]
    assert f"SEARCH refused_call USING INDEX {of_refused} {window}" in firsts
    steps = [step for plan in plans for step in plan]
    assert slow_steps(steps) == []
    assert not [step for step in steps if " part " in step]


HANAKO = Mention(told_as="caller", address="sip:0312345678@carrier.example", name="山田 花子")


def found_by(engine: Engine, number: str = "", name: str = "", *, alone: bool = False) -> list[str]:
    """The Call-IDs of rows by a number or a name."""
    query = LedgerQuery(
        window=DAY,
        number=PhoneClue.parse(number, "JP") if number else None,
        name=name,
        without_recording=alone,
    )
    return [row.call_id for each in pages(engine, query, ledger_grant(engine)) for row in each]


def test_a_call_that_was_not_recorded_is_found_by_who_was_in_it(tmp_path: Path) -> None:
    """Which calls of X were not recorded? By number, by a word of a name, not by another's."""
    engine = new_catalog(tmp_path)
    told = msgspec.structs.replace(refused(1), mentions=(HANAKO,))
    adopt(engine, page(1, told, refused(2)), adoption(3))

    assert found_by(engine, "0312345678") == ["refused-1"]
    assert found_by(engine, name="花子") == ["refused-1"]
    assert found_by(engine, name="山田 花子", number="5678") == ["refused-1"]
    assert found_by(engine, name="太郎") == []
    (row,) = (each for each in rows(engine) if each.call_id == "refused-1")
    assert row.parties == ("山田 花子 0312345678",)


def test_recorded_calls_are_found_beside_them(tmp_path: Path) -> None:
    """Unless only the others are asked for."""
    engine = new_catalog(tmp_path)
    told = msgspec.structs.replace(refused(1), mentions=(HANAKO,))
    adopt(engine, page(1, told), adoption(3, inbound(customer="sip:0312345678@carrier.example")))

    assert sorted(found_by(engine, "0312345678")) == ["call-id", "refused-1"]
    assert found_by(engine, "0312345678", alone=True) == ["refused-1"]


def test_of_a_call_of_before_from_and_to_tell(tmp_path: Path) -> None:
    """Its row has nothing else; nobody needs a key for that."""
    engine = new_catalog(tmp_path)
    told = msgspec.structs.replace(
        refused(1), from_value='"A" <sip:0311112222@x>;tag=1', to_value="<sip:4711@y>"
    )
    adopt(engine, page(1, told))

    assert found_by(engine, "0311112222") == ["refused-1"]
    assert found_by(engine, "4711") == ["refused-1"]


def test_who_was_told_of_goes_with_the_page(tmp_path: Path) -> None:
    """A rebuild writes the same again."""
    engine = new_catalog(tmp_path)
    own = page(1, msgspec.structs.replace(refused(1), mentions=(HANAKO,)))
    adopt(engine, own)
    rebuild(engine, [own])
    assert found_by(engine, name="花子") == ["refused-1"]
    with writing(engine) as connection:
        remove_page(connection, 1, own.part_name.recording)
        assert connection.scalar(select(func.count()).select_from(refused_mention)) == 0
