"""Who may say of whom that it is who it says, and what follows from it."""

from pathlib import Path

import pytest

from api.access.approvals import Approvals, carried_out
from api.access.known_proposals import Known
from api.people.confirmations import Confirmations
from api.people.sign_in_codes import SignInCodes
from api.people.users import Users
from api.permissions.actor import Actor
from api.permissions.errors import (
    AnotherPersonNeeded,
    ApprovalVoid,
    CountsAsOne,
    NotAllowed,
    NothingToConfirm,
)
from api.permissions.roles import Role
from api.permissions.verbs import Verb
from archive.access.approvals import Carried
from archive.access.lineage import ONE_MAKER_US, RESET_US
from archive.catalog.accounts.credentials import set_credential
from archive.catalog.accounts.persons import UnknownAccount, user_named
from archive.catalog.database.engine import writing
from archive.ids import DEFAULT_TENANT
from tests.api.register import ROOT, Registered, register, service
from tests.archive.catalog.examples import author

ADMIN = Role.ADMINISTRATOR


def two_made_by(it: Registered, maker: Actor) -> tuple[Actor, Actor]:
    """Two persons of one administrator's making."""
    by = maker.account.user
    return it.person("sato", ADMIN, by=by), it.person("mori", Role.APPROVER, by=by)


async def proposed(it: Registered, by: Actor) -> int:
    return (await Approvals(it.door).propose_one_person(by)).number


async def test_two_whom_one_administrator_made_are_refused_and_told_why_and_from_when(
    tmp_path: Path,
) -> None:
    """He may be both: his own policy would be approved by himself."""
    async with register(tmp_path) as it:
        sato, mori = two_made_by(it, it.person("admin", ADMIN))
        number = await proposed(it, sato)
        with pytest.raises(CountsAsOne) as refused:
            await Approvals(it.door).give(mori, number)
        (listed,) = await Approvals(it.door).listed(mori)
        told = it.journal("refused")
        it.now_us += 7 * 86_400_000_000 - 1
        with pytest.raises(CountsAsOne):
            await Approvals(it.door).give(mori, number)
        it.now_us += ONE_MAKER_US
        done = await Approvals(it.door).give(mori, await proposed(it, sato))

    assert (refused.value.bar.why, refused.value.bar.until_us) == (
        "one_maker", it.now_us - 7 * 86_400_000_000 + 1,
    )  # fmt: skip
    assert listed.bars[mori.account.user] == refused.value.bar
    assert [entry.detail["why"] for entry in told] == ["another_person_needed"]
    assert done.state == "carried_out"


@pytest.mark.parametrize("as_whom", ["unmapped", "mapped"])
async def test_root_confirms_one_of_the_two_also_where_it_is_somebody(
    tmp_path: Path, as_whom: str
) -> None:
    """The office of one administrator, on its first afternoon."""
    async with register(tmp_path) as it:
        admin = it.person("root", ADMIN)
        root = ROOT if as_whom == "unmapped" else it.now("root", uid=0)
        sato, mori = two_made_by(it, admin)
        number = await proposed(it, sato)
        await Confirmations(it.door).confirm(root, "mori")
        done = await Approvals(it.door).give(mori, number)
        standing = await Confirmations(it.door).listed(mori)
        (told,) = it.journal("user_confirmed")

    assert done.proposal.carried is not None
    assert not done.proposal.carried.one_person
    assert [standing.names[each.user] for each in standing.confirmed] == ["mori"]
    assert [each.by for each in standing.confirmed] == [0]
    assert [standing.names[each.users[0]] for each in standing.waiting] == ["sato"]
    assert (told.target, told.actor.startswith("os:root")) == ("mori", True)


async def test_two_of_whom_one_made_the_other_are_two_on_root_s_word(tmp_path: Path) -> None:
    """An office of two persons, one of them the administrator."""
    async with register(tmp_path) as it:
        admin = it.person("admin", ADMIN)
        mori = it.person("mori", Role.APPROVER, by=admin.account.user)
        number = await proposed(it, admin)
        with pytest.raises(CountsAsOne) as refused:
            await Approvals(it.door).give(mori, number)
        await Confirmations(it.door).confirm(ROOT, "mori")
        done = await Approvals(it.door).give(mori, number)

    assert refused.value.bar.why == "hand"
    assert done.state == "carried_out"


async def test_a_person_of_another_s_making_confirms_and_the_maker_s_own_do_not(
    tmp_path: Path,
) -> None:
    """Nor the maker, nor the person itself, nor a service, nor who may not approve."""
    async with register(tmp_path) as it:
        admin, other = it.person("admin", ADMIN), it.person("other", ADMIN)
        sato, mori = two_made_by(it, admin)
        reviewer = it.person("reviewer", Role.REVIEWER)
        of, confirm = "mori", Confirmations(it.door).confirm
        for nobody in (admin, sato, mori, service(Verb.APPROVE, user=other.account.user)):
            with pytest.raises(AnotherPersonNeeded):
                await confirm(nobody, of)
        with pytest.raises(NotAllowed):
            await confirm(reviewer, of)
        listed = await Confirmations(it.door).listed(other)
        await confirm(other, of)
        done = await Approvals(it.door).give(mori, await proposed(it, sato))

    assert {listed.names[row] for row in listed.mine} >= {"sato", "mori"}
    assert done.state == "carried_out"


async def test_who_has_yet_to_come_in_is_not_confirmed(tmp_path: Path) -> None:
    """Whoever made the code could use it afterwards, and would be believed."""
    async with register(tmp_path) as it:
        admin, other = it.person("admin", ADMIN), it.person("other", ADMIN)
        await Users(it.door).add(admin, "sato")
        with pytest.raises(NothingToConfirm):
            await Confirmations(it.door).confirm(ROOT, "sato")
        await SignInCodes(it.door).issue(admin, "sato")
        with pytest.raises(NothingToConfirm):
            await Confirmations(it.door).confirm(other, "sato")
        with writing(it.engine) as connection:
            sato = user_named(connection, DEFAULT_TENANT, "sato")
            set_credential(connection, author(user=sato.row), sato, "password", b"x")
        await Confirmations(it.door).confirm(other, "sato")
        await SignInCodes(it.door).reset(admin, "sato")
        with pytest.raises(NothingToConfirm):
            await Confirmations(it.door).confirm(other, "sato")
        await Users(it.door).disable(admin, "sato")
        for name in ("sato", "nobody"):
            with pytest.raises(UnknownAccount):
                await Confirmations(it.door).confirm(ROOT, name)


async def test_who_was_reset_between_approval_and_act_counts_no_more(tmp_path: Path) -> None:
    """Until it is confirmed, or three days are over: asked when it is carried out, too."""
    async with register(tmp_path) as it:
        approvals = Approvals(it.door, at_once={})
        admin, other = it.person("admin", ADMIN), it.person("other", ADMIN)
        mori = it.person("mori", Role.APPROVER)
        number = await proposed(it, other)
        given = await approvals.give(mori, number)
        await SignInCodes(it.door).reset(admin, "mori")
        with pytest.raises(ApprovalVoid):
            carry_out(it, other, given)
        shown = await approvals.show(other, number)
        it.now_us += RESET_US
        done = carry_out(it, other, given)

    assert shown.bars[mori.account.user].why == "reset"
    assert done is not None


def carry_out(it: Registered, by: Actor, known: Known) -> Carried | None:
    """As who proposed does what was approved."""
    who = author(at_us=it.now_us, user=by.account.user)
    with writing(it.engine) as connection:
        return carried_out(connection, who, known.proposal.kind, known.proposal.digest)


async def test_where_one_person_is_enough_nothing_changes(tmp_path: Path) -> None:
    """What it carries out says that it was one."""
    async with register(tmp_path) as it:
        admin = it.person("admin", ADMIN)
        sato, mori = two_made_by(it, admin)
        await Confirmations(it.door).confirm(ROOT, "mori")
        await Approvals(it.door).give(mori, await proposed(it, sato))
        await SignInCodes(it.door).reset(admin, "mori")
        alone = await Approvals(it.door).give(admin, await proposed(it, admin))
        reset = await Approvals(it.door).give(it.now("mori"), await proposed(it, sato))

    for known in (alone, reset):
        assert known.bars == {}
        assert known.proposal.carried is not None
        assert known.proposal.carried.one_person
