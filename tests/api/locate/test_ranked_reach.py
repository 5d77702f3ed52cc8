"""Who is told what of ranked calls: what lies within his reach, of what is kept."""

from pathlib import Path

import msgspec
from sqlalchemy import select, update

from api.locate.question import TypedClue
from api.permissions.verbs import Verb
from archive.call.events import RouteTaken
from archive.call.mentions import Mention
from archive.catalog.database.engine import writing
from archive.catalog.destruction.tombstones import place_tombstone
from archive.catalog.index.removal import remove_recording
from archive.catalog.tables.catalog import planned_recording, recording
from archive.locate.answer.verdict import Because, Outcome
from archive.locate.clues import GistClue
from tests.archive.catalog.examples import STARTED_US, adopt, inbound, recording_id
from tests.support.catalog.ledger import page, refused
from tests.support.locate.ranked_scene import (
    HOUR_US,
    SUPPORT,
    actor,
    best,
    call,
    customer,
    numbers,
    ranked_scene,
    some,
)
from tests.support.web.same_work import left_of

TEXT = "10月29日、下4桁7712、ご用件は解約"


async def test_calls_without_a_recording_are_among_them_for_who_may_see_the_ledger(
    tmp_path: Path,
) -> None:
    """That they were shown is in the journal as of any look into the ledger."""
    lost = msgspec.structs.replace(
        refused(1),
        mentions=(Mention(told_as="caller", address="sip:0312349988@carrier.example"),),
    )
    async with ranked_scene(tmp_path, some(*range(20))) as it:
        adopt(it.engine, page(60, lost))
        with_ledger = await it.ask("ends in 9988", who=actor(Verb.SEARCH, Verb.LEDGER))
        entries = [each.action for each in it.told()]
        without = await it.ask("ends in 9988")

    first = with_ledger.candidates[0]
    assert (first.state, first.verdicts[0].outcome) == ("not_recorded", Outcome.MATCH)
    assert first.unrecorded is not None
    assert first.unrecorded.call_id == "refused-1"
    assert with_ledger.chances.not_recorded > 0.5
    assert (with_ledger.counts.lost.total, without.counts.lost.total) == (1, 0)
    assert entries[-1] == "ledger_seen"
    assert {each.state for each in without.candidates} <= {"recorded"}
    assert without.chances.not_recorded == 0


async def test_what_was_destroyed_is_told_by_its_hour(tmp_path: Path) -> None:
    gone = left_of(40)
    async with ranked_scene(tmp_path, some(*range(20))) as it:
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


async def test_other_calls_of_the_party_are_told_as_far_as_they_lie_within_reach(
    tmp_path: Path,
) -> None:
    began_us = STARTED_US + 22 * HOUR_US
    taken = RouteTaken(at_us=began_us, route="main", target="pbx", mode="yes", queue="sales")
    again = (*inbound(began_us, customer=customer(12)), taken)
    async with ranked_scene(tmp_path, [*some(*range(20)), (22, again)]) as it:
        everything = await it.ask("下4桁7712、10月30日の朝")
        within = await it.ask("下4桁7712、10月30日の朝", who=actor(reach=SUPPORT))

    assert len(best(everything).burst.calls) == 1
    assert best(within).burst.calls == ()


async def test_a_tag_that_only_others_have_is_a_word_like_any_other(tmp_path: Path) -> None:
    """What a site calls its calls is read as one piece, by who may see such a call."""
    tagged = [(5, call(5, "sales", "gold card"))]
    async with ranked_scene(tmp_path, [*some(*range(5)), *tagged]) as it:
        known = await it.ask("tag gold card, ends in 7705")
        unknown = await it.ask("tag gold card, ends in 7705", who=actor(reach=SUPPORT))

    assert GistClue("gold card") in [each.value for each in known.understood.clues]
    assert GistClue("gold card") not in [each.value for each in unknown.understood.clues]


async def test_what_is_about_to_be_destroyed_is_in_no_answer(tmp_path: Path) -> None:
    """Neither a call nor one that was not recorded."""
    lost = msgspec.structs.replace(
        refused(1),
        mentions=(Mention(told_as="caller", address="sip:0312349988@carrier.example"),),
    )
    own = recording_id(12, STARTED_US + 12 * HOUR_US)
    async with ranked_scene(tmp_path, some(*range(20))) as it:
        adopt(it.engine, page(60, lost))
        ledger = actor(Verb.SEARCH, Verb.LEDGER)
        assert (await it.ask("ends in 9988", who=ledger)).chances.not_recorded > 0
        it.condemn(page(60, lost).part_name.recording.raw)
        without_page = await it.ask("ends in 9988", who=ledger)
        with writing(it.engine) as connection:
            connection.execute(update(planned_recording).values(recording=own.raw))
        without_call = await it.ask("ends in 7712")
        beside = TypedClue(kind="beside", value=str(own), likely=True)
        beside_it = await it.ask("ends in 7713", beside)

    assert without_page.chances.not_recorded == 0
    assert "7712" not in numbers(without_call)
    assert len(without_call.candidates) == 19
    assert beside_it.candidates[0].verdicts[-1].because is Because.NO_OTHER_CALL


async def test_what_is_destroyed_is_forgotten_with_the_file_it_stood_in(tmp_path: Path) -> None:
    """What is kept for who asks next keeps no file that is no longer in force."""
    async with ranked_scene(tmp_path, some(*range(20))) as it:
        await it.ask(TEXT)
        with it.keeper.current() as columns:
            before = columns.reached.held
            assert before == {id(each.rows) for each in columns.files}
        with writing(it.engine) as connection:
            remove_recording(connection, 1, connection.scalars(select(recording.c.row)).all()[3])
        while it.keeper.step():
            pass
        with it.keeper.current() as columns:
            held = columns.reached.held

    assert not held & before
