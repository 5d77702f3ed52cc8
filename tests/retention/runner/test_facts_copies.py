"""Facts that outlive audio: kept, found, replayed into the index, and destroyed in their turn."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from api.destruction.plans import KnownPlan
from api.permissions.actor import Actor
from api.permissions.errors import Destroyed
from api.permissions.roles import Role
from archive.access.query import ALWAYS, PhoneClue, SearchQuery
from archive.catalog.access.grants import ReadGrant, SearchGrant
from archive.catalog.database.engine import reading
from archive.catalog.index.rebuild import Rebuilt
from archive.catalog.register.kept_facts import SealedFacts, sealed_facts
from archive.catalog.search.search import SearchPage
from archive.catalog.search.shown import show_page
from archive.catalog.tables.catalog import kept_facts, tombstone
from archive.certificates.statement import time_text
from archive.ids import DEFAULT_TENANT, HoldId
from archive.keys.errors import Refusal
from archive.keys.wire.protocol import AskerRole, RefusedAnswer
from archive.lifecycle.tombstone import digest_of, facts_id
from retention.certificates.certificate_scopes import Scopes
from retention.runner.certificates.ended_runs import ended_run
from tests.api.destruction.scene import DAY_US, Installation, facts_live_on
from tests.archive.catalog.examples import CUSTOMER, index_dump
from tests.archive.catalog.rebuilding import rebuild
from tests.archive.keys.entries import open_ask
from tests.support.destruction.facts_copies import opened

NUMBER = CUSTOMER.removeprefix("sip:").partition("@")[0]
HOLD = HoldId(b"h" * 16)
# From now, two years after the calls, until behind the end of what is told of them.
UNTIL_THEN_US = 366 * DAY_US


def copies(it: Installation) -> list[SealedFacts]:
    with reading(it.it.engine) as connection:
        return list(sealed_facts(connection, 1, DEFAULT_TENANT))


def reviewer(it: Installation) -> Actor:
    return replace(it.it.person("reviewer", Role.REVIEWER), stated="quality")


async def found(it: Installation, actor: Actor) -> SearchPage:
    """What a search for the customer's number finds."""
    query = SearchQuery(window=ALWAYS, clues=(PhoneClue.parse(NUMBER, "JP"),))
    granted = await it.it.door.grant(actor, SearchGrant, detail={})
    return show_page(it.it.engine, query, granted)


def certified(it: Installation, plan: int) -> Scopes:
    """What the certificate of a run says that not all of it went."""
    with reading(it.it.engine) as connection:
        return Scopes.of(ended_run(connection, DEFAULT_TENANT, plan).recordings)


async def carried_out(it: Installation) -> KnownPlan:
    """A plan of what is due now, approved, cooled off, and run through."""
    plan = await it.applied()
    runner = it.runner()
    for _ in range(5):
        runner.round()
    return await it.plans.show(it.owner, plan.stored.number)


@pytest.fixture
async def it(tmp_path: Path) -> AsyncIterator[Installation]:
    """One recording whose audio goes now, and what is told of it in a year."""
    async with facts_live_on(tmp_path) as made:
        yield made


async def test_the_audio_goes_when_it_must_and_the_number_still_finds_the_call(
    it: Installation,
) -> None:
    """Key and files are gone, the recording is not served; a search says so of it."""
    own, actor = it.recordings[0], reviewer(it)
    before = (await found(it, actor)).found
    done = await carried_out(it)
    page = await found(it, actor)
    with pytest.raises(Destroyed) as told:
        await it.it.door.grant(actor, ReadGrant, own)
    key = open_ask(it.parts[0].header.key, own, it.keeper.scene.now_us)
    answer = it.keeper.scene.daemon.answer(AskerRole.API, key)

    assert done.stored.course.ended == "done"
    assert page.found == (replace(before[0], state="destroyed", legs=page.found[0].legs),)
    assert [leg.number for leg in page.found[0].legs] == [leg.number for leg in before[0].legs]
    assert page.destroyed == 0, "it is told once"
    assert answer == RefusedAnswer(refused=Refusal.KEY_DESTROYED)
    assert it.files_of(own) == []
    remains = told.value.tombstone.remains
    assert (remains.scope, remains.plan) == ("audio", 1)
    assert certified(it, 1) == Scopes(audio=1, until=time_text(remains.facts_until_us or 0))
    assert remains.facts_until_us == copies(it)[0].until_us


async def test_a_rebuild_brings_the_facts_back_as_they_were(it: Installation) -> None:
    """From the copy alone: no file is left."""
    await carried_out(it)
    before = index_dump(it.it.engine)
    number = NUMBER.encode()

    assert rebuild(it.it.engine, [], opening=lambda copy: opened(it, copy)) == Rebuilt()
    assert index_dump(it.it.engine) == before
    assert number not in copies(it)[0].sealed


async def test_a_copy_whose_key_is_not_there_is_named_and_the_rest_is_rebuilt(
    it: Installation,
) -> None:
    """A restored keystore may be older than a copy."""
    await carried_out(it)

    assert rebuild(it.it.engine, []) == Rebuilt(unread=(it.recordings[0],))


async def test_when_the_facts_end_their_key_goes_and_a_tombstone_is_all_that_is_left(
    it: Installation,
) -> None:
    """Planned, approved, cooled off as any destruction; then nobody finds the number."""
    actor = reviewer(it)
    await carried_out(it)
    (copy,) = copies(it)
    it.pass_us(UNTIL_THEN_US)
    done = await carried_out(it)
    page = await found(it, actor)
    ask = open_ask(copy.name.key, facts_id(copy.name.recording), it.keeper.scene.now_us)
    answer = it.keeper.scene.daemon.answer(AskerRole.API, ask)
    with reading(it.it.engine) as connection:
        left = connection.execute(select(tombstone).order_by(tombstone.c.row)).all()
        kept = connection.execute(select(kept_facts)).all()

    assert (done.stored.number, done.stages) == (2, {("gone", ""): 1})
    assert certified(it, 2) == Scopes(facts=1)
    assert answer == RefusedAnswer(refused=Refusal.KEY_DESTROYED)
    assert (page.found, page.destroyed, kept) == ((), 1, [])
    assert all(not rows for rows in index_dump(it.it.engine).values())
    own = it.recordings[0]
    assert [(each.digest, each.scope, each.plan) for each in left] == [
        (digest_of(own), "audio", 1), (digest_of(facts_id(own)), "facts", 2),
    ]  # fmt: skip


async def test_a_hold_on_the_facts_wins_over_their_end(it: Installation) -> None:
    """In the keystore alone here: the same guard, the same foreign key."""
    await carried_out(it)
    (copy,) = copies(it)
    it.pass_us(UNTIL_THEN_US)
    it.key_client.hold(HOLD, DEFAULT_TENANT, [copy.name.key])
    done = await carried_out(it)

    assert done.stages == {("dropped", "held"): 1}
    assert copies(it) == [copy]
    assert opened(it, copy).call == it.recordings[0].raw


async def test_what_is_held_at_the_last_moment_keeps_its_audio_and_loses_its_copy(
    it: Installation,
) -> None:
    """The copy was made with the intention; nothing came of it."""
    await it.applied()
    it.key_client.hold(HOLD, DEFAULT_TENANT, [it.parts[0].header.key])
    it.runner().round()

    assert copies(it) == []
    assert [each.cause for each in it.lines(1)] == ["held"]
    assert len(it.files_of(it.recordings[0])) == 3
