"""Calls found by what somebody remembers: ranked, told and journalled, within his reach alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine

from api.access.authorization import Door
from api.locate.column_keeper import ColumnKeeper, ColumnsNotReady
from api.locate.question import Located, LocatedCall, LocateQuery, RankedCall, TypedClue
from api.locate.ranked_search import Locate
from api.locate.sight import Lookout
from api.permissions.accounts import Account, Authority
from api.permissions.actor import Actor
from api.permissions.errors import NotAllowed
from api.permissions.verbs import Verb
from archive.access.query import Window
from archive.access.reach import EVERYWHERE, Reach, ReachRule
from archive.call.corrections import NoteWritten
from archive.call.events import Event, RouteTaken
from archive.call.mentions import Mention
from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.tombstones import place_tombstone
from archive.catalog.index.agents import import_agents
from archive.catalog.journal.entries import Entry
from archive.flaws import Flaw, PartRefused
from archive.ids import DEFAULT_TENANT
from archive.locate.answer.cursor import SearchAnew
from archive.locate.answer.question import Question
from archive.locate.answer.verdict import Because, Outcome
from archive.moments import microseconds
from tests.api.examples import column_keeper
from tests.archive.catalog.examples import (
    AGENTS_CSV,
    MINUTE_US,
    NOW_US,
    STARTED_US,
    TOKYO,
    access,
    adopt,
    adoption,
    inbound,
    new_catalog,
    recording_id,
    same_catalog,
)
from tests.support.catalog.amendment import amend
from tests.support.catalog.ledger import page, refused
from tests.support.web.same_work import left_of
from tests.told import all_told

HOUR_US = 60 * MINUTE_US
TEXT = "10月29日、下4桁7712、ご用件は解約"
Calls = list[tuple[int, tuple[Event, ...]]]
SUPPORT: Reach = (ReachRule(queues=frozenset({"support"})),)


def call(number: int, queue: str = "support", *tags: str) -> tuple[Event, ...]:
    """An hour behind the one before; the number ends in 77 and the number of the call."""
    began_us = STARTED_US + number * HOUR_US
    taken = RouteTaken(
        at_us=began_us, route="main", target="pbx", mode="yes", queue=queue, tags=tags,
        controller="acme",
    )  # fmt: skip
    return (*inbound(began_us, customer=f"sip:+813123477{number:02}@carrier.example"), taken)


def actor(*verbs: Verb, reach: Reach = EVERYWHERE) -> Actor:
    own = Authority(own=frozenset(verbs or (Verb.SEARCH,)), own_reach=reach)
    account = Account(tenant=DEFAULT_TENANT, name="yamada", kind="person", authority=own, user=1)
    return Actor(account=account, stated="quality")


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The use case over a catalog whose columns are made."""

    engine: Engine
    keeper: ColumnKeeper
    locate: Locate

    async def ask(
        self, text: str = "", *clues: TypedClue, who: Actor | None = None, **more: object
    ) -> Located:
        query = LocateQuery(zone=TOKYO, text=text, clues=clues, **more)  # type: ignore[arg-type]
        return await self.locate.search(who or actor(), query)

    def told(self) -> list[Entry]:
        with reading(self.engine) as connection:
            return [each.entry for each in all_told(connection, DEFAULT_TENANT)]


@asynccontextmanager
async def scene(folder: Path, calls: Calls, *, has_agents: bool = True) -> AsyncIterator[Scene]:
    engine = new_catalog(folder)
    if has_agents:
        import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())
    adopt(engine, *(adoption(number, events) for number, events in calls))
    keeper = column_keeper(engine, folder)
    while keeper.step():
        pass
    catalog = same_catalog(engine)
    door = Door(engine=catalog, clock_us=lambda: NOW_US)
    locate = Locate(door=door, lookouts={DEFAULT_TENANT: Lookout(keeper)}, country="JP")
    yield Scene(engine=engine, keeper=keeper, locate=locate)
    await catalog.dispose()
    engine.dispose()


def some(*numbers: int, queue: str = "support") -> Calls:
    return [(number, call(number, queue)) for number in numbers]


def numbers(located: Located) -> list[str]:
    """The last digits of each that is recorded."""
    return [_number(each)[-4:] for each in located.candidates if each.calls]


def _best(located: Located) -> RankedCall:
    """The first that is recorded."""
    return next(each.recorded for each in located.candidates if each.recorded)


def _number(each: LocatedCall) -> str:
    return each.calls[0].legs[0].number.e164


async def test_the_call_of_which_most_is_right_is_first_and_each_clue_says_how_it_fits(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, some(*range(20))) as it:
        located = await it.ask("10月29日か30日、下4桁は7712でした")

    assert [each.kind for each in located.understood.clues] == ["when", "number"]
    assert numbers(located)[0] == "7712"
    best = located.candidates[0]
    assert best.recorded
    assert [each.outcome for each in best.verdicts] == [Outcome.MATCH, Outcome.MATCH]
    assert best.chance > 0.9
    assert sum(best.recorded.weights) == pytest.approx(best.score, abs=1e-4)
    assert min(best.recorded.weights) > 0
    assert not best.is_confirmed  # a time is nothing that only who was in the call knows
    assert located.chances.recorded + located.chances.never == pytest.approx(1, abs=1e-5)


async def test_the_journal_has_the_clues_and_what_is_shown_and_nothing_that_was_typed(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, some(*range(20))) as it:
        located = await it.ask(TEXT, limit=2)
        *_, asked, shown = it.told()

    assert (asked.action, asked.actor, asked.reason) == ("searched", "yamada", "quality")
    clues = asked.detail["clues"]
    assert isinstance(clues, list)
    assert [str(each).split()[0] for each in clues] == ["when", "number", "gist"]
    assert clues[1:] == ["number …7712", "gist"]
    assert "解約" not in repr(asked)
    assert shown.action == "found"
    assert list(shown.shown) == [own.recording for each in located.candidates for own in each.calls]


async def test_nothing_is_ranked_before_the_journal_says_so(tmp_path: Path) -> None:
    """Who may not search hears nothing; what is not understood leaves no entry."""
    async with scene(tmp_path, some(1)) as it:
        before = len(it.told())
        with pytest.raises(PartRefused) as nothing:
            await it.ask("ああ")
        assert len(it.told()) == before
        with pytest.raises(NotAllowed):
            await it.ask(TEXT, who=actor(Verb.READ))
        assert it.told()[-1].action == "refused"

    assert nothing.value.flaw is Flaw.NOTHING_UNDERSTOOD


@pytest.mark.parametrize(
    ("text", "clues"),
    [
        (TEXT, ()),
        ("サポートの田中さん、10月末", ()),
        ("", (TypedClue(kind="number", value="99", likely=True),)),
        ("", (TypedClue(kind="queue", value="sales"), TypedClue(kind="number", value="7713"))),
        ("", (TypedClue(kind="gist", value="解約", likely=True),)),
        ("", (TypedClue(kind="id", value=str(recording_id(13))),)),
    ],
)
async def test_who_may_see_half_is_answered_as_if_there_were_no_other_half(
    tmp_path: Path, text: str, clues: tuple[TypedClue, ...]
) -> None:
    """To the last digit: scores, chances, counts, what to drop, what to ask."""
    half = [(number, call(number, "support", "解約")) for number in range(0, 20, 2)]
    others = [(number, call(number, "sales", "解約", "other")) for number in range(1, 20, 2)]
    both = sorted([*half, *others])
    seen = actor(reach=SUPPORT)
    folders = [tmp_path / each for each in ("half", "whole")]
    for each in folders:
        each.mkdir()
    async with scene(folders[0], half) as it:
        alone = await it.ask(text, *clues, who=seen, limit=5)
    async with scene(folders[1], both) as it:
        beside = await it.ask(text, *clues, who=seen, limit=5)

    assert repr(_but_cursor(beside)) == repr(_but_cursor(alone))


def _but_cursor(located: Located) -> Located:
    """It counts rows of the catalog, sealed for nobody and of no meaning to who has it."""
    assert located.next_cursor or len(located.candidates) < 5
    return replace(located, next_cursor="")


async def test_pages_go_on_and_what_is_adopted_meanwhile_is_on_none_of_them(tmp_path: Path) -> None:
    async with scene(tmp_path, some(*range(20))) as it:
        whole = numbers(await it.ask(TEXT, limit=50))
        first = await it.ask(TEXT, limit=8)
        adopt(it.engine, adoption(30, call(12)))
        second = await it.ask(TEXT, limit=8, cursor=first.next_cursor)
        third = await it.ask(TEXT, limit=8, cursor=second.next_cursor)

        assert numbers(first) + numbers(second) + numbers(third) == whole
        assert third.next_cursor == ""
        with pytest.raises(SearchAnew):
            await it.ask("7712", cursor=first.next_cursor)


async def test_where_nothing_fits_it_is_said_what_to_drop_and_what_that_gives(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, some(*range(20))) as it:
        located = await it.ask(
            "",
            TypedClue(kind="number", value="7712"),
            TypedClue(kind="direction", value="outbound"),
        )

    assert located.candidates == ()
    assert [(each.place, each.count) for each in located.advice.relaxations.drops] == [(1, 1)]
    assert located.advice.relaxations.alone == (1,)


@pytest.mark.parametrize("kind", ["not", "beside"])
async def test_what_is_no_id_is_refused_in_its_own_field(tmp_path: Path, kind: str) -> None:
    number = TypedClue(kind="number", value="7712", likely=True)
    async with scene(tmp_path, some(1)) as it:
        with pytest.raises(PartRefused) as refused:
            await it.ask("", number, TypedClue(kind=kind, value="yesterday's"))

    assert (refused.value.field, refused.value.flaw) == ("clues.1.value", Flaw.NO_RECORDING)


async def test_certain_clues_narrow_and_a_window_is_one(tmp_path: Path) -> None:
    window = Window(
        start_at=datetime(2026, 10, 29, tzinfo=TOKYO),
        end_at=datetime(2026, 10, 30, tzinfo=TOKYO),
        zone=TOKYO,
    )
    async with scene(tmp_path, some(*range(20))) as it:
        located = await it.ask("下4桁7719", window=window, limit=50)

    assert 0 < len(located.candidates) < 20
    assert "7719" not in numbers(located)
    assert located.understood.clues[-1].certain


async def test_calls_without_a_recording_are_among_them_for_who_may_see_the_ledger(
    tmp_path: Path,
) -> None:
    """That they were shown is in the journal as of any look into the ledger."""
    lost = msgspec.structs.replace(
        refused(1),
        mentions=(Mention(told_as="caller", address="sip:0312349988@carrier.example"),),
    )
    async with scene(tmp_path, some(*range(20))) as it:
        adopt(it.engine, page(60, lost))
        with_ledger = await it.ask("ends in 9988", who=actor(Verb.SEARCH, Verb.LEDGER))
        entries = [each.action for each in it.told()]
        without = await it.ask("ends in 9988")

    first = with_ledger.candidates[0]
    assert (first.state, first.verdicts[0].outcome) == ("not_recorded", Outcome.MATCH)
    assert first.unrecorded is not None
    assert first.unrecorded.call_id == "refused-1"
    assert with_ledger.chances.not_recorded > 0.5
    assert entries[-1] == "ledger_seen"
    assert {each.state for each in without.candidates} <= {"recorded"}
    assert without.chances.not_recorded == 0


async def test_what_was_destroyed_is_told_by_its_hour(tmp_path: Path) -> None:
    gone = left_of(40)
    async with scene(tmp_path, some(*range(20))) as it:
        with writing(it.engine) as connection:
            place_tombstone(connection, 1, gone)
        located = await it.ask("ends in 9988")
        beyond = await it.ask("ends in 9988", who=actor(reach=SUPPORT))

    found = next(each for each in located.candidates if each.state == "destroyed")
    assert found.destroyed is not None
    assert found.destroyed.remains.hour_us == gone.remains.hour_us
    assert found.verdicts[0].because is Because.DESTROYED
    assert located.chances.destroyed > 0
    assert beyond.chances.destroyed == 0


async def test_a_tag_a_note_and_an_id_find_their_call(tmp_path: Path) -> None:
    calls = [(n, call(n, "support", "返品" if n == 5 else "配送")) for n in range(20)]
    async with scene(tmp_path, calls) as it:
        amend(
            it.engine, NoteWritten(text="保証書を紛失"), recording_id(7, STARTED_US + 7 * HOUR_US)
        )
        by_tag = await it.ask("", TypedClue(kind="gist", value="返品", likely=True))
        by_note = await it.ask("", TypedClue(kind="gist", value="保証書", likely=True))
        own = str(recording_id(9, STARTED_US + 9 * HOUR_US))
        by_id = await it.ask("", TypedClue(kind="id", value=own, likely=True))

    assert numbers(by_tag)[0] == "7705"
    assert numbers(by_note)[0] == "7707"
    assert numbers(by_id)[0] == "7709"
    for each in (by_tag, by_note, by_id):
        assert each.candidates[0].verdicts[0].outcome is Outcome.MATCH


async def test_what_has_been_looked_at_is_out_and_the_call_behind_it_is_found(
    tmp_path: Path,
) -> None:
    began_us = STARTED_US + 22 * HOUR_US
    again = inbound(began_us, customer="sip:+81312347712@carrier.example")
    async with scene(tmp_path, [*some(*range(20)), (22, again)]) as it:
        seen = _best(await it.ask("下4桁7712"))
        not_that = await it.ask("下4桁7712", TypedClue(kind="not", value=str(seen.conversation)))
        others = TypedClue(kind="beside", value=str(seen.conversation), side="before", likely=True)
        before = await it.ask("", others)

    assert [each.conversation for each in seen.burst.calls] == [_best(not_that).conversation]
    assert _best(not_that).conversation != seen.conversation
    assert _best(before).conversation == _best(not_that).conversation
    assert before.candidates[0].verdicts[0].because is Because.SAME_PARTY


async def test_two_things_that_only_the_caller_knows_confirm_a_call(tmp_path: Path) -> None:
    calls = [(n, call(n, "support", "返品" if n == 12 else "配送")) for n in range(20)]
    async with scene(tmp_path, calls) as it:
        located = await it.ask(
            "",
            TypedClue(kind="number", value="03-1234-7712", likely=True),
            TypedClue(kind="gist", value="返品", likely=True),
        )

    assert [each.is_confirmed for each in located.candidates][:2] == [True, False]


async def test_a_call_after_the_day_on_which_it_was_told_of_is_none_that_is_meant(
    tmp_path: Path,
) -> None:
    """What came later is out, without a word of when; before all calls there is none."""
    told_at = datetime(2026, 10, 29, 23, tzinfo=TOKYO)
    async with scene(tmp_path, some(*range(20))) as it:
        located = await it.ask("下4桁7719", as_of=told_at, limit=50)
        none = await it.ask("下4桁7719", as_of=datetime(2020, 1, 1, tzinfo=TOKYO))

    assert none.candidates == ()
    assert none.chances.never == 1
    assert 0 < len(located.candidates) < 20
    assert all(each.calls[0].started_us <= microseconds(told_at) for each in located.candidates)


async def test_of_one_call_alone_of_which_anything_is_written_that_says_much(
    tmp_path: Path,
) -> None:
    calls = [*some(*range(20)), (21, call(12, "support", "返品"))]
    async with scene(tmp_path, calls) as it:
        located = await it.ask("下4桁7712、返品の件")

    first, second = located.candidates[:2]
    assert [each.verdicts[-1].outcome for each in (first, second)] == [
        Outcome.MATCH,
        Outcome.UNKNOWN,
    ]
    assert first.chance > 5 * second.chance


async def test_a_question_is_asked_that_parts_the_candidates_and_not_twice(tmp_path: Path) -> None:
    async with scene(tmp_path, some(*range(20))) as it:
        first = await it.ask("10月下旬")
        assert first.advice.question is Question.LAST_DIGITS
        other = await it.ask("10月下旬", asked=(Question.LAST_DIGITS,))

    assert other.advice.question is not Question.LAST_DIGITS


async def test_columns_that_are_not_made_answer_nothing_and_say_how_far_they_are(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, some(1)) as it:
        fresh = replace(column_keeper(it.engine, tmp_path), folder=tmp_path / "fresh")
        locate = Locate(
            door=it.locate.door, lookouts={DEFAULT_TENANT: Lookout(fresh)}, country="JP"
        )
        with pytest.raises(ColumnsNotReady) as waiting:
            await locate.search(actor(), LocateQuery(zone=TOKYO, text=TEXT))

    assert (waiting.value.made, waiting.value.months) == (0, 1)


@pytest.mark.parametrize("has_agents", [True, False])
async def test_whether_there_is_a_table_of_agents_is_said(tmp_path: Path, has_agents: bool) -> None:
    async with scene(tmp_path, some(1), has_agents=has_agents) as it:
        located = await it.ask(TEXT)

    assert located.knows_agents == has_agents


async def test_what_is_destroyed_is_forgotten_with_the_file_it_stood_in(tmp_path: Path) -> None:
    """What is kept for who asks next keeps no file that is no longer in force."""
    async with scene(tmp_path, some(*range(20))) as it:
        await it.ask(TEXT)
        with it.keeper.current() as columns:
            assert columns.reached.held == {id(each.rows) for each in columns.files}
        adopt(it.engine, adoption(30, call(21)))
        while it.keeper.step():
            pass
        with it.keeper.current() as columns:
            assert columns.reached.held < {id(each.rows) for each in columns.files}
