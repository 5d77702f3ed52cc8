"""Who may make persons, and give them roles."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from api.people.tokens import Tokens
from api.people.users import Users
from api.permissions.actor import Actor
from api.permissions.errors import AnotherPersonNeeded, NotAllowed
from api.permissions.roles import Role
from api.permissions.verbs import Verb
from archive.access.purposes import PurposeUnknown
from archive.access.reach import WHOLE, ReachRule
from archive.catalog.accounts.given_roles import UnknownGift
from archive.catalog.accounts.persons import NameRefused, NameTaken, UnknownAccount
from tests.api.register import ROOT, register, service

SUPPORT = ReachRule(queues=frozenset({"support"}))
ACTS: dict[str, Callable[[Users, Actor], Awaitable[object]]] = {
    "list": lambda users, actor: users.listed(actor),
    "show": lambda users, actor: users.show(actor, "sato"),
    "add": lambda users, actor: users.add(actor, "new"),
    "disable": lambda users, actor: users.disable(actor, "sato"),
    "give a role": lambda users, actor: users.give_role(actor, "sato", Role.AUDITOR, WHOLE),
    "take a role": lambda users, actor: users.take_role(actor, "sato", 1),
    "give a name": lambda users, actor: users.give_os_name(actor, "sato", "x"),
    "take a name": lambda users, actor: users.take_os_name(actor, "sato", "sato"),
}


async def test_a_person_is_made_given_roles_and_names_and_shown_with_who_did_it(
    tmp_path: Path,
) -> None:
    """The first one by root, who cannot look at them."""
    async with register(tmp_path) as it:
        users = Users(it.door)
        await users.add(ROOT, "admin", "technical")
        first = await users.give_role(ROOT, "admin", Role.ADMINISTRATOR, WHOLE)
        await users.give_os_name(ROOT, "admin", "dadmin")
        with pytest.raises(NotAllowed):
            await users.listed(ROOT)
        admin = it.now("dadmin")
        await users.add(admin, "sato")
        gift = await users.give_role(admin, "sato", Role.REVIEWER, SUPPORT)
        shown = await users.show(admin, "sato")
        await users.take_role(admin, "sato", gift.number)
        await users.disable(admin, "sato")
        await users.take_os_name(admin, "admin", "dadmin")
        by_admin, sato = await users.listed(admin)
        told = it.journal("user_added", "role_given", "role_taken", "os_name_given")

    assert admin.account.authority.reach(Verb.PEOPLE_MANAGE) == (WHOLE,)
    assert (by_admin.name, by_admin.created_by, by_admin.os_names) == ("admin", "", ())
    assert by_admin.gifts == (first,)
    assert shown.gifts == (gift,)
    assert (gift.role, gift.reach, gift.given_by) == ("reviewer", SUPPORT, "admin")
    assert (sato.created_by, sato.gifts, sato.disabled_us) == ("admin", (), it.now_us)
    assert [(entry.actor, entry.target) for entry in told] == [
        ("os:root", "admin"), ("os:root", "admin"), ("os:root", "admin"),
        ("admin", "sato"), ("admin", "sato"), ("admin", "sato"),
    ]  # fmt: skip


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
async def test_only_administrators_see_and_change_people(tmp_path: Path, role: Role) -> None:
    """Each refusal of somebody who is known is in the journal."""
    async with register(tmp_path) as it:
        someone = it.person("sato", role)
        for act in ACTS.values():
            with pytest.raises(NotAllowed):
                await act(Users(it.door), someone)
        refused = it.journal("refused")

    assert {entry.detail["why"] for entry in refused} == {"not_permitted"}
    assert len(refused) == len(ACTS)


async def test_nobody_gives_itself_a_role_nor_lets_whom_it_made_do_it(tmp_path: Path) -> None:
    """Another person does, or root; what is refused is in the journal."""
    async with register(tmp_path) as it:
        users = Users(it.door)
        admin = it.person("admin", Role.ADMINISTRATOR)
        other = it.person("other", Role.ADMINISTRATOR)
        puppet = it.person("puppet", Role.ADMINISTRATOR, by=admin.account.person)
        theirs = it.person("theirs", Role.ADMINISTRATOR, by=puppet.account.person)
        own_service = service(Verb.PEOPLE_MANAGE, user=admin.account.person)
        for hand in (admin, puppet, theirs, own_service):
            with pytest.raises(AnotherPersonNeeded):
                await users.give_role(hand, "admin", Role.REVIEWER, WHOLE)
        await users.give_role(other, "admin", Role.REVIEWER, WHOLE)
        await users.give_role(ROOT, "admin", Role.AUDITOR, WHOLE)
        refused = it.journal("refused")

        assert len((await users.show(admin, "admin")).gifts) == 3
    assert [entry.actor for entry in refused] == ["admin", "puppet", "theirs", "service:crm"]
    assert {entry.detail["why"] for entry in refused} == {"another_person_needed"}
    assert {entry.target for entry in refused} == {"admin"}


async def test_what_is_not_there_or_taken_is_said_so(tmp_path: Path) -> None:
    """Each by its own name."""
    async with register(tmp_path) as it:
        users = Users(it.door)
        admin = it.person("admin", Role.ADMINISTRATOR)
        with pytest.raises(UnknownAccount):
            await users.show(admin, "nobody")
        with pytest.raises(UnknownAccount):
            await users.give_role(admin, "nobody", Role.REVIEWER, WHOLE)
        with pytest.raises(UnknownGift):
            await users.take_role(admin, "admin", 99)
        with pytest.raises(NameTaken):
            await users.add(admin, "admin")
        with pytest.raises(NameTaken):
            await users.give_os_name(admin, "admin", "admin")
        with pytest.raises(NameRefused):
            await users.add(admin, "service:crm")
        with pytest.raises(PurposeUnknown):
            await users.add(admin, "sato", "curiosity")


async def test_who_sees_people_is_in_the_journal(tmp_path: Path) -> None:
    """Who may do what, and since when, is worth knowing to who means harm; one's own tokens not."""
    async with register(tmp_path) as it:
        admin, sato = it.person("admin", Role.ADMINISTRATOR), it.person("sato", Role.REVIEWER)
        users, tokens = Users(it.door), Tokens(it.door)
        await users.listed(admin)
        await users.show(admin, "sato")
        await tokens.services(admin)
        await tokens.listed(admin)
        await tokens.listed(sato)
        told = [(each.actor, each.target, each.detail) for each in it.journal("people_seen")]

    assert told == [
        ("admin", "", {"what": "users"}),
        ("admin", "sato", {"what": "user"}),
        ("admin", "", {"what": "services"}),
        ("admin", "", {"what": "tokens"}),
    ]
