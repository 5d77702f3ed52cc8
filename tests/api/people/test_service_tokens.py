"""Who issues tokens of services, and what takes another person's word."""

from dataclasses import replace
from pathlib import Path

import pytest

from api.access.approvals import Approvals
from api.access.credentials import account_by_token
from api.people.service_tokens import NOT_FOR_SERVICES, ON_ONE_WORD, ServiceTokens
from api.people.tokens import Tokens, TokenWish
from api.permissions.actor import Actor
from api.permissions.errors import ApprovalNeeded, NotAllowed, ScopesRefused
from api.permissions.roles import Role
from api.permissions.verbs import Verb
from archive.access.approvals import LIFE_US
from archive.access.reach import WHOLE, ReachRule
from archive.catalog.accounts.persons import UnknownAccount
from archive.catalog.accounts.single_person import declare_one_person
from archive.catalog.database.engine import writing
from tests.api.register import ROOT, Registered, register
from tests.archive.catalog.examples import author
from tests.support.summaries import proposed_in_words

SUPPORT = ReachRule(queues=frozenset({"support"}))
HEARS = TokenWish(scopes=frozenset({Verb.SEARCH, Verb.LISTEN}))
SEES = TokenWish(scopes=frozenset({Verb.LEDGER, Verb.LIVE}))
STEPS = ("proposed", "approved", "carried_out", "token_created")


class Acts:
    """The use cases over a register that has two administrators, an approver and a service."""

    def __init__(self, it: Registered) -> None:
        self.it = it
        self.approvals = Approvals(it.door)
        self.tokens = ServiceTokens(it.door, self.approvals)
        self.admin = it.person("admin", Role.ADMINISTRATOR)
        self.other = it.person("other", Role.ADMINISTRATOR)

    async def refused(self, actor: Actor, wish: TokenWish = HEARS) -> int:
        """The proposal that another person is to approve."""
        with pytest.raises(ApprovalNeeded) as needed:
            await self.tokens.issue(actor, "crm", wish)
        return needed.value.number


async def acts(it: Registered) -> Acts:
    """Ready to be tried."""
    made = Acts(it)
    await Tokens(it.door).add_service(made.admin, "crm", SUPPORT)
    return made


async def test_a_service_that_hears_takes_two_persons(tmp_path: Path) -> None:
    """Who manages people may not listen: not by a machine's ears either."""
    async with register(tmp_path) as it:
        its = await acts(it)
        number = await its.refused(its.admin)
        assert await its.refused(its.admin) == number
        assert it.journal("token_created") == []
        shown = await its.approvals.give(its.other, number)
        made = await its.tokens.issue(its.admin, "crm", HEARS)
        account = account_by_token(it.engine, made.secret, it.now_us)
        again = await its.refused(its.admin)
        steps = [each.action for each in it.journal(*STEPS)]

    assert proposed_in_words(shown) == "crm: 90 days, may audio:listen calls:search"
    assert account is not None
    assert account.authority.verbs == HEARS.scopes
    assert (again > number, steps) == (True, [*STEPS, "proposed"])


@pytest.mark.parametrize(
    "changed",
    [
        replace(HEARS, scopes=HEARS.scopes | {Verb.EXPORT}),
        replace(HEARS, days=365),
        replace(HEARS, purpose="quality"),
        replace(HEARS, note="x"),
    ],
)
async def test_what_was_approved_is_what_is_issued(tmp_path: Path, changed: TokenWish) -> None:
    """Another day, scope or purpose is another token."""
    async with register(tmp_path) as it:
        its = await acts(it)
        number = await its.refused(its.admin)
        await its.approvals.give(its.other, number)

        assert await its.refused(its.admin, changed) > number
        assert it.journal("token_created") == []


async def test_an_approval_is_for_who_proposed_and_for_its_week(tmp_path: Path) -> None:
    """Who approved would otherwise have proposed to itself."""
    async with register(tmp_path) as it:
        its = await acts(it)
        number = await its.refused(its.admin)
        await its.approvals.give(its.other, number)
        assert await its.refused(its.other) > number
        it.now_us += LIFE_US

        assert await its.refused(its.admin) > number + 1


async def test_on_one_word_a_service_has_what_who_manages_people_may_itself(tmp_path: Path) -> None:
    """And everything where the installation is one person's: there is nobody else to ask."""
    async with register(tmp_path) as it:
        its = await acts(it)
        assert (await its.tokens.issue(its.admin, "crm", SEES)).secret
        assert (await its.tokens.issue(ROOT, "crm", SEES)).secret
        with pytest.raises(NotAllowed):
            await its.tokens.issue(ROOT, "crm", HEARS)
        with writing(it.engine) as connection:
            declare_one_person(connection, author(), None)

        assert (await its.tokens.issue(its.admin, "crm", HEARS)).secret


def test_nothing_that_tells_what_was_said_is_given_on_one_word() -> None:
    """Nor what finds a call, changes it, or controls one that is up."""
    assert ON_ONE_WORD & {
        Verb.SEARCH, Verb.READ, Verb.LISTEN, Verb.EXPORT, Verb.CORRECT, Verb.CONTROL, Verb.JOURNAL,
        Verb.CASE,
    } == set()  # fmt: skip


async def test_services_have_tokens_from_who_manages_people(tmp_path: Path) -> None:
    """Within the reach of the service; the issuer answers for it."""
    async with register(tmp_path) as it:
        tokens = Tokens(it.door)
        services = ServiceTokens(it.door, Approvals(it.door))
        admin = it.person("admin", Role.ADMINISTRATOR)
        sato = it.person("sato", Role.REVIEWER)
        await tokens.add_service(admin, "crm", SUPPORT)
        wish = TokenWish(scopes=frozenset({Verb.LEDGER, Verb.LIVE}))
        made = await services.issue(admin, "crm", wish)
        account = account_by_token(it.engine, made.secret, it.now_us)
        for act in (
            services.issue(sato, "crm", wish),
            tokens.add_service(sato, "other", WHOLE),
            tokens.services(sato),
        ):
            with pytest.raises(NotAllowed):
                await act
        with pytest.raises(UnknownAccount):
            await services.issue(admin, "nobody", wish)

        assert [each.name for each in await tokens.services(admin)] == ["crm"]
        assert [each.holder for each in await tokens.listed(admin)] == ["service:crm"]
        assert await tokens.listed(sato) == ()
    assert account is not None
    assert (account.name, account.person, account.user) == (
        "service:crm", 0, admin.account.person,
    )  # fmt: skip
    assert account.authority.reach(Verb.LEDGER) == (SUPPORT.folded,)


@pytest.mark.parametrize("scopes", [[], *([verb] for verb in sorted(NOT_FOR_SERVICES))])
async def test_a_service_has_scopes_and_none_of_what_only_persons_do(
    tmp_path: Path, scopes: list[Verb]
) -> None:
    """Somebody could otherwise give itself roles, or approve, through one."""
    async with register(tmp_path) as it:
        admin = it.person("admin", Role.ADMINISTRATOR)
        await Tokens(it.door).add_service(admin, "crm", WHOLE)
        with pytest.raises(ScopesRefused):
            await ServiceTokens(it.door, Approvals(it.door)).issue(
                admin, "crm", TokenWish(scopes=frozenset({*scopes, Verb.LEDGER} if scopes else ()))
            )
