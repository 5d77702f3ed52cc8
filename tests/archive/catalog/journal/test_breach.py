"""Whose calls an account reached."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from archive.access.query import MAX_LIMIT
from archive.catalog.access.grants import (
    Ask,
    ExportGrant,
    Grant,
    ListenGrant,
    ReadGrant,
    Target,
    grant,
)
from archive.catalog.database.engine import reading, writing
from archive.catalog.journal.breach import AccountPeriod, ActionCount, reach, reached_calls
from archive.catalog.journal.entries import SHOWING, Entry, append
from archive.ids import DEFAULT_TENANT, ConversationId, RecordingId, TenantId
from tests.archive.catalog.examples import (
    NOW_US,
    OTHER_TENANT,
    access,
    adopt,
    adoption,
    new_catalog,
    recording_id,
)
from tests.support.catalog.joining import conversations, told

ALL = AccountPeriod(actor=access().actor, from_us=0, to_us=NOW_US + 1)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Recordings 1 and 2 of one call, 3 alone."""
    engine = new_catalog(tmp_path)
    adopt(engine, *(adoption(number, told((("ucid", "u"),))) for number in (1, 2)), adoption(3))
    return engine


def do(engine: Engine, kind: type[Grant], target: Target) -> None:
    grant(engine, kind, Ask(access=access(), target=target))


def show(engine: Engine, *shown: RecordingId, tenant: TenantId = DEFAULT_TENANT) -> None:
    with writing(engine) as connection:
        append(
            connection,
            Entry(
                tenant=tenant, at_us=NOW_US, actor=access().actor, action="found", target="",
                shown=shown,
            ),
        )  # fmt: skip


def counted(engine: Engine, asked: AccountPeriod = ALL) -> tuple[ActionCount, ...]:
    with reading(engine) as connection:
        return reach(connection, DEFAULT_TENANT, asked)


def reached(
    engine: Engine, asked: AccountPeriod = ALL
) -> dict[ConversationId, tuple[Sequence[RecordingId], object]]:
    with reading(engine) as connection:
        found = reached_calls(connection, DEFAULT_TENANT, asked)
    return {each.call: (each.recordings, dict(each.acts)) for each in found.calls}


def test_reach_counts_calls_and_recordings_by_action(engine: Engine) -> None:
    """What a report of a breach says first: how many people's calls, and what was done to them."""
    show(engine, recording_id(1), recording_id(3))
    show(engine, recording_id(1))
    do(engine, ListenGrant, recording_id(1))
    do(engine, ListenGrant, recording_id(2))

    assert counted(engine) == (
        ActionCount(action="found", entries=2, calls=2, recordings=2),
        ActionCount(action="listened", entries=2, calls=1, recordings=2),
    )


def test_reach_names_every_call_with_what_was_done_to_it(engine: Engine) -> None:
    """And then whose: each is looked up to tell the person concerned."""
    both = ConversationId(conversations(engine)[0])
    alone = ConversationId(recording_id(3).raw)
    show(engine, recording_id(1), recording_id(3))
    do(engine, ExportGrant, both)

    assert reached(engine) == {
        both: ((recording_id(1), recording_id(2)), {"found": 1, "exported": 1}),
        alone: ((recording_id(3),), {"found": 1}),
    }


def test_a_recording_that_gave_its_call_a_name_is_reached_alone(engine: Engine) -> None:
    """The first recording's id is a name of its call too: the entry says which was meant."""
    both = ConversationId(conversations(engine)[0])
    do(engine, ReadGrant, recording_id(1))
    do(engine, ListenGrant, ConversationId(recording_id(1).raw))

    assert counted(engine) == (
        ActionCount(action="read", entries=1, calls=1, recordings=1),
        ActionCount(action="listened", entries=1, calls=1, recordings=2),
    )
    assert list(reached(engine)) == [both]


def test_an_id_of_what_is_gone_is_reached_all_the_same(engine: Engine) -> None:
    """What was destroyed since has been heard before."""
    do(engine, ListenGrant, recording_id(77))
    show(engine, recording_id(77))
    show(engine, recording_id(77))

    assert reached(engine) == {
        ConversationId(recording_id(77).raw): ((recording_id(77),), {"found": 2, "listened": 1})
    }
    assert counted(engine) == (
        ActionCount(action="found", entries=2, calls=1, recordings=1),
        ActionCount(action="listened", entries=1, calls=1, recordings=1),
    )


@pytest.mark.parametrize(
    "asked",
    [
        AccountPeriod(actor="somebody else", from_us=0, to_us=NOW_US + 1),
        AccountPeriod(actor=ALL.actor, from_us=0, to_us=NOW_US),
        AccountPeriod(actor=ALL.actor, from_us=NOW_US + 1, to_us=NOW_US + 2),
    ],
)
def test_reach_is_of_the_account_and_the_time_alone(engine: Engine, asked: AccountPeriod) -> None:
    """The end is not in it, so that days follow each other."""
    show(engine, recording_id(1))
    do(engine, ReadGrant, recording_id(1))

    assert counted(engine, asked) == ()
    assert reached(engine, asked) == {}


def test_reach_is_of_one_tenant(engine: Engine) -> None:
    """An account of the same name at another tenant is another account."""
    show(engine, recording_id(1), tenant=OTHER_TENANT)

    assert counted(engine) == ()
    assert reached(engine) == {}


def test_more_recordings_than_one_statement_takes_are_all_reached(engine: Engine) -> None:
    """A night of searching shows thousands."""
    for first in range(100, 1_300, 50):
        show(engine, *(recording_id(number) for number in range(first, first + 50)))

    assert [each.recordings for each in counted(engine)] == [1_200]
    assert len(reached(engine, replace(ALL, limit=2_000))) == 1_200


def test_calls_come_page_by_page_each_once_with_how_many_there_are(engine: Engine) -> None:
    """An account that searched for years has reached more than anybody reads at once."""
    show(engine, *(recording_id(number) for number in range(100, 105)))
    pages, asked = [], replace(ALL, limit=2)
    with reading(engine) as connection:
        for _ in range(3):
            page = reached_calls(connection, DEFAULT_TENANT, asked)
            pages.append(page)
            asked = replace(asked, behind=page.behind)

    names = [each.call.raw for page in pages for each in page.calls]
    assert [len(page.calls) for page in pages] == [2, 2, 1]
    assert names == sorted(recording_id(number).raw for number in range(100, 105))
    assert {page.total for page in pages} == {5}
    assert pages[-1].behind is None


def test_the_largest_page_is_counted_whole(engine: Engine) -> None:
    """A page has as many recordings as a search may ask for."""
    show(engine, *(recording_id(number) for number in range(100, 100 + MAX_LIMIT)))

    assert [each.recordings for each in counted(engine)] == [MAX_LIMIT]


def test_whatever_shows_something_of_a_call_is_reached() -> None:
    """A new grant has to say whether it does: a report that forgets one is wrong for ever."""
    shows_nothing = {
        "searched",
        "people_seen",
        "live_seen",
        "ledger_seen",
        "journal_seen",
        "played",
        "broke_glass",
        "corrected",
    }
    controls = {"live_started", "live_paused", "live_resumed", "live_stopped", "live_told"}

    assert {kind.action for kind in Grant.__subclasses__()} == (
        set(SHOWING) | shows_nothing | controls
    )
