"""How a retention policy is checked and taken over."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import insert

from api.permissions.errors import AnotherPersonNeeded, InForce, NotAllowed, PersonNeeded
from api.permissions.roles import VERBS, Role
from api.permissions.verbs import Verb
from api.retention.policy_takeover import PolicyWish
from archive.access.approvals import LIFE_US
from archive.catalog.accounts.single_person import declare_one_person
from archive.catalog.database.engine import writing
from archive.catalog.tables.catalog import mark
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import DEFAULT_TENANT
from retention.policies.findings import Uncovered, WithoutEnd
from retention.policies.policy import Limits
from retention.policies.policy_text import policy_text
from retention.policies.revision import Care
from retention.policies.shipped_policy import SHIPPED
from retention.rules.errors import PolicyRefused, UnknownRevision
from tests.api.register import register, service
from tests.archive.catalog.examples import NOW_US, adopt, adoption, author
from tests.retention.examples import policy, rule
from tests.support.retention.policies import DEFAULT, LONGER, Acts
from tests.support.summaries import in_words, proposed_in_words

HOUR_US: Final = 3_600_000_000
COOLED_US: Final = 72 * HOUR_US
SHORTER = PolicyWish(text=policy_text(policy(DEFAULT, rule("q", after="P1Y", queue="support"))))
STEPS = ("proposed", "approved", "carried_out", "policy_taken_over")


async def test_what_only_keeps_longer_is_in_force_on_one_persons_word(tmp_path: Path) -> None:
    """Nobody waits while something that must be kept is not."""
    async with register(tmp_path) as it:
        its = Acts(it)
        done = await its.policies.take_over(its.owner, LONGER)
        (told,) = it.journal(*STEPS)

        assert (done.is_new, done.revision.stored.number, done.revision.state) == (
            True, 1, "in_force",
        )  # fmt: skip
        assert its.kept() == [(1, LONGER.text, NOW_US, False)]
        assert await its.deciding() == [0, 1]
        assert (told.actor, told.target) == ("owner", "policy:1")
        assert not done.revision.stored.content.one_person


async def test_a_shortening_is_not_in_force_on_one_persons_word_nor_before_it_cooled_off(
    tmp_path: Path,
) -> None:
    """Another person approves, the same request carries it out, then three days pass."""
    async with register(tmp_path) as it:
        its = Acts(it)
        number = await its.proposed(SHORTER)
        assert await its.proposed(SHORTER) == number
        with pytest.raises(AnotherPersonNeeded):
            await its.approvals.give(its.owner, number)
        assert (await its.proposed(SHORTER), its.kept()) == (number, [])
        await its.approvals.give(its.other, number)
        assert its.kept() == []
        done = await its.policies.take_over(its.owner, SHORTER)
        seen = {}
        for later in (0, COOLED_US - 1, COOLED_US):
            it.now_us = NOW_US + later
            seen[later] = await its.deciding()
        steps = [each.action for each in it.journal(*STEPS)]

        assert done.revision.state == "cooling_off"
        assert its.kept() == [(1, SHORTER.text, NOW_US + COOLED_US, False)]
        assert seen == {0: [0], COOLED_US - 1: [0], COOLED_US: [0, 1]}
        assert steps == list(STEPS)
        assert not done.revision.stored.content.one_person


@pytest.mark.parametrize(
    "changed",
    [
        replace(SHORTER, is_retroactive=True),
        replace(SHORTER, text=SHORTER.text.replace("P1Y", "P1D")),
        replace(SHORTER, text=SHORTER.text.replace("= 72", "= 1")),
    ],
)
async def test_what_was_approved_is_what_is_taken_over(tmp_path: Path, changed: PolicyWish) -> None:
    """Another period, another reach, another cooling off is another policy."""
    async with register(tmp_path) as it:
        its = Acts(it)
        number = await its.proposed(SHORTER)
        await its.approvals.give(its.other, number)

        assert await its.proposed(changed) > number
        assert its.kept() == []


async def test_an_approval_is_for_who_proposed_once_and_for_its_week(tmp_path: Path) -> None:
    """Who approved would otherwise have proposed to itself."""
    async with register(tmp_path) as it:
        its = Acts(it)
        number = await its.proposed(SHORTER)
        await its.approvals.give(its.other, number)
        assert await its.proposed(SHORTER, its.other) > number
        it.now_us += LIFE_US
        its.owner = it.now("owner")

        assert await its.proposed(SHORTER) > number + 1
        assert its.kept() == []


async def test_who_approves_reads_what_changes(tmp_path: Path) -> None:
    """By the digest that `check` shows, for which recordings, line by line."""
    async with register(tmp_path) as it:
        its = Acts(it)
        checked = await its.policies.check(its.owner, SHORTER)
        known = await its.approvals.show(its.other, await its.proposed(SHORTER))
        summary = proposed_in_words(known).splitlines()
        back = replace(SHORTER, is_retroactive=True)
        reaching = await its.approvals.show(its.other, await its.proposed(back))

    assert summary[0] == (
        f"retention policy {checked.new.sha256.hex()} for calls to come, against revision 0:"
    )
    assert '+delete_after = "P1Y"' in summary
    assert '+queue = ["support"]' in summary
    assert "recordings that exist too" in proposed_in_words(reaching)


async def test_a_long_difference_is_cut_in_what_who_approves_reads(tmp_path: Path) -> None:
    """The list of proposals stays one that can be read; it says that there is more."""
    rules = (rule(f"r{at}", after="P1Y", queue=f"q{at}") for at in range(60))
    async with register(tmp_path) as it:
        its = Acts(it)
        checked = await its.policies.check(
            its.owner, PolicyWish(text=policy_text(policy(DEFAULT, *rules)))
        )

    lines = in_words(checked.summary).splitlines()
    assert lines[-1] == f"… {len(checked.difference) - 200} more lines"
    assert len(lines) == 202


async def test_the_same_text_again_changes_nothing(tmp_path: Path) -> None:
    """An export is imported, a script runs twice, a policy cools off: nothing is proposed."""
    async with register(tmp_path) as it:
        its = Acts(it)
        await its.agreed(SHORTER)
        before, steps = its.kept(), it.journal(*STEPS)
        exported = await its.policies.show(its.owner, None)
        loosely = SHORTER.text.replace(" = ", "=") + "# said in another way\n"
        for text in (SHORTER.text, exported.stored.content.text, loosely):
            done = await its.policies.take_over(its.owner, PolicyWish(text=text))
            assert (done.is_new, done.revision) == (False, exported)

        assert (its.kept(), it.journal(*STEPS)) == (before, steps)


async def test_the_shipped_policy_is_exported_and_imported_without_a_change(
    tmp_path: Path,
) -> None:
    """The first text that anybody has."""
    async with register(tmp_path) as it:
        its = Acts(it)
        shipped = (await its.policies.show(its.owner, None)).stored.content.text
        done = await its.policies.take_over(its.owner, PolicyWish(text=shipped))

        assert shipped == policy_text(SHIPPED.policy)
        assert (done.is_new, done.revision.stored.number, its.kept()) == (False, 0, [])


@pytest.mark.parametrize("is_retroactive", [False, True])
async def test_a_policy_that_cools_off_is_called_back_by_one_person(
    tmp_path: Path, is_retroactive: bool
) -> None:
    """Also one that reaches back, which no other text would undo: that is what the time is for."""
    async with register(tmp_path) as it:
        its = Acts(it)
        await its.policies.take_over(its.owner, LONGER)
        await its.agreed(replace(SHORTER, is_retroactive=is_retroactive))
        back = await its.policies.call_back(its.other, 2)
        again = await its.policies.call_back(its.owner, 2)
        it.now_us += COOLED_US
        found = await its.policies.listed(its.owner)
        latest = await its.policies.show(its.owner, None)
        (told,) = it.journal("policy_called_back")

        assert [(each.stored.number, each.state) for each in found] == [
            (0, "in_force"), (1, "in_force"), (2, "called_back"),
        ]  # fmt: skip
        assert (back.state, again.state, latest.stored.number) == (
            "called_back", "called_back", 1,
        )  # fmt: skip
        assert (told.actor, told.target) == ("other", "policy:2")


async def test_what_was_called_back_is_taken_over_again_only_with_all_that_it_takes(
    tmp_path: Path,
) -> None:
    """The other person's word was for the revision that is no more; a number is given once."""
    async with register(tmp_path) as it:
        its = Acts(it)
        await its.agreed(SHORTER)
        await its.policies.call_back(its.owner, 1)
        await its.proposed(SHORTER)
        await its.agreed(SHORTER)
        found = await its.policies.listed(its.owner)

        assert [(each.stored.number, each.state) for each in found[1:]] == [
            (1, "called_back"), (2, "cooling_off"),
        ]  # fmt: skip


async def test_what_decides_is_not_called_back(tmp_path: Path) -> None:
    """That would be another policy, with the care that it takes; who only reads calls none back."""
    async with register(tmp_path) as it:
        its = Acts(it)
        await its.agreed(SHORTER)
        with pytest.raises(NotAllowed):
            await its.policies.call_back(it.person("legal", Role.LEGAL), 1)
        it.now_us += COOLED_US
        for number in (0, 1):
            with pytest.raises(InForce):
                await its.policies.call_back(its.owner, number)
        with pytest.raises(UnknownRevision):
            await its.policies.call_back(its.owner, 2)

        assert it.journal("policy_called_back") == []


async def test_many_that_go_earlier_take_two_persons_whatever_the_rules_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second look by the recordings themselves, where the first one was mistaken."""
    shorter = PolicyWish(
        text=policy_text(policy(rule("default", after="P1D"))), is_retroactive=True
    )
    one = PolicyWish(text=policy_text(replace(policy(DEFAULT), limits=Limits(bulk=1))))
    async with register(tmp_path) as it:
        its = Acts(it)
        adopt(it.engine, adoption(1))
        await its.agreed(one)
        it.now_us += COOLED_US
        monkeypatch.setattr("retention.policies.revision.lengthens", lambda *_: True)
        checked = await its.policies.check(its.owner, shorter)
        await its.proposed(shorter)
        few = await its.policies.check(its.owner, replace(shorter, is_retroactive=False))

        assert (checked.care, checked.because) == (Care.TWO_PERSONS, "bulk")
        assert checked.new.in_force_us == it.now_us + COOLED_US
        assert (few.care, few.because) == (Care.NONE, "")


async def test_where_one_person_is_enough_that_is_said_for_ever(tmp_path: Path) -> None:
    """It waits all the same, unless its policy does without; nobody who is none may."""
    without = PolicyWish(text=SHORTER.text.replace("= 72", "= 0"))
    async with register(tmp_path) as it:
        its = Acts(it)
        with pytest.raises(PolicyRefused, match="cooling_off_h"):
            await its.policies.take_over(its.owner, without)
        with writing(it.engine) as connection:
            declare_one_person(connection, author(), None)
        done = await its.policies.take_over(its.owner, without)
        told = it.journal("policy_taken_over")[-1]
        again = await its.policies.take_over(
            its.owner, PolicyWish(text=SHORTER.text.replace("= 72", "= 0").replace("P1Y", "P1D"))
        )
        with pytest.raises(NotAllowed, match=Verb.PROPOSE):
            await its.policies.take_over(service(Verb.POLICY_MANAGE), SHORTER)

        assert done.revision.stored.content.one_person
        assert done.revision.stored.content.in_force_us == NOW_US + COOLED_US
        assert told.detail["one_person"] == 1
        assert again.revision.stored.content.in_force_us == NOW_US + COOLED_US


async def test_a_machine_takes_over_only_what_keeps_longer(tmp_path: Path) -> None:
    """Policies come out of version control; what may shorten is for persons."""
    async with register(tmp_path) as it:
        its = Acts(it)
        machine = service(Verb.POLICY_MANAGE, Verb.PROPOSE)
        assert (await its.policies.take_over(machine, LONGER)).is_new
        with pytest.raises(PersonNeeded):
            await its.policies.take_over(machine, SHORTER)

        assert [number for number, *_ in its.kept()] == [1]


async def test_checking_says_what_taking_over_would_mean_and_changes_nothing(
    tmp_path: Path,
) -> None:
    """The queues are those of the archive."""
    async with register(tmp_path) as it:
        its = Acts(it)
        with writing(it.engine) as connection:
            row = ensure_tenant(connection, DEFAULT_TENANT)
            called = {"tenant": row, "recording": 1, "started_us": NOW_US}
            connection.execute(insert(mark).values(**called, kind="queue", folded="overflow"))
        longer = await its.policies.check(its.owner, LONGER)
        shorter = await its.policies.check(its.owner, SHORTER)
        with pytest.raises(PolicyRefused):
            await its.policies.check(its.owner, PolicyWish(text="form = 1"))

        assert (longer.because, shorter.because) == ("", "shortens")
        assert (longer.care, longer.new.in_force_us) == (Care.NONE, NOW_US)
        assert (shorter.care, shorter.new.in_force_us) == (Care.TWO_PERSONS, NOW_US + COOLED_US)
        assert {WithoutEnd(), Uncovered("overflow")} <= set(longer.findings)
        assert (its.kept(), it.journal(*STEPS)) == ([], [])


async def test_two_revisions_are_compared_by_their_numbers(tmp_path: Path) -> None:
    """Also with the shipped one; what is not there is said to be so."""
    async with register(tmp_path) as it:
        its = Acts(it)
        await its.policies.take_over(its.owner, LONGER)
        told = await its.policies.difference(its.owner, 0, 1)
        with pytest.raises(UnknownRevision):
            await its.policies.difference(its.owner, 0, 2)

        assert '+id = "law"' in told
        assert await its.policies.difference(its.owner, 1, 1) == ()


def test_who_may_approve_may_read_and_the_retention_owner_alone_manages() -> None:
    """Nobody approves what it cannot compare; the auditor reads what the journal speaks of."""
    reading_it = {role for role in Role if Verb.POLICY_READ in VERBS[role]}
    approving = {role for role in Role if Verb.APPROVE in VERBS[role]}

    assert reading_it == approving | {Role.AUDITOR}
    assert [role for role in Role if Verb.POLICY_MANAGE in VERBS[role]] == [Role.RETENTION_OWNER]
