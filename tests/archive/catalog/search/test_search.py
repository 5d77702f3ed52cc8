"""Finding the call that somebody remembers."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Engine, text

from archive.access.query import (
    AgentClue,
    AnyAgentClue,
    Clue,
    CustomerClue,
    DirectionClue,
    DurationClue,
    IdClue,
    MarkClue,
    PhoneClue,
    SearchQuery,
    Window,
)
from archive.call.events import CallIdKnown, Event, RouteTaken
from archive.call.mentions import Mentioned
from archive.catalog.access.grants import Ask, NotGranted, SearchGrant, grant
from archive.catalog.database.engine import reading
from archive.catalog.index.agents import import_agents
from archive.catalog.search.search import overlong, recent, search
from archive.moments import EPOCH
from tests.archive.catalog.examples import (
    AGENTS_CSV,
    CUSTOMER,
    MINUTE_US,
    OTHER_TENANT,
    SECOND_US,
    STARTED_US,
    TOKYO,
    access,
    adopt,
    adoption,
    inbound,
    new_catalog,
    of_group,
    opened,
    party,
    recording_id,
    us,
)
from tests.archive.catalog.plans import listening, planner, pretend_calls
from tests.support.catalog.search import ALWAYS, DAY, ask, found, window

HOUR_US = 60 * MINUTE_US
BERLIN = ZoneInfo("Europe/Berlin")


def at_us(moment_us: int) -> datetime:
    return EPOCH + timedelta(microseconds=moment_us)


def between(start_us: int, end_us: int) -> Window:
    return Window(start_at=at_us(start_us), end_at=at_us(end_us), zone=TOKYO)


def one_call(folder: Path, events: tuple[Event, ...] | None = None) -> Engine:
    engine = new_catalog(folder)
    adopt(engine, adoption(1, events))
    import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())
    return engine


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """One call as most are; nobody adds to it."""
    return one_call(tmp_path_factory.mktemp("usual"))


@pytest.mark.parametrize(
    ("start_us", "end_us", "is_found"),
    [
        (STARTED_US, STARTED_US + 9 * MINUTE_US, True),
        (STARTED_US - 1, STARTED_US + 1, True),
        (STARTED_US + MINUTE_US, STARTED_US + 2 * MINUTE_US, True),
        (STARTED_US + 9 * MINUTE_US - 1, STARTED_US + HOUR_US, True),
        (STARTED_US + 9 * MINUTE_US, STARTED_US + HOUR_US, False),
        (STARTED_US - HOUR_US, STARTED_US, False),
        (STARTED_US - HOUR_US, STARTED_US + 1, True),
        (STARTED_US + MINUTE_US, STARTED_US + MINUTE_US, True),
    ],
)
def test_a_call_is_found_if_any_of_it_is_in_the_window(
    usual: Engine, start_us: int, end_us: int, *, is_found: bool
) -> None:
    """From the first moment of the window until just before its end."""
    hits = found(usual, within=between(start_us, end_us))

    assert bool(hits) is is_found


def test_a_call_without_length_is_found_where_it_lies(tmp_path: Path) -> None:
    """Somebody hung up at once; the recording is still asked for."""
    engine = one_call(tmp_path, inbound(length_us=0))

    assert found(engine, within=between(STARTED_US, STARTED_US + 1))
    assert not found(engine, within=between(STARTED_US + 1, STARTED_US + 2))


@pytest.mark.parametrize("hours", [11, 12, 13, 24 * 40])
def test_a_call_is_found_however_long_it_was(tmp_path: Path, hours: int) -> None:
    """The look-back is bounded; what is longer than the bound is sought apart."""
    engine = one_call(tmp_path, inbound(length_us=hours * HOUR_US))
    end_us = STARTED_US + hours * HOUR_US

    assert len(found(engine, within=between(end_us - 1, end_us + 1))) == 1
    assert len(found(engine, within=between(STARTED_US, STARTED_US + 1))) == 1
    assert not found(engine, within=between(end_us, end_us + 1))


@pytest.mark.parametrize(
    ("within", "is_found"),
    [
        (window("2026-10-29T17:00", "2026-10-29T18:00"), True),
        (window("2026-10-29T08:00", "2026-10-29T09:00", ZoneInfo("UTC")), True),
        (window("2026-10-29T09:00", "2026-10-29T10:00", BERLIN), True),
        (window("2026-10-29T17:00", "2026-10-29T18:00", BERLIN), False),
        (window("2026-10-29T17:00", "2026-10-29T18:00", ZoneInfo("UTC")), False),
    ],
)
def test_the_window_is_in_the_zone_that_was_asked_for(
    usual: Engine, within: Window, *, is_found: bool
) -> None:
    """17:42 in Tokyo is 08:42 in London and 09:42 in Berlin, whatever the server's clock says."""
    assert bool(found(usual, within=within)) is is_found


@pytest.mark.parametrize(("fold", "is_found"), [(0, False), (1, True)])
def test_the_hour_that_comes_twice_is_not_confused(
    tmp_path: Path, fold: int, *, is_found: bool
) -> None:
    """A call at 02:30 winter time, on the night on which Berlin has two of them."""
    started_us = us("2026-10-25T01:30", ZoneInfo("UTC"))
    engine = one_call(tmp_path, inbound(started_us, SECOND_US))
    start_at = datetime(2026, 10, 25, 2, 15, tzinfo=BERLIN, fold=fold)
    end_at = datetime(2026, 10, 25, 2, 45, tzinfo=BERLIN, fold=fold)

    assert bool(found(engine, within=Window(start_at=start_at, end_at=end_at, zone=BERLIN))) is (
        is_found
    )


@pytest.mark.both
@pytest.mark.parametrize(
    "clue",
    [
        "A17",
        "田中",
        "田中 真由",
        "田中真由",
        "真由",
        "たなか",
        "ﾀﾅｶ",
        "タナカ　マユ",
        "Tanaka",
        "mayu tanaka",
        "ＴＡＮＡＫＡ",
        "tana",
        "まゆさん",
        "中田",
    ],
)
def test_an_agent_is_found_however_she_is_remembered(usual: Engine, clue: str) -> None:
    """Id, kanji, kana, romaji, alias; any width and case; words in any order or cut short."""
    assert len(found(usual, AgentClue(clue))) == 1


@pytest.mark.parametrize(
    "clue", ["A18", "a1", "なかた", "大野", "anaka", "真由 大野", "%", "_", "'"]
)
def test_nobody_else_is_found(usual: Engine, clue: str) -> None:
    """A filter that is ignored shows the wrong people's calls."""
    assert found(usual, AgentClue(clue)) == []


@pytest.mark.parametrize(
    ("started", "agent"), [("2026-10-31T23:59", "田中"), ("2026-11-01T00:00", "なかた")]
)
def test_an_agent_is_the_one_who_sat_there_at_the_time_of_the_call(
    tmp_path: Path, started: str, agent: str
) -> None:
    """Free seating: the extension went to another on 1 November, at midnight in Tokyo."""
    engine = one_call(tmp_path, inbound(us(started)))

    assert len(found(engine, AgentClue(agent), within=ALWAYS)) == 1
    others = {"田中": "なかた", "なかた": "まゆ"}
    assert found(engine, AgentClue(others[agent]), within=ALWAYS) == []


def test_an_agent_is_found_by_the_name_that_the_call_itself_gave(tmp_path: Path) -> None:
    """Metadata may name whom no table knows."""
    engine = one_call(tmp_path, inbound(agent="sip:9999@pbx.example", agent_names=("Satō Hanako",)))

    assert len(found(engine, AgentClue("sato hanako"))) == 1
    assert found(engine, AgentClue("sato ichiro")) == []


def test_a_customer_is_not_found_as_an_agent(tmp_path: Path) -> None:
    """The display name of a caller is nobody's name in the office."""
    events = (*inbound()[:-1], party(0, CUSTOMER, "customer", names=("田村",)), inbound()[-1])

    assert found(one_call(tmp_path, events), AgentClue("田村")) == []


@pytest.mark.parametrize(
    "clue",
    [
        "+81312347788",
        "+81 3 1234 7788",
        "03-1234-7788",
        "０３－１２３４－７７８８",
        "0312347788",
        "0081 3 1234 7788",
        "1234-7788",
        "347788",
        "7788",
        "788",
        "2001",
    ],
)
def test_a_number_is_found_in_any_spelling_and_by_its_end(usual: Engine, clue: str) -> None:
    """Full width, hyphens, +81 or 0, or the last digits; of either side."""
    assert len(found(usual, PhoneClue.parse(clue, "JP"))) == 1


@pytest.mark.parametrize("clue", ["7789", "0677888", "887", "+493012347788", "06-1234-7788", "123"])
def test_no_other_number_is_found(usual: Engine, clue: str) -> None:
    """The end, not the middle; the country, where it was said."""
    assert found(usual, PhoneClue.parse(clue, "JP")) == []


@pytest.mark.parametrize(
    ("kept", "asked"), [("0312347788", "+81312347788"), ("+81312347788", "0312347788")]
)
def test_national_and_international_form_are_one_number(
    tmp_path: Path, kept: str, asked: str
) -> None:
    """Also where nobody knew the country when the call came."""
    _, *others = inbound(customer=f"sip:{kept}@carrier.example")
    engine = one_call(tmp_path, (opened(country=""), *others))

    assert len(found(engine, PhoneClue.parse(asked, ""))) == 1


@pytest.mark.parametrize(("asked", "is_found"), [("03-1234-7788", False), ("312347788", True)])
def test_a_whole_number_is_not_the_end_of_a_foreign_one(
    tmp_path: Path, asked: str, *, is_found: bool
) -> None:
    """With its trunk zero it is a number of Tokyo; without, it may be anything's last digits."""
    engine = one_call(tmp_path, inbound(customer="sip:+49312347788@carrier.example"))

    assert bool(found(engine, PhoneClue.parse(asked, "JP"))) is is_found


def test_a_number_that_is_none_is_found_as_it_was_received(tmp_path: Path) -> None:
    """ "anonymous" is what the caller showed."""
    engine = one_call(tmp_path, inbound(customer="sip:anonymous@anonymous.invalid"))

    assert len(found(engine, PhoneClue.parse("anonymous", "JP"))) == 1


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ("call-id", True),
        (" CALL-ID ", True),
        ("g-7", True),
        ("call in G-7", True),
        ("00025000160955721139", True),
        ("0002500016095572113", False),
        ("call", False),
    ],
)
def test_a_call_is_found_by_any_id_that_it_has(
    tmp_path: Path, asked: str, *, is_found: bool
) -> None:
    """The dialog's, the client's, a vendor's: whole, and in any case."""
    ucid = CallIdKnown(at_us=STARTED_US, kind="ucid", value="00025000160955721139")
    engine = one_call(tmp_path, (*inbound(), of_group("G-7"), ucid))

    assert bool(found(engine, IdClue(asked))) is is_found


@pytest.mark.parametrize("write", [str, lambda own: str(own).upper(), lambda own: UUID(str(own))])
def test_a_call_is_found_by_our_own_ids(usual: Engine, write: Callable[[object], object]) -> None:
    """The recording's, and the call's: they are what every answer and every page shows."""
    (row,) = ask(usual, SearchQuery(window=DAY)).found

    for own in (row.recording, row.conversation):
        assert found(usual, IdClue(f"{write(own)}")) == [str(row.recording)]
    assert not found(usual, IdClue("0" * 32))


@pytest.mark.parametrize(
    ("clue", "is_found"),
    [
        (MarkClue("queue", " Support "), True),
        (MarkClue("tag", "gold"), True),
        (MarkClue("tag", "new"), True),
        (MarkClue("route", "inbound"), True),
        (MarkClue("controller", "client-7"), True),
        (MarkClue("purpose", "orders"), True),
        (MarkClue("tag", "support"), False),
        (MarkClue("queue", "supp"), False),
    ],
)
def test_a_call_is_found_by_what_its_route_says_of_it(
    tmp_path: Path, clue: MarkClue, *, is_found: bool
) -> None:
    """Each word counts as what it is: a tag is no queue."""
    taken = RouteTaken(
        at_us=STARTED_US, route="inbound", target="pbx", mode="yes", queue="support",
        purpose="orders", controller="client-7", tags=("gold", "new"),
    )  # fmt: skip
    engine = one_call(tmp_path, (*inbound(), taken))

    assert bool(found(engine, clue)) is is_found
    assert found(engine, clue, AgentClue("大野")) == []


@pytest.mark.both
@pytest.mark.parametrize(
    ("clues", "is_found"),
    [
        ((DirectionClue("inbound"),), True),
        ((DirectionClue("outbound"),), False),
        ((DurationClue(min_ms=540_000, max_ms=540_000),), True),
        ((DurationClue(min_ms=540_001, max_ms=600_000),), False),
        ((DurationClue(min_ms=0, max_ms=539_999),), False),
        ((AgentClue("田中"), PhoneClue.parse("7788", "JP"), DirectionClue("inbound")), True),
        ((AgentClue("田中"), PhoneClue.parse("7789", "JP")), False),
        ((AnyAgentClue((AgentClue("大野"), AgentClue("田中"))),), True),
        ((AnyAgentClue((AgentClue("大野"), AgentClue("山本"))),), False),
        ((AnyAgentClue((AgentClue("田中"), AgentClue("田中"))), IdClue("call-id")), True),
        ((AgentClue("大野"), PhoneClue.parse("7788", "JP")), False),
        ((AgentClue("田中"), IdClue("call-id")), True),
        ((AgentClue("大野"), IdClue("call-id")), False),
    ],
)
def test_all_clues_must_hold(usual: Engine, clues: tuple[Clue, ...], *, is_found: bool) -> None:
    """Each clue narrows; none is ever ignored."""
    assert bool(found(usual, *clues)) is is_found


def test_another_tenants_calls_are_not_there(usual: Engine) -> None:
    """The tenant comes from the grant; a query has no say in it."""

    page = ask(usual, SearchQuery(window=ALWAYS), OTHER_TENANT)

    assert page.found == ()


@pytest.mark.both
def test_pages_show_every_call_once_newest_first(tmp_path: Path) -> None:
    """Also where several began in the same microsecond, and past the bound of the look-back."""
    engine = new_catalog(tmp_path)
    long = inbound(STARTED_US - 20 * HOUR_US, 30 * HOUR_US)
    calls = [adoption(number, inbound(STARTED_US + number // 3)) for number in range(1, 10)]
    adopt(engine, adoption(20, long), *calls)
    query = SearchQuery(window=between(STARTED_US, STARTED_US + HOUR_US), limit=2)

    shown: list[tuple[int, bytes]] = []
    page = ask(engine, query)
    while True:
        shown += [(each.started_us, each.recording.raw) for each in page.found]
        if page.next_cursor is None:
            break
        page = ask(engine, replace(query, after=page.next_cursor))

    assert shown == sorted(shown, reverse=True)
    assert len(shown) == len(set(shown)) == 10
    assert shown[-1][1] == recording_id(20, STARTED_US - 20 * HOUR_US).raw


def test_a_last_page_that_is_full_has_no_next(usual: Engine) -> None:
    """A page more that is empty would be a page too many."""

    assert ask(usual, SearchQuery(window=ALWAYS, limit=1)).next_cursor is None


def test_a_grant_for_something_else_searches_nothing(usual: Engine) -> None:
    """A right to one call is no right to all."""
    granted = grant(usual, SearchGrant, Ask(access=access(), target=recording_id()))

    with reading(usual) as connection, pytest.raises(NotGranted):
        search(connection, SearchQuery(window=ALWAYS), granted)


@pytest.mark.parametrize(
    "clue", [AgentClue("田中 真由"), PhoneClue.parse("7788", "JP"), PhoneClue.parse("47788", "JP")]
)
@pytest.mark.sqlite
def test_clues_lead_the_way_through_an_index(tmp_path: Path, clue: Clue) -> None:
    """With ten million calls, a table that is read from end to end takes seconds."""
    engine = new_catalog(tmp_path)
    query = SearchQuery(window=ALWAYS, clues=(clue,))

    with reading(engine) as connection:
        plans = plan(connection, query)

    assert not [step for step in plans if step.startswith("SCAN")]
    assert "SEARCH recording USING INTEGER PRIMARY KEY (rowid=?)" in plans


@pytest.mark.parametrize(
    "clues",
    [
        (),
        (AgentClue("田中 真由"),),
        (PhoneClue.parse("47788", "JP"),),
        (IdClue("one"),),
        (MarkClue("tag", "gold"),),
        (DirectionClue("inbound"),),
        (DurationClue(min_ms=60_000, max_ms=120_000),),
    ],
)
@pytest.mark.parametrize("statistics", [None, pretend_calls])
@pytest.mark.sqlite
def test_calls_from_long_before_the_window_are_sought_by_their_length(
    tmp_path: Path,
    clues: tuple[Clue, ...],
    statistics: Callable[[sqlite3.Connection], None] | None,
) -> None:
    """Each page that was not full went through all that is older: 300 ms of a million calls."""
    engine = new_catalog(tmp_path)
    with reading(engine) as connection, listening(engine) as heard:
        connection.execute(overlong(1, SearchQuery(window=DAY, clues=clues)).limit(9))
    with planner(tmp_path / "catalog.db") as database:
        if statistics is not None:
            statistics(database)
        first, *_ = heard[0].plan(database)

    assert first.startswith(
        "SEARCH recording USING INDEX ix_recording_tenant_duration_ms (tenant=?"
    )
    assert "duration_ms>?" in first


@pytest.mark.sqlite
def test_whether_any_call_is_that_long_is_asked_by_length_alone(tmp_path: Path) -> None:
    """With every page that is not full, twice where sides are guessed."""
    engine = new_catalog(tmp_path)
    with listening(engine) as heard:
        ask(engine, SearchQuery(window=DAY, clues=(CustomerClue("田中"),)))
    asked = [each for each in heard if "duration_ms >= " in each.sql]
    with planner(tmp_path / "catalog.db") as database:
        plans = {step for each in asked for step in each.plan(database)}

    (only,) = plans
    assert "INDEX ix_recording_tenant_duration_ms (tenant=? AND duration_ms>?)" in only


@pytest.mark.sqlite
def test_a_window_alone_is_a_stretch_of_the_index_by_time(tmp_path: Path) -> None:
    """The naive overlap of two ranges would read half the archive."""
    with reading(new_catalog(tmp_path)) as connection:
        first, *_ = plan(connection, SearchQuery(window=DAY))

    assert "ix_recording_tenant_started_us_id (tenant=? AND started_us>? AND started_us<?)" in first


def test_a_page_that_is_not_full_asks_for_its_clues_once(usual: Engine) -> None:
    """For calls of before the window an agent's whole history was gone through: seconds.

    Once for what is known to fit, once for what fits by a guess.
    """
    with listening(usual) as heard:
        found = ask(usual, SearchQuery(window=DAY, clues=(AgentClue("田中 真由"),))).found

    assert len(found) == 1
    assert sum("FROM leg_name" in each.sql for each in heard) == 2


@pytest.mark.parametrize("clue", [AgentClue("田中 真由"), CustomerClue("田中 真由")])
@pytest.mark.sqlite
def test_a_name_is_answered_from_the_index_alone(tmp_path: Path, clue: Clue) -> None:
    """Of a million calls a tenth were a Tanaka's; to look at each leg's row took 0.3 s."""
    with reading(new_catalog(tmp_path)) as connection:
        steps = plan(connection, SearchQuery(window=DAY, clues=(clue,)))

    named = [each for each in steps if "leg_name" in each or "mention" in each]
    assert any("mention" in each for each in named)
    assert all(" USING COVERING INDEX " in each for each in named), named


def plan(connection: Connection, query: SearchQuery) -> list[str]:
    """How SQLite goes about both statements of a search."""
    steps: list[str] = []
    for statement in (recent(1, query), overlong(1, query)):
        compiled = statement.compile(connection.engine)
        rows = connection.execute(
            text(f"EXPLAIN QUERY PLAN {compiled}".replace("?", ":x")), {"x": 1}
        )
        steps += [row.detail for row in rows]
    return steps


def test_a_search_by_number_or_name_says_how_many_were_never_read_for_it(tmp_path: Path) -> None:
    """Of its window; what asks for no number has nothing to miss there."""
    first, *others = inbound()
    read = (first, Mentioned(at_us=STARTED_US, mentions=(), by="headers"), *others)
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, inbound()), adoption(2, read))

    def unread(clue: Clue, within: Window = DAY) -> int:
        return ask(engine, SearchQuery(window=within, clues=(clue,))).unread

    assert unread(PhoneClue.parse("0399999999", "JP")) == 1
    assert unread(CustomerClue("nobody")) == 1
    assert unread(DirectionClue("inbound")) == 0
    assert unread(CustomerClue("nobody"), window("2026-10-30T00:00", "2026-10-31T00:00")) == 0
