"""The one door: verb, purpose, reach, the recording's purposes, the journal; then a grant."""

from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client import generate_latest
from sqlalchemy import Engine

from api.access.authorization import permitted
from api.access.use_case import NEEDS
from api.permissions.accounts import Authority, RoleGift
from api.permissions.actor import Actor
from api.permissions.errors import (
    NotAllowed,
    NotFound,
    PurposeMissing,
    PurposeNotCovered,
    PurposeRefused,
    Refused,
    UseRestricted,
    UseSuspended,
)
from api.permissions.roles import Role
from api.permissions.verbs import Verb
from archive.access.reach import ReachRule
from archive.catalog.access.grants import (
    BreakGlassGrant,
    ExportGrant,
    Grant,
    ListenGrant,
    PlayedGrant,
    ReadGrant,
    SearchGrant,
    TraceGrant,
    VerifyGrant,
)
from archive.catalog.database.engine import reading, writing
from archive.catalog.holds.measures import MeasureAct, take_measure
from archive.catalog.journal.entries import ONE_RECORDING
from archive.catalog.register.use_limits import limits_of
from archive.catalog.retention.revisions import NewRevision, append_revision
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from archive.lifecycle.measures import SUSPENDING, Measure, MeasureKind
from retention.policies.policy_text import policy_text
from retention.rules.rule import Rank
from tests.api.actors import person
from tests.archive.catalog.examples import author, recording_id
from tests.retention.examples import policy, rule
from tests.support.api.access import CALL, CODES, actor, door, journal


async def test_a_grant_has_its_entry_with_who_why_and_what(tmp_path: Path) -> None:
    """Committed: another connection sees it."""
    async with door(tmp_path) as (it, engine):
        granted = await it.grant(actor(person(Role.REVIEWER)), ListenGrant, CALL, {"range": "x"})
        (entry,) = journal(engine)

    assert (entry.action, entry.actor, entry.target) == ("listened", "yamada", str(CALL))
    assert (entry.reason, entry.detail) == ("quality", {"range": "x", **ONE_RECORDING})
    assert granted.access.within.purpose == "quality"


@pytest.mark.parametrize(
    ("who", "kind", "refusal"),
    [
        (actor(person()), SearchGrant, NotAllowed),
        (actor(person(Role.AUDITOR)), SearchGrant, NotAllowed),
        (actor(person(Role.RETENTION_OWNER)), ListenGrant, NotAllowed),
        (actor(person(Role.REVIEWER)), ExportGrant, NotAllowed),
        (actor(person(Role.REVIEWER), ""), ReadGrant, PurposeMissing),
        (actor(person(Role.REVIEWER), "curiosity"), ReadGrant, PurposeRefused),
        (actor(person(Role.SUPERVISOR), "case:D-1"), ReadGrant, PurposeRefused),
        (actor(person(Role.REVIEWER), "training"), ReadGrant, PurposeNotCovered),
        (actor(person(Role.REVIEWER), "training", "please"), ReadGrant, PurposeNotCovered),
    ],
)
async def test_a_refusal_is_named_and_written_down(
    tmp_path: Path, who: Actor, kind: type[Grant], refusal: type[Refused]
) -> None:
    """Who tried what, and why not; nothing is written as if it had happened."""
    async with door(tmp_path) as (it, engine):
        with pytest.raises(refusal) as refused:
            await it.grant(who, kind, CALL)
        (entry,) = journal(engine)

    assert entry.action == "refused"
    assert entry.detail == {"act": NEEDS[kind].value, "why": refused.value.code}


@pytest.mark.parametrize(
    ("reach", "target"),
    [
        (ReachRule(queues=frozenset({"sales"})), CALL),
        (ReachRule(), recording_id(9)),
        (ReachRule(), recording_id(77)),
    ],
    ids=["another queue", "another tenant", "nothing"],
)
async def test_what_is_out_of_reach_is_not_there(
    tmp_path: Path, reach: ReachRule, target: object
) -> None:
    """The same refusal, whatever the purpose, and no entry: nothing tells that there is a call."""
    async with door(tmp_path) as (it, engine):
        for purpose in ("quality", "training"):
            with pytest.raises(NotFound) as refused:
                await it.grant(
                    actor(person(Role.REVIEWER, reach=reach), purpose),
                    ReadGrant,
                    target,  # type: ignore[arg-type]  # an id of a recording
                )
            assert str(refused.value) == "no such call or recording"
        assert journal(engine) == []


async def test_glass_is_broken_by_who_may_with_a_reason_and_an_entry_of_its_own(
    tmp_path: Path,
) -> None:
    """The alarm first, then what it was broken for."""
    who = actor(person(Role.LEGAL), "training", "a court asks today")
    async with door(tmp_path) as (it, engine):
        granted = await it.grant(who, ListenGrant, CALL)
        alarm, entry = journal(engine)
        shown = generate_latest(it.alarms.registry).decode()

    assert (alarm.action, alarm.detail) == (
        "broke_glass", {"why": "a court asks today", "act": "listened", **ONE_RECORDING},
    )  # fmt: skip
    assert (entry.action, entry.reason) == ("listened", "training")
    assert granted.access.within.purpose == ""
    assert "\nrokuon_broken_glass_total 1.0\n" in shown


def test_a_case_covers_every_recording() -> None:
    """The duty to answer a customer does not ask what a call was recorded for."""
    access = permitted(actor(person(Role.DISCLOSURE), "case:D-1"), NEEDS[ReadGrant], 1, CODES)

    assert (access.within.purpose, access.purpose) == ("", "case:D-1")


def test_every_grant_that_somebody_can_ask_for_needs_a_verb() -> None:
    """Those of maintenance and of breaking glass are nobody's to ask for."""
    kinds = {kind for kind in Grant.__subclasses__()}

    assert kinds - set(NEEDS) == {VerifyGrant, BreakGlassGrant}


def limited(engine: Engine, kind: MeasureKind | None = None) -> None:
    """The call is suspended by case D-1, or kept by law alone since the day after it."""
    if kind is not None:
        act = MeasureAct(measure=Measure(kind=kind, case="D-1"), target=CALL, recordings=(CALL,))
        with writing(engine) as connection:
            take_measure(connection, author(), act)
        return
    rules = (rule("law", at_least="P10Y", rank=Rank.LAW), rule("short", after="P1D"))
    new = NewRevision(text=policy_text(policy(*rules)), in_force_us=0, is_retroactive=True)
    with writing(engine) as connection:
        append_revision(connection, author(), new)


LEGAL, OWNER, SUPERVISOR = (
    person(role) for role in (Role.LEGAL, Role.RETENTION_OWNER, Role.SUPERVISOR)
)
SOUND = (ListenGrant, ExportGrant, PlayedGrant, TraceGrant)


@pytest.mark.parametrize("kind", [None, *SUSPENDING])
async def test_who_sees_what_is_limited_hears_nothing_of_it(
    tmp_path: Path, kind: MeasureKind | None
) -> None:
    """Legal and the retention owner see that it is there; audio is neither's."""
    refusal = UseSuspended if kind else UseRestricted
    tracing = replace(LEGAL, authority=Authority(own=frozenset(Verb), own_reach=(ReachRule(),)))
    async with door(tmp_path) as (it, engine):
        limited(engine, kind)
        for who in (LEGAL, OWNER):
            assert (await it.grant(actor(who), ReadGrant, CALL)).target == str(CALL)
        for each in SOUND:
            with pytest.raises(refusal):
                await it.grant(actor(tracing), each, CALL)
        with pytest.raises(refusal):
            await it.grant(actor(person(Role.REVIEWER)), ReadGrant, CALL)
        told = [each.detail for each in journal(engine) if each.action == "refused"]

    assert [each["why"] for each in told] == [refusal.code] * 5


async def test_broken_glass_passes_a_restriction_and_no_suspension(tmp_path: Path) -> None:
    """What a law keeps may be needed tonight; what a case has stopped takes two persons."""
    urgent = actor(SUPERVISOR, break_glass="a life is in danger")
    async with door(tmp_path) as (it, engine):
        limited(engine)
        assert (await it.grant(urgent, ListenGrant, CALL)).target == str(CALL)
        assert [each.action for each in journal(engine)][-2:] == ["broke_glass", "listened"]
        limited(engine, MeasureKind.SUSPENSION)
        with pytest.raises(UseSuspended):
            await it.grant(urgent, ListenGrant, CALL)

    assert b"rokuon_broken_glass_total 1.0" in generate_latest(it.alarms.registry)


async def test_a_policy_restricts_at_once_what_is_asked_for_by_its_id(tmp_path: Path) -> None:
    """Nobody has judged it since: it is judged when it is asked for, before the door decides."""
    hearing = actor(person(Role.REVIEWER))
    async with door(tmp_path) as (it, engine):
        await it.grant(hearing, ListenGrant, CALL)
        limited(engine)
        with pytest.raises(UseRestricted):
            await it.grant(hearing, ListenGrant, CALL)
        with reading(engine) as connection:
            stored = limits_of(connection, tenant_row(connection, DEFAULT_TENANT), [CALL])

    assert set(stored[CALL]) == {"audio", "metadata"}


async def test_who_sees_limits_in_one_reach_does_not_see_them_in_another(tmp_path: Path) -> None:
    """Legal for one queue and reviewer of all is legal for that one queue."""
    gifts = (
        RoleGift(role=Role.LEGAL, reach=ReachRule(queues=frozenset({"sales"}))),
        RoleGift(role=Role.REVIEWER, reach=ReachRule()),
    )
    both = replace(LEGAL, authority=Authority(gifts=gifts))
    async with door(tmp_path) as (it, engine):
        limited(engine, MeasureKind.SUSPENSION)
        with pytest.raises(UseSuspended):
            await it.grant(actor(both), ReadGrant, CALL)


async def test_who_works_on_the_case_knows_of_what_it_suspends_and_hears_it_not(
    tmp_path: Path,
) -> None:
    """And hears what it froze, also past its maximum."""
    async with door(tmp_path) as (it, engine):
        limited(engine, MeasureKind.FREEZE)
        limited(engine)
        for kind in (ReadGrant, ListenGrant):
            own = actor(person(Role.REVIEWER), "case:D-1")
            assert (await it.grant(own, kind, CALL)).target == str(CALL)
            with pytest.raises(UseRestricted):
                await it.grant(actor(person(Role.REVIEWER), "case:D-2"), kind, CALL)
        limited(engine, MeasureKind.SUSPENSION)
        await it.grant(actor(person(Role.REVIEWER), "case:D-1"), ReadGrant, CALL)
        with pytest.raises(UseSuspended):
            await it.grant(actor(person(Role.REVIEWER), "case:D-1"), ListenGrant, CALL)
