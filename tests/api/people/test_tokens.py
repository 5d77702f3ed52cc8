"""Who may have which token."""

from pathlib import Path

import pytest

from api.access.credentials import account_by_token
from api.people.tokens import DEFAULT_DAYS, MAX_DAYS, Tokens, TokenWish
from api.permissions.errors import LifetimeRefused, NotAllowed, NotByToken
from api.permissions.roles import VERBS, Role
from api.permissions.verbs import Verb
from archive.access.purposes import PurposeUnknown
from archive.access.reach import ReachRule
from archive.catalog.accounts.tokens import UnknownToken
from tests.api.register import ROOT, register, service

DAY_US = 86_400_000_000
SUPPORT = ReachRule(queues=frozenset({"Support"}))


async def test_a_person_issues_itself_a_token_for_all_or_a_part_of_what_it_may(
    tmp_path: Path,
) -> None:
    """For ninety days, unless it is to be less or more."""
    async with register(tmp_path) as it:
        tokens = Tokens(it.door)
        sato = it.person("sato", Role.REVIEWER)
        whole = await tokens.issue(sato, TokenWish(note="laptop", purpose="quality"))
        part = await tokens.issue(sato, TokenWish(scopes=frozenset({Verb.SEARCH}), days=1))
        account = account_by_token(it.engine, whole.secret, it.now_us)
        listed = await tokens.listed(sato)

    assert account is not None
    assert account.authority.verbs == VERBS[Role.REVIEWER]
    assert (account.person, account.purpose) == (sato.account.person, "quality")
    assert whole.token.times.expires_us == it.now_us + DEFAULT_DAYS * DAY_US
    assert (whole.token.holder, whole.token.issued_by, whole.token.note) == (
        "sato", "sato", "laptop",
    )  # fmt: skip
    assert part.token.scopes == ("calls:search",)
    assert part.token.times.expires_us == it.now_us + DAY_US
    assert [each.number for each in listed] == [whole.token.number, part.token.number]
    assert whole.secret not in repr(whole)


async def test_a_token_allows_no_more_than_who_issues_it_may(tmp_path: Path) -> None:
    """Nor does one that a narrower token issues; the refusal is in the journal."""
    async with register(tmp_path) as it:
        tokens = Tokens(it.door)
        sato = it.person("sato", Role.REVIEWER)
        with pytest.raises(NotAllowed) as refused:
            await tokens.issue(sato, TokenWish(scopes=frozenset({Verb.SEARCH, Verb.EXPORT})))
        told = it.journal("refused", "token_created")

    assert refused.value.verb is Verb.EXPORT
    assert [(entry.action, entry.actor) for entry in told] == [("refused", "sato")]


async def test_only_who_acts_as_itself_has_tokens_of_its_own(tmp_path: Path) -> None:
    """Root that acts as somebody would otherwise count as that person from then on."""
    async with register(tmp_path) as it:
        tokens = Tokens(it.door)
        it.person("root", Role.REVIEWER)
        with pytest.raises(NotAllowed):
            await tokens.issue(ROOT, TokenWish())
        with pytest.raises(NotByToken):
            await tokens.issue(service(Verb.OWN_TOKENS), TokenWish())


@pytest.mark.parametrize("days", [0, -1, MAX_DAYS + 1])
async def test_a_token_has_an_end(tmp_path: Path, days: int) -> None:
    """A year at most."""
    async with register(tmp_path) as it:
        sato = it.person("sato", Role.REVIEWER)
        with pytest.raises(LifetimeRefused):
            await Tokens(it.door).issue(sato, TokenWish(days=days))
        with pytest.raises(PurposeUnknown):
            await Tokens(it.door).issue(sato, TokenWish(purpose="curiosity"))
        assert await Tokens(it.door).issue(sato, TokenWish(days=MAX_DAYS))


async def test_one_revokes_one_s_own_tokens_and_who_manages_people_anybody_s(
    tmp_path: Path,
) -> None:
    """Nobody learns whether another's token is there."""
    async with register(tmp_path) as it:
        tokens = Tokens(it.door)
        admin = it.person("admin", Role.ADMINISTRATOR)
        sato, ono = it.person("sato", Role.REVIEWER), it.person("ono", Role.REVIEWER)
        first = (await tokens.issue(sato, TokenWish())).token.number
        second = (await tokens.issue(sato, TokenWish())).token.number
        for number in (first, 99):
            with pytest.raises(NotAllowed):
                await tokens.revoke(ono, number)
        await tokens.revoke(sato, first)
        await tokens.revoke(admin, second)
        with pytest.raises(UnknownToken):
            await tokens.revoke(sato, first)
        told = it.journal("token_revoked")

        assert await tokens.listed(sato) == ()
    assert [(entry.actor, entry.target) for entry in told] == [("sato", "sato"), ("admin", "sato")]
