"""A plan is carried out: what goes, what is kept and why, and what is left."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.catalog.database.engine import reading, writing
from archive.catalog.retention.revisions import NewRevision, append_revision
from archive.catalog.tables.catalog import correction, recording, tombstone
from archive.ids import DEFAULT_TENANT, HoldId
from archive.keys.errors import Refusal
from archive.keys.wire.opening_messages import DataKeyAnswer
from archive.lifecycle.tombstone import digest_of
from tests.api.destruction.model import ModelCall
from tests.api.destruction.scene import START_US, Installation, installed
from tests.api.destruction.world import World
from tests.archive.catalog.examples import author
from tests.retention.examples import rule
from tests.support.destruction.sweep import carried_out, opened

HOLD = HoldId(b"h" * 16)
AFTER_A_YEAR_TOO = rule("other", after="P1Y")


def listed(it: Installation) -> set[bytes]:
    """The recordings that the index has."""
    with reading(it.it.engine) as connection:
        return set(connection.scalars(select(recording.c.id)))


async def test_what_was_approved_is_gone_and_leaves_a_tombstone(tmp_path: Path) -> None:
    """Key, object, map, kept page, rows: an outsider finds none of them, and the digest."""
    async with installed(tmp_path, 2) as it:
        plan = await it.applied()
        assert opened(it, 0) == DataKeyAnswer.__name__
        assert all(len(it.files_of(each)) == 3 for each in it.recordings)
        carried_out(it)
        with reading(it.it.engine) as connection:
            left = connection.execute(select(tombstone)).all()
        shown = (await it.plans.show(it.owner, plan.stored.number)).stored.course

    assert [opened(it, at) for at in (0, 1)] == [Refusal.KEY_DESTROYED] * 2
    assert [it.files_of(each) for each in it.recordings] == [[], []]
    assert listed(it) == set()
    assert {each.digest for each in left} == {digest_of(each) for each in it.recordings}
    assert {(each.rules, each.revision, each.plan) for each in left} == {("year", 1, 1)}
    assert shown.ended == "done"


async def test_nothing_of_an_id_is_left_in_the_plan(tmp_path: Path) -> None:
    """An id tells the millisecond of the call; its digest tells nothing to who has not the id."""
    async with installed(tmp_path, 1) as it:
        plan = await it.applied()
        before = it.lines(plan.stored.number)
        carried_out(it)
        after = it.lines(plan.stored.number)

    assert [each.recording for each in before] == it.recordings
    assert [(each.recording, each.stage) for each in after] == [(None, "gone")]
    assert [each.digest for each in after] == [digest_of(each) for each in it.recordings]


async def test_the_journal_says_first_what_will_be_and_then_what_was_done(tmp_path: Path) -> None:
    """D1 is committed before a key goes; both name the batch by digests."""
    async with installed(tmp_path, 2) as it:
        await it.applied()
        carried_out(it)
        told = it.it.journal("destruction_intended", "destroyed", "destruction_ended")

    assert [each.action for each in told] == [
        "destruction_intended", "destroyed", "destruction_ended",
    ]  # fmt: skip
    assert told[0].detail["digests"] == told[1].detail["digests"]
    assert set(str(told[0].detail["digests"]).split("'")) >= {
        digest_of(each).hex() for each in it.recordings
    }
    assert told[2].detail == {"gone": 2, "kept": 0}


async def test_what_is_held_in_the_keystore_alone_falls_out_and_the_rest_of_the_batch_goes(
    tmp_path: Path,
) -> None:
    """The catalog knows nothing of the hold: the foreign key says no."""
    async with installed(tmp_path, 3) as it:
        plan = await it.applied()
        it.key_client.hold(HOLD, DEFAULT_TENANT, [it.parts[1].header.key])
        carried_out(it)
        lines = {each.digest: each for each in it.lines(plan.stored.number)}

    held = lines[digest_of(it.recordings[1])]
    assert (held.stage, held.cause) == ("dropped", "held")
    assert opened(it, 1) == DataKeyAnswer.__name__
    assert len(it.files_of(it.recordings[1])) == 3
    assert listed(it) == {it.recordings[1].raw}
    assert [len(it.files_of(it.recordings[at])) for at in (0, 2)] == [0, 0]


async def test_while_a_hold_is_being_placed_nothing_goes_and_afterwards_the_rest(
    tmp_path: Path,
) -> None:
    """The fence is up: the runner waits."""
    async with installed(tmp_path, 1) as it:
        plan = await it.applied()
        it.key_client.raise_fence(HOLD, DEFAULT_TENANT)
        carried_out(it)
        waiting = (await it.plans.show(it.owner, plan.stored.number)).stored.course.waits
        before = listed(it)
        it.key_client.hold(HOLD, DEFAULT_TENANT, [])
        carried_out(it)

    assert (waiting, before) == ("placing", {it.recordings[0].raw})
    assert listed(it) == set()


async def test_another_revision_judges_anew(tmp_path: Path) -> None:
    """What was approved was a destruction by that revision's rule."""
    async with installed(tmp_path, 1) as it:
        plan = await it.applied()
        it.take_over(AFTER_A_YEAR_TOO)
        carried_out(it)
        (line,) = it.lines(plan.stored.number)

    assert (line.stage, line.cause) == ("dropped", "other_grounds")
    assert opened(it, 0) == DataKeyAnswer.__name__


async def test_corrections_of_what_is_gone_are_gone(tmp_path: Path) -> None:
    """Somebody may have written a number into one."""
    async with installed(tmp_path, 1) as it:
        with writing(it.it.engine) as connection:
            connection.execute(
                correction.insert().values(
                    tenant=1, recording=it.recordings[0].raw, author="a", at_us=1, reason="",
                    change=b"{}", was="[]", journal=1,
                )
            )  # fmt: skip
        await it.applied()
        carried_out(it)
        with reading(it.it.engine) as connection:
            left = connection.execute(select(correction)).all()

    assert left == []


LONG_AGO = date(2025, 6, 8)
BY_LAW = (
    'rank = "law"\n[rule.match]\ntag = ["ＬＯＡＮ", "が"]\n[rule.audio]\nkeep_at_least = "P10Y"\n'
)


@pytest.mark.parametrize("folding", ["", "folding = 2\n"])
async def test_what_the_law_keeps_in_another_writing_keeps_its_keys(
    tmp_path: Path, folding: str
) -> None:
    """A tag that was typed in the other width or composition, whether or not the text says how."""
    rules = (
        f'[[rule]]\nid = "all"\n[rule.audio]\ndelete_after = "P1Y"\n[[rule]]\nid = "law"\n{BY_LAW}'
    )
    limits = '[limits]\nshare_per_day = "100 %"\ntimes_median = 1000\n'
    text = f'form = 1\n{folding}zone = "Asia/Tokyo"\n{limits}{rules}'
    tags = ("LOAN", "loan", "ｌｏａｎ", "か\u3099", "が", "sale")
    async with installed(tmp_path) as it:
        world = World(it)
        new = NewRevision(text=text, in_force_us=START_US, is_retroactive=True)
        with writing(it.it.engine) as connection:
            append_revision(connection, author(), new)
        for at, tag in enumerate(tags, 1):
            world.archive(ModelCall(at, LONG_AGO, tag=tag))
        await world.plan()
        it.pass_us(73 * 3_600_000_000)
        await world.run()
        there, _ = world.guard()

    kept = [at for at, keys in world.keys.items() if there.issuperset(each.raw for each in keys)]
    assert kept == [1, 2, 3, 4, 5]
