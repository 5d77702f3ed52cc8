"""Sessions: how long they live, what is chosen, who ends them."""

from pathlib import Path

import pytest

from api.access.authentication import Identity
from api.access.authorization import Door
from api.permissions.actor import Actor
from api.permissions.errors import NotAuthenticated, PurposeRefused, StageRefused
from api.permissions.roles import Role
from api.sign_in.enrolment import NewPassword
from api.sign_in.sessions import ROTATES_EVERY_US
from archive.catalog.accounts.given_roles import gifts_of, take_role
from archive.catalog.accounts.persons import disable_user, user_named
from archive.catalog.accounts.sessions import UnknownSession
from archive.catalog.accounts.sign_in_codes import reset_credentials
from archive.catalog.database.engine import writing
from archive.ids import DEFAULT_TENANT
from tests.api.signing import HOME, PASSWORD, Signing, signing
from tests.archive.catalog.examples import MINUTE_US, author
from tests.support.sessions import by_session

HOUR_US = 60 * MINUTE_US
NEW = NewPassword(wanted="another horse battery", present=PASSWORD)


async def test_a_session_that_nobody_uses_ends_after_half_an_hour(tmp_path: Path) -> None:
    """To the minute: a use is written down once in one."""
    async with signing(tmp_path) as it:
        step, _ = await it.enrol("sato")
        began_us = (await it.record(await it.who(step))).times.used_us
        it.it.now_us = began_us + 29 * MINUTE_US
        used = await it.who(step)
        it.later(30 * MINUTE_US - 1)
        seen = await it.sessions.seen_by(used.renewed)
        it.later(1)
        over = await it.sessions.signed_in_by(used.renewed)

    assert used.ends_us == began_us + 59 * MINUTE_US
    assert seen is not None
    assert over is None


async def test_what_a_page_asks_by_itself_is_no_use(tmp_path: Path) -> None:
    """A screen with live calls that nobody looks at is left behind."""
    async with signing(tmp_path) as it:
        step, _ = await it.enrol("sato")
        ends_us = (await it.who(step)).ends_us
        it.later(20 * MINUTE_US)
        seen = await it.sessions.seen_by(step.secret)
        assert seen is not None
        used = await it.who(step)

    assert seen.ends_us == ends_us
    assert used.ends_us > ends_us


async def test_a_session_ends_after_twelve_hours_however_much_it_is_used(tmp_path: Path) -> None:
    """And what is left of it is told."""
    async with signing(tmp_path) as it:
        step, _ = await it.enrol("sato")
        times = (await it.record(await it.who(step))).times
        secret = step.secret
        for _ in range(40):
            it.later(18 * MINUTE_US - 1_000_000)
            last = await it.sessions.signed_in_by(secret)
            assert last is not None
            secret = last.renewed
        it.it.now_us = times.began_us + 12 * HOUR_US
        over = await it.sessions.signed_in_by(secret)

    assert last.ends_us == times.expires_us == times.began_us + 12 * HOUR_US
    assert over is None


async def test_the_secret_changes_every_quarter_of_an_hour_and_once_of_two_requests(
    tmp_path: Path,
) -> None:
    """The one before counts for a minute more, for what is under way."""
    async with signing(tmp_path) as it:
        step, _ = await it.enrol("sato")
        it.later(ROTATES_EVERY_US)
        seen = await it.sessions.seen_by(step.secret)
        first, second = [await it.who(step) for _ in range(2)]
        again = await it.sessions.signed_in_by(first.renewed)
        it.later(MINUTE_US)
        late = await it.sessions.signed_in_by(step.secret)
        still = await it.sessions.signed_in_by(first.renewed)

    assert seen is not None
    assert again is not None
    assert still is not None
    assert late is None
    assert first.renewed != step.secret
    assert (seen.renewed, second.renewed, again.renewed, still.renewed) == ("", "", "", "")
    assert {each.form_key for each in (first, second, again)} == {seen.form_key}


async def test_an_answer_that_is_lost_signs_nobody_out(tmp_path: Path) -> None:
    """A browser that never got the next secret comes with the one before, and gets another one."""
    async with signing(tmp_path) as it:
        step, _ = await it.enrol("sato")
        it.later(ROTATES_EVERY_US)
        lost = await it.who(step)
        it.later(5 * MINUTE_US)
        again = await it.who(step)
        went_on = await it.sessions.signed_in_by(again.renewed)
        late = await it.sessions.signed_in_by(lost.renewed)

    assert lost.renewed
    assert again.renewed not in ("", lost.renewed, step.secret)
    assert went_on is not None
    assert went_on.number == lost.number
    assert late is None


async def test_of_two_browsers_with_one_secret_one_alone_goes_on(tmp_path: Path) -> None:
    """A cookie that was copied: whoever takes the next secret first puts the other one out."""
    async with signing(tmp_path) as it:
        step, _ = await it.enrol("sato")
        it.later(ROTATES_EVERY_US)
        mine = await it.who(step)
        copied = await it.who(step)
        used = await it.sessions.signed_in_by(mine.renewed)
        it.later(MINUTE_US)
        out = await it.sessions.signed_in_by(step.secret)
        still = await it.sessions.signed_in_by(mine.renewed)

    assert copied.renewed == ""
    assert used is not None
    assert out is None
    assert still is not None


async def test_a_page_s_own_questions_show_that_the_next_secret_has_arrived(
    tmp_path: Path,
) -> None:
    """Else a copied one would count for as long as nobody touches the page; it is no use of it."""
    async with signing(tmp_path) as it:
        step, _ = await it.enrol("sato")
        it.later(ROTATES_EVERY_US)
        mine = await it.who(step)
        seen = await it.sessions.seen_by(mine.renewed)
        it.later(MINUTE_US)
        out = await it.sessions.seen_by(step.secret)

    assert seen is not None
    assert seen.ends_us == mine.ends_us
    assert out is None


async def test_a_purpose_is_kept_for_the_session(tmp_path: Path) -> None:
    """It is what the account acts for, until another one is stated."""
    async with signing(tmp_path) as it:
        step, _ = await it.enrol("sato", Role.REVIEWER)
        who = await it.who(step)
        await it.sessions.state_purpose(who, "case:D-1")
        stated = await it.who(step)
        await it.sessions.state_purpose(who, "")
        cleared = await it.who(step)

    assert (stated.purpose, cleared.purpose) == ("case:D-1", "")
    assert stated.account is not None
    assert cleared.account is not None
    assert (stated.account.purpose, cleared.account.purpose) == ("case:D-1", "")


@pytest.mark.parametrize("purpose", ["curiosity", "case:D-1"])
async def test_what_is_no_purpose_here_or_not_for_these_roles_is_refused(
    tmp_path: Path, purpose: str
) -> None:
    """A case is for roles that have cases."""
    async with signing(tmp_path) as it:
        step, _ = await it.enrol("sato", Role.AUDITOR)
        with pytest.raises(PurposeRefused):
            await it.sessions.state_purpose(await it.who(step), purpose)

        assert (await it.who(step)).purpose == ""


async def test_one_ends_one_s_own_sessions_and_nobody_else_s(tmp_path: Path) -> None:
    """Each in the list, also the present one; the journal has it."""
    async with signing(tmp_path) as it:
        first, app = await it.enrol("sato")
        second = await it.signed_in("sato", app)
        other, _ = await it.enrol("ono")
        who, ono = await it.who(second), await it.who(other)
        listed = await it.sessions.listed(who)
        with pytest.raises(UnknownSession):
            await it.sessions.end(ono, who.number)
        for each in listed:
            await it.sessions.end(who, each.row)
        over = [await it.sessions.seen_by(each.secret) for each in (first, second)]
        left = await it.sessions.seen_by(other.secret)
        told = it.it.journal("signed_out")

    assert [each.row for each in listed] == [who.number, listed[1].row]
    assert over == [None, None]
    assert left is not None
    assert [(each.actor, each.detail["session"]) for each in told] == [
        ("sato", each.row) for each in listed
    ]


async def test_an_account_is_known_by_a_full_session_alone(tmp_path: Path) -> None:
    """By anything else nobody is."""
    async with signing(tmp_path) as it:
        identity = Identity(it.it.catalog, lambda: it.it.now_us)
        step, _ = await it.enrol("sato", Role.REVIEWER)
        account = await by_session(identity, step.secret)
        it.it.person("ono")
        half = await it.sign_in.with_code(it.code("ono"), HOME)
        for secret in (half.secret, "", "x"):
            with pytest.raises(NotAuthenticated):
                await by_session(identity, secret)
        with pytest.raises(StageRefused):
            await it.sessions.state_purpose(await it.who(half), "")

    assert (account.name, account.kind) == ("sato", "person")


def lose(it: Signing, what: str) -> None:
    """Take something away from sato."""
    with writing(it.it.engine) as connection:
        match what:
            case "the account":
                disable_user(connection, author(), "sato")
            case "what it signs in by":
                user = user_named(connection, DEFAULT_TENANT, "sato")
                reset_credentials(connection, author(at_us=it.it.now_us), user)
            case "a role":
                user = user_named(connection, DEFAULT_TENANT, "sato")
                take_role(connection, author(), user, gifts_of(connection, user.row)[0].row)


@pytest.mark.parametrize(
    "lost",
    ["the account", "what it signs in by", "a role", "time", "the session", "another password"],
)
async def test_what_runs_on_ends_with_the_session(tmp_path: Path, lost: str) -> None:
    """Sound and news ask every two seconds whether who gets them still stands."""
    async with signing(tmp_path) as it:
        step, app = await it.enrol("sato", Role.REVIEWER)
        who = await it.who(step)
        assert who.account is not None
        door: Door = it.it.door
        actor = Actor(account=who.account)
        before = await door.stands(actor)
        lose(it, lost)
        match lost:
            case "time":
                it.later(30 * MINUTE_US)
            case "the session":
                await it.sessions.end(who, who.number)
            case "another password":
                other = await it.who(await it.signed_in("sato", app))
                await it.enrolment.set_password(other, NEW, HOME)
        after = await door.stands(actor)

    assert (before, after) == (True, False)


async def test_all_other_sessions_of_a_person_are_ended_at_once(tmp_path: Path) -> None:
    """This one goes on, and nobody else's is touched; the journal has each."""
    async with signing(tmp_path) as it:
        step, app = await it.enrol("sato")
        others = [await it.signed_in("sato", app) for _ in range(2)]
        foreign, _ = await it.enrol("ono")
        await it.sessions.end_others(await it.who(step))
        left = [await it.sessions.seen_by(each.secret) for each in (step, *others, foreign)]
        ended = it.it.journal("signed_out")

    assert [each is not None for each in left] == [True, False, False, True]
    assert len(ended) == len(others)
