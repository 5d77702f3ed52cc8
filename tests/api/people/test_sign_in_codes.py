"""Who may make a sign-in code, for whom."""

from pathlib import Path

import pytest

from api.access.approvals import Approvals
from api.access.credentials import account_by_token
from api.people.service_tokens import ServiceTokens
from api.people.tokens import IssuedToken, Tokens, TokenWish
from api.people.users import Users
from api.permissions.actor import Actor
from api.permissions.errors import AnotherPersonNeeded, CredentialsThere, NotAllowed, SignInRefused
from api.permissions.roles import Role
from api.permissions.verbs import Verb
from api.sign_in.enrolment import NewPassword
from archive.access.reach import WHOLE
from archive.catalog.accounts.persons import UnknownAccount
from archive.catalog.accounts.tokens import token_numbered
from archive.catalog.database.engine import reading
from archive.ids import DEFAULT_TENANT
from tests.api.register import ROOT
from tests.api.signing import HOME, PASSWORD, Signing, signing


async def test_a_person_without_credentials_gets_a_code_and_one_with_some_a_reset(
    tmp_path: Path,
) -> None:
    """A code beside a password would be a second way in that nobody knows of."""
    async with signing(tmp_path) as it:
        admin = it.it.person("admin", Role.ADMINISTRATOR)
        it.it.person("sato")
        made = await it.codes.issue(admin, "sato")
        step, _ = await it.set_both(await it.sign_in.with_code(made.code, HOME))
        with pytest.raises(CredentialsThere):
            await it.codes.issue(admin, "sato")
        reset = await it.codes.reset(admin, "sato")
        over = await it.sessions.seen_by(step.secret)
        with pytest.raises(SignInRefused):
            await it.sign_in.with_password("sato", PASSWORD, HOME)
        again = await it.sign_in.with_code(reset.code, HOME)
        told = it.it.journal("sign_in_code_made")

    assert (over, again.stage) == (None, "enrol")
    assert [(each.actor, each.target, each.detail.get("reset", 0)) for each in told] == [
        ("admin", "sato", 0), ("admin", "sato", 1),
    ]  # fmt: skip
    assert reset.code not in repr(reset)


async def test_only_who_manages_people_makes_codes(tmp_path: Path) -> None:
    """Root does, too; nobody for who is not there any more."""
    async with signing(tmp_path) as it:
        sato = it.it.person("sato", Role.SUPERVISOR)
        with pytest.raises(NotAllowed):
            await it.codes.reset(sato, "sato")
        with pytest.raises(UnknownAccount):
            await it.codes.reset(ROOT, "nobody")
        assert (await it.codes.reset(ROOT, "sato")).code


async def test_nobody_makes_a_code_for_itself_unless_there_is_one_person(tmp_path: Path) -> None:
    """What was found on a desk, a token or a session, is to be no way in for good."""
    async with signing(tmp_path) as it:
        admin = it.it.person("admin", Role.ADMINISTRATOR)
        for make in (it.codes.issue, it.codes.reset):
            with pytest.raises(AnotherPersonNeeded):
                await make(admin, "admin")
        refused = it.it.journal("refused")
        it.one_person()
        alone = await it.codes.reset(admin, "admin")

    assert [each.target for each in refused] == ["admin", "admin"]
    assert alone.code


async def test_who_makes_a_code_for_a_person_cannot_approve_with_it(tmp_path: Path) -> None:
    """It could have used the code itself, and be both; a third one can."""
    async with signing(tmp_path) as it:
        admin, other, third = (
            it.it.person(name, Role.ADMINISTRATOR) for name in ("admin", "other", "third")
        )
        approvals = Approvals(it.it.door)
        before = await approvals.propose_one_person(admin)
        await it.codes.issue(admin, "other")
        with pytest.raises(AnotherPersonNeeded):
            await approvals.give(other, before.number)
        back = await approvals.propose_one_person(other)
        with pytest.raises(AnotherPersonNeeded):
            await approvals.give(admin, back.number)
        approved = await approvals.give(third, before.number)

    assert approved.state == "carried_out"


async def test_root_s_codes_make_nobody_more_of_a_person(tmp_path: Path) -> None:
    """Two persons to whom root gave codes are as much two as before."""
    async with signing(tmp_path) as it:
        one, other = (it.it.person(name, Role.ADMINISTRATOR) for name in ("one", "other"))
        for name in ("one", "other"):
            step = await it.sign_in.with_code((await it.codes.issue(ROOT, name)).code, HOME)
            wish = NewPassword(wanted=PASSWORD)
            await it.enrolment.set_password(await it.who(step), wish, HOME)
        approvals = Approvals(it.it.door)
        proposed = await approvals.propose_one_person(one)
        approved = await approvals.give(other, proposed.number)

    assert approved.state == "carried_out"


async def test_a_reset_ends_the_tokens_of_the_person_and_not_those_of_services(
    tmp_path: Path,
) -> None:
    """Who has found one is out with the reset; a machine goes on, whoever made its token."""
    async with signing(tmp_path) as it:
        admin = it.it.person("admin", Role.ADMINISTRATOR)
        sato = it.it.person("sato", Role.ADMINISTRATOR)
        own, other = await Tokens(it.it.door).issue(sato, TokenWish()), await crm_token(it, sato)
        await it.codes.reset(admin, "sato")
        found = [account_by_token(it.it.engine, each.secret, it.it.now_us) for each in (own, other)]
        told = it.it.journal("token_revoked")

    assert [each is None for each in found] == [True, False]
    assert [(each.actor, each.target, each.detail["token"]) for each in told] == [
        ("admin", "sato", own.token.number)
    ]


async def test_a_first_code_ends_nothing(tmp_path: Path) -> None:
    """Who has a login alone gets a password besides."""
    async with signing(tmp_path) as it:
        admin, sato = it.it.person("admin", Role.ADMINISTRATOR), it.it.person("sato", Role.REVIEWER)
        own = await Tokens(it.it.door).issue(sato, TokenWish())
        await it.codes.issue(admin, "sato")

        assert account_by_token(it.it.engine, own.secret, it.it.now_us) is not None


async def test_who_is_disabled_has_neither_sessions_nor_tokens_any_more(tmp_path: Path) -> None:
    """Nor would it if its standing were ever given back."""
    async with signing(tmp_path) as it:
        admin = it.it.person("admin", Role.ADMINISTRATOR)
        step, _ = await it.enrol("sato", Role.ADMINISTRATOR)
        who = await it.who(step)
        sato = it.it.now("sato")
        own, other = await Tokens(it.it.door).issue(sato, TokenWish()), await crm_token(it, sato)
        await Users(it.it.door).disable(admin, "sato")
        with reading(it.it.engine) as connection:
            kept = token_numbered(connection, DEFAULT_TENANT, own.token.number)
        crm = account_by_token(it.it.engine, other.secret, it.it.now_us)
        ended = await it.record(who)

    assert ended.times.ended_us is not None
    assert kept.times.revoked_us is not None
    assert crm is not None


async def crm_token(it: Signing, by: Actor) -> IssuedToken:
    """One of a service that somebody issues."""
    await Tokens(it.it.door).add_service(by, "crm", WHOLE)
    wish = TokenWish(scopes=frozenset({Verb.LEDGER}))
    return await ServiceTokens(it.it.door, Approvals(it.it.door)).issue(by, "crm", wish)
