"""What makes a way in that outlasts it: each kind of proof, and how fresh it is."""

from dataclasses import replace
from pathlib import Path

import pytest

from api.access.approvals import Approvals
from api.access.credentials import account_by_token, account_of_session
from api.people.service_tokens import ServiceTokens
from api.people.sign_in_codes import SignInCodes
from api.people.tokens import Tokens, TokenWish
from api.people.users import Users
from api.permissions.actor import Actor
from api.permissions.errors import NotByToken, PasswordWanted, Refused
from api.permissions.roles import Role
from api.permissions.verbs import Verb
from archive.access.reach import WHOLE
from archive.catalog.accounts.persons import user_named
from archive.catalog.accounts.sessions import (
    SHOWN_COUNTS_US,
    Lifetime,
    begin_session,
    note_shown,
    session_numbered,
)
from archive.catalog.database.engine import reading, writing
from archive.ids import DEFAULT_TENANT
from tests.api.register import ROOT, Registered, register, service
from tests.archive.catalog.examples import NOW_US, author

LEDGER = TokenWish(scopes=frozenset({Verb.LEDGER}))


async def by_token(it: Registered, admin: Actor) -> Actor:
    """The same person with a token that may all that it may."""
    made = await Tokens(it.door).issue(admin, TokenWish())
    found = account_by_token(it.engine, made.secret, it.now_us)
    assert found is not None
    return Actor(account=found)


def at_page(it: Registered, shown_us: int | None) -> Actor:
    """The same at a page, having shown its password then."""
    with writing(it.engine) as connection:
        admin = user_named(connection, DEFAULT_TENANT, "admin")
        lifetime = Lifetime(idle_us=1, expires_us=NOW_US + 1)
        row, _ = begin_session(connection, author(user=admin.row), admin, "full", lifetime)
        note_shown(connection, row, shown_us)
    with reading(it.engine) as connection:
        account = account_of_session(connection, session_numbered(connection, row), admin)
    assert account is not None
    return Actor(account=account)


async def tried(it: Registered, actor: Actor) -> list[str]:
    """What becomes of a token of its own, and of one of a service: "" where it was made."""
    answers = []
    for act in (
        lambda: Tokens(it.door).issue(actor, LEDGER),
        lambda: ServiceTokens(it.door, Approvals(it.door)).issue(actor, "crm", LEDGER),
    ):
        try:
            await act()
            answers.append("")
        except Refused as refusal:
            answers.append(refusal.code)
    return answers


async def test_a_token_makes_no_token(tmp_path: Path) -> None:
    """Whoever has found it would make one of 365 days, and another one then."""
    async with register(tmp_path) as it:
        admin = it.person("admin", Role.ADMINISTRATOR)
        await Tokens(it.door).add_service(admin, "crm", WHOLE)
        found = await by_token(it, admin)
        before = len(it.journal("token_created"))
        assert await tried(it, found) == ["not_by_token"] * 2
        # A service of an earlier version, which had these verbs.
        crm = service(Verb.OWN_TOKENS, Verb.PEOPLE_MANAGE, Verb.LEDGER, user=1)
        assert await tried(it, crm) == ["not_by_token"] * 2
        assert len(it.journal("token_created")) == before
        refused = it.journal("refused")

    assert [entry.detail["why"] for entry in refused] == ["not_by_token"] * 4
    assert {entry.actor for entry in refused} == {"admin", "service:crm"}


async def test_a_token_makes_no_code_and_maps_no_login(tmp_path: Path) -> None:
    """Whoever has found an administrator's would come in as somebody by another way."""
    async with register(tmp_path) as it:
        admin = it.person("admin", Role.ADMINISTRATOR)
        it.person("sato")
        codes, users = SignInCodes(it.door), Users(it.door)
        for actor, refusal in (
            (await by_token(it, admin), NotByToken), (at_page(it, None), PasswordWanted),
        ):  # fmt: skip
            for make in (codes.issue, codes.reset):
                with pytest.raises(refusal):
                    await make(actor, "sato")
            with pytest.raises(refusal):
                await users.give_os_name(actor, "sato", "mine")
        told = it.journal("sign_in_code_made", "os_name_given")
        await codes.reset(at_page(it, NOW_US), "sato")
        await users.give_os_name(admin, "sato", "mine")

    assert [entry.target for entry in told] == ["admin", "sato"]


async def test_who_is_at_the_socket_by_its_login_makes_one(tmp_path: Path) -> None:
    """The system has asked who it is; root makes those of services, and counts as nobody."""
    async with register(tmp_path) as it:
        admin = it.person("admin", Role.ADMINISTRATOR)
        await Tokens(it.door).add_service(admin, "crm", WHOLE)

        assert await tried(it, admin) == ["", ""]
        assert await tried(it, ROOT) == ["not_permitted", ""]
        mapped = it.now("admin", uid=0)
        assert await tried(it, mapped) == ["person_needed", ""]


@pytest.mark.parametrize(
    ("shown_us", "is_enough"),
    [
        (NOW_US, True),
        (NOW_US - SHOWN_COUNTS_US + 1, True),
        (NOW_US - SHOWN_COUNTS_US, False),
        (NOW_US + 1, False),
        (None, False),
    ],
)
async def test_a_page_makes_one_within_five_minutes_of_the_password(
    tmp_path: Path, shown_us: int | None, *, is_enough: bool
) -> None:
    """A page that was left open, or a cookie that was found, is not enough."""
    async with register(tmp_path) as it:
        admin = it.person("admin", Role.ADMINISTRATOR)
        await Tokens(it.door).add_service(admin, "crm", WHOLE)

        assert (
            await tried(it, at_page(it, shown_us)) == ["" if is_enough else "password_wanted"] * 2
        )


async def test_what_no_proof_is_known_of_makes_none(tmp_path: Path) -> None:
    """Deny by default."""
    async with register(tmp_path) as it:
        admin = it.person("admin", Role.ADMINISTRATOR)
        unproved = Actor(account=replace(admin.account, proof=None))

        with pytest.raises(NotByToken):
            await Tokens(it.door).issue(unproved, LEDGER)
        with pytest.raises(PasswordWanted):
            await Tokens(it.door).issue(at_page(it, None), LEDGER)
