"""What happened outside of calls, told by people and by their systems."""

from dataclasses import replace
from pathlib import Path

import pytest

from api.access.approvals import Approvals
from api.permissions.errors import ApprovalNeeded, NotAllowed, PersonNeeded
from api.permissions.roles import Role
from api.permissions.verbs import Verb
from api.retention.explanations import Retention
from api.retention.retention_events import RetentionEvents, TellingOutcome
from api.retention.shortened_periods import Shortening
from archive.call.events import RouteTaken
from archive.catalog.database.engine import writing
from archive.catalog.retention.revisions import NewRevision, append_revision
from archive.flaws import PartsRefused
from archive.lifecycle.retention_events import ToldEvent
from retention.decisions.decision import Outcome
from retention.policies.policy_text import policy_text
from tests.api.register import Registered, register, service
from tests.archive.catalog.examples import (
    STARTED_US,
    adopt,
    adoption,
    author,
    inbound,
    recording_id,
)
from tests.retention.examples import policy, rule
from tests.support.summaries import proposed_in_words

TABLE = (
    b"kind,key,date\ncontract_end,K-1,2026-03-31\nagent_left,A17,none\ncase_closed,C-1,2026-01-02\n"
)
ENDED = ToldEvent.of("contract_end", "K-1", "2026-03-31")
HOURS_US = 72 * 3_600_000_000
STEPS = ("proposed", "approved", "carried_out", "events_told")


def events(it: Registered) -> RetentionEvents:
    """The use cases as of now."""
    return RetentionEvents(it.door, Approvals(it.door))


def _as_bulk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Shortening, "by_events", lambda *_: Shortening(1, 1))


async def test_a_table_is_told_whole_and_again_changes_nothing(tmp_path: Path) -> None:
    """Somebody's system sends it every night; `none` is what is so before anybody tells."""
    async with register(tmp_path) as it:
        owner = it.person("owner", Role.RETENTION_OWNER)
        done = [await events(it).tell_table(owner, TABLE) for _ in range(2)]
        listed = await events(it).listed(owner)
        told = it.journal(*STEPS)

    assert done == [TellingOutcome(told=2, unchanged=1), TellingOutcome(told=0, unchanged=3)]
    assert {each.event.key for each in listed.events} == {"K-1", "C-1"}
    assert listed.before == 0
    assert [each.action for each in told] == ["events_told"]


async def test_a_table_with_a_mistake_tells_nothing(tmp_path: Path) -> None:
    """Nobody has to find out which half was taken."""
    async with register(tmp_path) as it:
        owner = it.person("owner", Role.RETENTION_OWNER)
        with pytest.raises(PartsRefused):
            await events(it).tell_table(owner, TABLE + b"contract_end,K-2,soon\n")
        listed = await events(it).listed(owner)

    assert listed.events == ()


async def test_many_that_go_earlier_take_two_persons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is approved is exactly these rows."""
    _as_bulk(monkeypatch)
    async with register(tmp_path) as it:
        owner, other = (it.person(name, Role.RETENTION_OWNER) for name in ("owner", "other"))
        with pytest.raises(ApprovalNeeded) as needed:
            await events(it).tell(owner, ENDED)
        before = (await events(it).listed(owner)).events
        known = await Approvals(it.door).give(other, needed.value.number)
        with pytest.raises(ApprovalNeeded) as another:
            await events(it).tell(owner, ToldEvent.of("contract_end", "K-1", "2026-03-30"))
        done = await events(it).tell(owner, ENDED)
        (kept,) = (await events(it).listed(owner)).events
        steps = [each.action for each in it.journal(*STEPS)]

    assert before == ()
    assert another.value.number > needed.value.number
    assert "contract_end K-1 2026-03-31" in proposed_in_words(known)
    assert (done.told, kept.one_person) == (1, False)
    assert steps == ["proposed", "approved", "proposed", "carried_out", "events_told"]


async def test_a_service_tells_what_is_ordinary_and_proposes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A system that ends a thousand contracts in the past is broken."""
    crm = service(Verb.EVENTS_TELL)
    async with register(tmp_path) as it:
        done = await events(it).tell(crm, ENDED)
        _as_bulk(monkeypatch)
        with pytest.raises((PersonNeeded, NotAllowed)):
            await events(it).tell(crm, ToldEvent.of("contract_end", "K-2", "2020-01-01"))

    assert done.told == 1


async def test_only_who_may_tells_and_sees_keys(tmp_path: Path) -> None:
    """A key is that of a customer's contract."""
    async with register(tmp_path) as it:
        legal, approver = it.person("legal", Role.LEGAL), it.person("appr", Role.APPROVER)
        with pytest.raises(NotAllowed):
            await events(it).tell(legal, ENDED)
        with pytest.raises(NotAllowed):
            await events(it).listed(approver)

        assert (await events(it).listed(legal)).events == ()


async def test_what_is_told_decides(tmp_path: Path) -> None:
    """Until then the contract has not ended and its calls are kept; then its period has begun."""
    tagged = RouteTaken(at_us=STARTED_US, route="r", target="t", mode="yes", tags=("contract:k-1",))
    own = policy(rule("c", after="P1D", begins="contract_end"))
    new = NewRevision(text=policy_text(own), in_force_us=0, is_retroactive=True)
    async with register(tmp_path) as it:
        with writing(it.engine) as connection:
            append_revision(connection, author(), new)
        adopt(it.engine, adoption(1, (*inbound(), tagged)))
        owner = it.person("owner", Role.RETENTION_OWNER)
        seen = []
        for day in ("", "2026-03-31", "none"):
            if day:
                await events(it).tell(owner, ToldEvent.of("contract_end", "K-1", day))
            purposed = replace(owner, stated="technical")
            (found,) = await Retention(it.door).explain(purposed, recording_id(1))
            seen.append(found.judgement.audio.decision.outcome)

    assert seen == [Outcome.KEEP, Outcome.DESTROY, Outcome.KEEP]


async def test_many_small_tellings_are_as_many_as_a_large_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever tells in small pieces needs another person too, until the waiting time is over."""
    now: list[int] = []
    monkeypatch.setattr(
        Shortening, "by_events", lambda _c, access, _e: Shortening(2, 5, access.at_us - HOURS_US)
    )
    async with register(tmp_path) as it:
        owner, other = (it.person(name, Role.RETENTION_OWNER) for name in ("owner", "other"))

        async def tells(key: str) -> int:
            try:
                await events(it).tell(owner, ToldEvent.of("contract_end", key, "2020-01-01"))
            except ApprovalNeeded as needed:
                return needed.number
            return 0

        now += [await tells("K-1"), await tells("K-2")]
        third = await tells("K-3")
        await Approvals(it.door).give(other, third)
        now += [await tells("K-3"), int(await tells("K-4") > 0)]
        it.now_us += HOURS_US
        now.append(await tells("K-5"))
        kept = [each.detail.get("shortened") for each in it.journal("events_told")]

    assert third > 0
    assert now == [0, 0, 0, 1, 0]
    assert kept == [2, 2, None, 2]
