"""Calls found by what somebody remembers: ranked, told and journalled, page by page."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from api.locate.column_keeper import ColumnsNotReady
from api.locate.question import LocateQuery, TypedClue
from api.locate.ranked_search import Locate
from api.locate.sight import Lookout
from api.permissions.errors import NotAllowed
from api.permissions.verbs import Verb
from archive.access.query import Window
from archive.call.corrections import NoteWritten
from archive.call.events import CallIdKnown
from archive.flaws import Flaw, PartRefused
from archive.ids import DEFAULT_TENANT
from archive.locate.answer.cursor import SearchAnew
from archive.locate.answer.question import Question
from archive.locate.answer.verdict import Because, Outcome
from archive.locate.when.values import Note
from archive.moments import microseconds
from tests.api.examples import column_keeper
from tests.archive.catalog.examples import (
    OTHER_TENANT,
    STARTED_US,
    TOKYO,
    adopt,
    adoption,
    inbound,
    recording_id,
)
from tests.support.catalog.amendment import amend
from tests.support.catalog.linking import OTHER_AGENT, outbound
from tests.support.locate.ranked_scene import (
    HOUR_US,
    actor,
    best,
    call,
    customer,
    numbers,
    ranked_scene,
    some,
)

TEXT = "10月29日、下4桁7712、ご用件は解約"


async def test_the_call_of_which_most_is_right_is_first_and_each_clue_says_how_it_fits(
    tmp_path: Path,
) -> None:
    async with ranked_scene(tmp_path, some(*range(20))) as it:
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
    async with ranked_scene(tmp_path, some(*range(20))) as it:
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
    async with ranked_scene(tmp_path, some(1)) as it:
        before = len(it.told())
        with pytest.raises(PartRefused) as nothing:
            await it.ask("ああ")
        assert len(it.told()) == before
        with pytest.raises(NotAllowed):
            await it.ask(TEXT, who=actor(Verb.READ))
        assert it.told()[-1].action == "refused"

    assert nothing.value.flaw is Flaw.NOTHING_UNDERSTOOD


async def test_pages_go_on_and_what_is_adopted_meanwhile_is_on_none_of_them(tmp_path: Path) -> None:
    async with ranked_scene(tmp_path, some(*range(20))) as it:
        whole = numbers(await it.ask(TEXT, limit=50))
        first = await it.ask(TEXT, limit=8)
        adopt(it.engine, *(adoption(30 + n, call(n)) for n in range(20)))
        second = await it.ask(TEXT, limit=8, cursor=first.next_cursor)
        third = await it.ask(TEXT, limit=8, cursor=second.next_cursor)

        assert numbers(first) + numbers(second) + numbers(third) == whole
        assert third.next_cursor == ""
        with pytest.raises(SearchAnew):
            await it.ask("7712", cursor=first.next_cursor)


async def test_where_nothing_fits_it_is_said_what_to_drop_and_what_that_gives(
    tmp_path: Path,
) -> None:
    async with ranked_scene(tmp_path, some(*range(20))) as it:
        located = await it.ask(
            "",
            TypedClue(kind="number", value="7712"),
            TypedClue(kind="direction", value="outbound"),
        )

    assert located.candidates == ()
    assert [(each.place, each.count) for each in located.advice.relaxations.drops] == [(1, 1)]
    assert located.advice.relaxations.alone == (1,)


async def test_no_count_and_no_page_ends_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where counting stops it is said of the whole, of what a dropped clue gives, of the pages."""
    monkeypatch.setattr("api.locate.ranked_answer.MOST_COUNTED", 5)
    monkeypatch.setattr("archive.locate.answer.candidates.MOST_COUNTED", 5)
    way = [TypedClue(kind="direction", value=each) for each in ("inbound", "outbound")]
    async with ranked_scene(tmp_path, some(*range(20))) as it:
        most = await it.ask("", TypedClue(kind="queue", value="support"))
        few = await it.ask("", TypedClue(kind="number", value="7712"))
        none = await it.ask("", *way)

    assert (most.counts.total, most.counts.is_cut, most.counts.has_less_likely) == (5, True, True)
    assert len(most.candidates) == 5
    assert (few.counts.total, few.counts.is_cut, few.counts.has_less_likely) == (1, False, False)
    (drop,) = none.advice.relaxations.drops
    assert (drop.place, drop.count, drop.is_cut) == (1, 5, True)


@pytest.mark.parametrize("likely", [False, True])
async def test_a_text_that_more_calls_have_than_are_looked_up_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, likely: bool
) -> None:
    """The call that is meant may be an old one."""
    monkeypatch.setattr("archive.catalog.locating.found_texts.MOST_FOUND", 5)
    calls = [(n, call(n, "support", "配送" if n else "返品")) for n in range(8)]
    async with ranked_scene(tmp_path, calls) as it:
        many = await it.ask("", TypedClue(kind="gist", value="配送", likely=likely))
        few = await it.ask("", TypedClue(kind="gist", value="返品", likely=likely))

    assert many.understood.notes == (Note(code="old_texts", values=("配送",)),)
    assert few.understood.notes == ()


@pytest.mark.parametrize("kind", ["not", "beside"])
async def test_what_is_no_id_is_refused_in_its_own_field(tmp_path: Path, kind: str) -> None:
    number = TypedClue(kind="number", value="7712", likely=True)
    async with ranked_scene(tmp_path, some(1)) as it:
        with pytest.raises(PartRefused) as refused:
            await it.ask("", number, TypedClue(kind=kind, value="yesterday's"))

    assert (refused.value.field, refused.value.flaw) == ("clues.1.value", Flaw.NO_CALL)


async def test_certain_clues_narrow_and_a_window_is_one(tmp_path: Path) -> None:
    window = Window(
        start_at=datetime(2026, 10, 29, tzinfo=TOKYO),
        end_at=datetime(2026, 10, 30, tzinfo=TOKYO),
        zone=TOKYO,
    )
    async with ranked_scene(tmp_path, some(*range(20))) as it:
        located = await it.ask("下4桁7719", window=window, limit=50)

    assert 0 < len(located.candidates) < 20
    assert "7719" not in numbers(located)
    assert located.understood.clues[-1].certain


async def test_a_tag_a_note_and_an_id_find_their_call(tmp_path: Path) -> None:
    calls = [(n, call(n, "support", "返品" if n == 5 else "配送")) for n in range(20)]
    async with ranked_scene(tmp_path, calls) as it:
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


async def test_what_was_written_by_who_took_it_over_is_of_the_call_of_who_answered(
    tmp_path: Path,
) -> None:
    """The note is on the recording of the second agent, the agent that is told is the first."""
    began_us = STARTED_US + 13 * HOUR_US
    answered = (*call(12), CallIdKnown(at_us=began_us - HOUR_US, kind="ucid", value="u"))
    taken_over = (
        *inbound(began_us, customer=customer(12), agent=OTHER_AGENT),
        CallIdKnown(at_us=began_us, kind="ucid", value="u"),
    )
    other = inbound(STARTED_US + 20 * HOUR_US, customer=customer(20), agent=OTHER_AGENT)
    calls = [*some(*range(10)), (12, answered), (13, taken_over), (20, other)]
    async with ranked_scene(tmp_path, calls) as it:
        for number in (13, 20):
            own = recording_id(number, STARTED_US + number * HOUR_US)
            amend(it.engine, NoteWritten(text="保証書を紛失"), own)
        located = await it.ask("内線2001、保証書の件")

    assert numbers(located)[0] == "7712"
    verdicts = located.candidates[0].verdicts
    assert [each.outcome for each in verdicts] == [Outcome.MATCH, Outcome.MATCH]


async def test_what_has_been_looked_at_is_out_and_the_call_behind_it_is_found(
    tmp_path: Path,
) -> None:
    began_us = STARTED_US + 22 * HOUR_US
    again = inbound(began_us, customer="sip:+81312347712@carrier.example")
    async with ranked_scene(tmp_path, [*some(*range(20)), (22, again)]) as it:
        seen = best(await it.ask("下4桁7712"))
        not_that = await it.ask("下4桁7712", TypedClue(kind="not", value=str(seen.conversation)))
        others = TypedClue(kind="beside", value=str(seen.conversation), side="before", likely=True)
        before = await it.ask("", others)

    assert [each.conversation for each in seen.burst.calls] == [best(not_that).conversation]
    assert best(not_that).conversation != seen.conversation
    assert best(before).conversation == best(not_that).conversation
    assert before.candidates[0].verdicts[0].because is Because.SAME_PARTY


async def test_two_things_that_only_the_caller_knows_confirm_a_call(tmp_path: Path) -> None:
    calls = [(n, call(n, "support", "返品" if n == 12 else "配送")) for n in range(20)]
    async with ranked_scene(tmp_path, calls) as it:
        located = await it.ask(
            "",
            TypedClue(kind="number", value="03-1234-7712", likely=True),
            TypedClue(kind="gist", value="返品", likely=True),
        )

    assert [each.is_confirmed for each in located.candidates][:2] == [True, False]


async def test_two_calls_that_fit_as_well_confirm_neither(tmp_path: Path) -> None:
    calls = [
        *some(*range(20)),
        (21, call(12, "support", "返品")),
        (22, call(12, "support", "返品")),
    ]
    async with ranked_scene(tmp_path, calls) as it:
        located = await it.ask(
            "",
            TypedClue(kind="number", value="03-1234-7712", likely=True),
            TypedClue(kind="gist", value="返品", likely=True),
        )

    matches = [all(v.outcome is Outcome.MATCH for v in e.verdicts) for e in located.candidates]
    assert matches[:3] == [True, True, False]
    assert not any(each.is_confirmed for each in located.candidates)


@pytest.mark.parametrize(
    ("value", "was", "outcome"),
    [
        ("transferred", True, Outcome.CONFLICT),
        ("transferred", False, Outcome.MATCH),
        ("called_back", True, Outcome.MATCH),
    ],
)
async def test_what_happened_is_looked_up_where_it_is_asked_for(
    tmp_path: Path, value: str, was: bool, outcome: Outcome
) -> None:
    back = outbound(STARTED_US + 30 * HOUR_US, customer=customer(12))
    happened = TypedClue(kind="happened", value=value, likely=True, was=was)
    async with ranked_scene(tmp_path, [*some(*range(20)), (30, back)]) as it:
        located = await it.ask("下4桁7712、10月30日の朝、入電", happened)

    assert located.candidates[0].verdicts[-1].outcome is outcome


async def test_the_pages_of_a_question_are_of_the_day_on_which_it_was_asked(
    tmp_path: Path,
) -> None:
    """Past midnight yesterday is another day."""
    async with ranked_scene(tmp_path, some(*range(20))) as it:
        it.clock.now_us = STARTED_US + 24 * HOUR_US
        whole = numbers(await it.ask("昨日", limit=50))
        first = await it.ask("昨日", limit=5)
        it.clock.now_us += 24 * HOUR_US
        second = await it.ask("昨日", limit=50, cursor=first.next_cursor)

    assert numbers(first) + numbers(second) == whole


async def test_a_call_after_the_day_on_which_it_was_told_of_is_none_that_is_meant(
    tmp_path: Path,
) -> None:
    """What came later is out, without a word of when; before all calls there is none."""
    told_at = datetime(2026, 10, 29, 23, tzinfo=TOKYO)
    async with ranked_scene(tmp_path, some(*range(20))) as it:
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
    async with ranked_scene(tmp_path, calls) as it:
        located = await it.ask("下4桁7712、返品の件")

    first, second = located.candidates[:2]
    assert [each.verdicts[-1].outcome for each in (first, second)] == [
        Outcome.MATCH,
        Outcome.UNKNOWN,
    ]
    assert first.chance > 5 * second.chance


async def test_a_question_is_asked_that_parts_the_candidates_and_not_twice(tmp_path: Path) -> None:
    async with ranked_scene(tmp_path, some(*range(20))) as it:
        first = await it.ask("10月下旬")
        assert first.advice.question is Question.LAST_DIGITS
        other = await it.ask("10月下旬", asked=(Question.LAST_DIGITS,))

    assert other.advice.question is not Question.LAST_DIGITS


async def test_columns_that_are_not_made_answer_nothing_and_say_how_far_they_are(
    tmp_path: Path,
) -> None:
    async with ranked_scene(tmp_path, some(1)) as it:
        fresh = replace(column_keeper(it.engine, tmp_path), folder=tmp_path / "fresh")
        locate = Locate(
            door=it.locate.door, lookouts={DEFAULT_TENANT: Lookout(fresh)}, country="JP"
        )
        with pytest.raises(ColumnsNotReady) as waiting:
            await locate.search(actor(), LocateQuery(zone=TOKYO, text=TEXT))

    assert (waiting.value.made, waiting.value.months) == (0, 1)


async def test_a_tenant_that_has_no_calls_is_answered_that_there_are_none(tmp_path: Path) -> None:
    """Nobody keeps columns of it, and there is nothing to wait for."""
    async with ranked_scene(tmp_path, some(1)) as it:
        nobody = actor()
        elsewhere = replace(nobody, account=replace(nobody.account, tenant=OTHER_TENANT))
        located = await it.ask(TEXT, who=elsewhere)

    assert located.candidates == ()
    assert located.chances.never == 1
    assert located.counts.total == 0


async def test_a_tenant_whose_columns_nobody_keeps_waits_where_it_has_calls(tmp_path: Path) -> None:
    async with ranked_scene(tmp_path, some(1)) as it:
        locate = Locate(door=it.locate.door, lookouts={}, country="JP")
        with pytest.raises(ColumnsNotReady):
            await locate.search(actor(), LocateQuery(zone=TOKYO, text=TEXT))


@pytest.mark.parametrize("has_agents", [True, False])
async def test_whether_there_is_a_table_of_agents_is_said(tmp_path: Path, has_agents: bool) -> None:
    async with ranked_scene(tmp_path, some(1), has_agents=has_agents) as it:
        located = await it.ask(TEXT)

    assert located.knows_agents == has_agents
