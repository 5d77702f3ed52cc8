"""The journal as auditors read it."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

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
from archive.catalog.journal.entries import MAX_PAGE, Action, Entry, append
from archive.catalog.search.audit import JournalQuery, Order, tail, who_heard
from archive.ids import DEFAULT_TENANT, ConversationId, TenantId
from tests.archive.catalog.examples import (
    OTHER_TENANT,
    access,
    adopt,
    adoption,
    new_catalog,
    recording_id,
)
from tests.support.catalog.joining import conversations, told

# Entries in the order of writing; the third was stamped before the second.
WRITTEN = (
    ("tanaka", "searched", 1),
    ("tanaka", "found", 4),
    ("sato", "read", 3),
    ("sato", "listened", 5),
    ("tanaka", "read", 6),
)
BY_TIME = [1, 3, 2, 4, 5]


def write(engine: Engine, *entries: Entry) -> list[int]:
    with writing(engine) as connection:
        return [append(connection, each) for each in entries]


def entry(
    actor: str, action: Action, at_us: int, tenant: TenantId = DEFAULT_TENANT, target: str = ""
) -> Entry:
    return Entry(tenant=tenant, at_us=at_us, actor=actor, action=action, target=target)


@pytest.fixture
def journal(tmp_path: Path) -> Engine:
    """A catalog with `WRITTEN` at the places 1 to 5, and an entry of another tenant."""
    engine = new_catalog(tmp_path)
    write(engine, *(entry(actor, action, at) for actor, action, at in WRITTEN))  # type: ignore[arg-type]  # of the table
    write(engine, entry("tanaka", "read", 2, OTHER_TENANT))
    return engine


def places(engine: Engine, query: JournalQuery) -> list[int]:
    with reading(engine) as connection:
        return [each.seq for each in tail(connection, DEFAULT_TENANT, query)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (JournalQuery(), BY_TIME[::-1]),
        (JournalQuery(order="oldest"), BY_TIME),
        (JournalQuery(actor="tanaka"), [5, 2, 1]),
        (JournalQuery(action="read"), [5, 3]),
        (JournalQuery(action="read", actor="sato"), [3]),
        (JournalQuery(from_us=3, to_us=5), [2, 3]),
        (JournalQuery(from_us=4, actor="sato"), [4]),
        (JournalQuery(to_us=1), []),
        (JournalQuery(limit=2), [5, 4]),
    ],
)
def test_a_page_has_what_it_is_asked_for(
    journal: Engine, query: JournalQuery, found: list[int]
) -> None:
    """By the times at which things were asked, however late an entry was written."""
    assert places(journal, query) == found


@pytest.mark.parametrize(("order", "found"), [("oldest", BY_TIME), ("newest", BY_TIME[::-1])])
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_follow_each_other_without_a_gap(
    journal: Engine, order: Order, found: list[int], limit: int
) -> None:
    """Whoever pages through sees each entry once, also those of one moment."""
    twin = write(journal, entry("tanaka", "read", 6))
    expected = [*found, *twin] if order == "oldest" else [*twin, *found]
    seen: list[int] = []
    query = JournalQuery(order=order, limit=limit)
    while page := places(journal, query):
        seen += page
        query = replace(query, behind=page[-1])

    assert seen == expected


def test_a_page_is_never_longer_than_one_can_read(tmp_path: Path) -> None:
    """A careless limit does not read the whole journal."""
    engine = new_catalog(tmp_path)
    write(engine, *(entry("tanaka", "read", at) for at in range(MAX_PAGE + 1)))

    assert len(places(engine, JournalQuery(limit=10_000))) == MAX_PAGE


def heard(engine: Engine, target: Target) -> list[tuple[str, str]]:
    with reading(engine) as connection:
        return [
            (each.entry.action, each.entry.target)
            for each in who_heard(connection, DEFAULT_TENANT, target)
        ]


@pytest.fixture
def joined(tmp_path: Path) -> tuple[Engine, list[ConversationId]]:
    """Two calls that a third recording made one, and the names that they had before."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, told((("ucid", "u"),))))
    adopt(engine, adoption(2, told((("cisco_reference", "26"),))))
    names = [ConversationId(name) for name in conversations(engine)]
    adopt(engine, adoption(3, told((("ucid", "u"), ("cisco_reference", "26")))))
    adopt(engine, adoption(4))
    return engine, names


def do(engine: Engine, kind: type[Grant], target: Target, **detail: str) -> None:
    grant(engine, kind, Ask(access=access(), target=target, detail=detail))


def test_who_heard_a_call_counts_every_name_and_recording_of_it(
    joined: tuple[Engine, list[ConversationId]],
) -> None:
    """Two calls turn out to be one: what was done to either was done to it."""
    engine, names = joined
    do(engine, ReadGrant, names[0])
    do(engine, ListenGrant, names[1], range="bytes=0-99")
    do(engine, ExportGrant, recording_id(2))
    do(engine, ListenGrant, recording_id(4))
    expected = [
        ("read", str(names[0])), ("listened", str(names[1])), ("exported", str(recording_id(2)))
    ]  # fmt: skip

    for name in names:
        assert heard(engine, name) == expected


def test_who_heard_a_recording_counts_what_was_done_to_its_call(
    joined: tuple[Engine, list[ConversationId]],
) -> None:
    """Whoever hears a call hears all its recordings, and no other call."""
    engine, names = joined
    do(engine, ListenGrant, names[1])
    do(engine, ListenGrant, recording_id(1))
    do(engine, ListenGrant, recording_id(2))

    assert heard(engine, recording_id(1)) == [
        ("listened", str(names[1])), ("listened", str(recording_id(1)))
    ]  # fmt: skip


def test_an_entry_that_does_not_say_which_is_meant_counts(
    joined: tuple[Engine, list[ConversationId]],
) -> None:
    """Those of earlier versions: the id of a recording may have been asked for as a call's name."""
    engine, _ = joined
    write(engine, entry("yamada", "listened", 1, target=str(recording_id(2))))

    assert heard(engine, recording_id(1)) == [("listened", str(recording_id(2)))]


def test_who_heard_says_when_why_and_which_bytes(
    joined: tuple[Engine, list[ConversationId]],
) -> None:
    """What a customer is told: by whom, on which day, for what, how much of it."""
    engine, _ = joined
    do(engine, ListenGrant, recording_id(1), range="bytes=0-99")
    with reading(engine) as connection:
        (one,) = who_heard(connection, DEFAULT_TENANT, recording_id(1))

    told_of = one.entry
    assert (told_of.actor, told_of.at_us, told_of.reason) == (
        access().actor, access().at_us, access().purpose
    )  # fmt: skip
    assert told_of.detail == {"range": "bytes=0-99", "of": "recording"}


def test_what_is_no_looking_is_not_among_who_heard(
    joined: tuple[Engine, list[ConversationId]],
) -> None:
    """The keeper has adopted it, and nobody has heard anything by that."""
    engine, names = joined

    assert heard(engine, names[0]) == []


def test_who_heard_a_recording_that_is_gone_is_still_known(tmp_path: Path) -> None:
    """The journal outlives what it is about."""
    engine = new_catalog(tmp_path)
    do(engine, ListenGrant, recording_id(77))

    assert heard(engine, recording_id(77)) == [("listened", str(recording_id(77)))]


def test_who_heard_of_another_tenant_is_nobody(
    joined: tuple[Engine, list[ConversationId]],
) -> None:
    """An id of another tenant names nothing here."""
    engine, names = joined
    do(engine, ListenGrant, names[0])
    with reading(engine) as connection:
        assert who_heard(connection, OTHER_TENANT, names[0]) == ()


def test_who_heard_comes_in_pages(joined: tuple[Engine, list[ConversationId]]) -> None:
    """A call that a whole department was trained with is read through like any list."""
    engine, names = joined
    for _ in range(3):
        do(engine, ListenGrant, names[0])
    with reading(engine) as connection:
        first = who_heard(connection, DEFAULT_TENANT, names[0], limit=2)
        rest = who_heard(connection, DEFAULT_TENANT, names[0], behind=first[-1].seq, limit=2)

    assert [len(first), len(rest)] == [2, 1]
    assert first[-1].seq < rest[0].seq
