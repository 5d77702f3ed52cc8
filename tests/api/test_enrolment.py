"""What a person sets of its own."""

from pathlib import Path

import pyotp
import pytest

from api.attempts import Client
from api.enrolment import NewPassword
from api.errors import OneTimeRefused, PasswordRefused, SignInRefused, StageRefused
from tests.api.signing import HOME, PASSWORD, STEP_US, WRONG, signing

OTHER = "another horse battery"


async def test_a_code_leads_to_a_password_and_an_app_and_then_one_is_signed_in(
    tmp_path: Path,
) -> None:
    """Each of them under a secret of its own; in the journal is what was set."""
    async with signing(tmp_path) as it:
        it.it.person("sato")
        first = await it.sign_in.with_code(it.code("sato"), HOME)
        wish = NewPassword(wanted=PASSWORD)
        second = await it.enrolment.set_password(await it.who(first), wish, HOME)
        before = await it.enrolment.state(await it.who(second))
        offer = await it.enrolment.begin_app(await it.who(second), HOME)
        with pytest.raises(OneTimeRefused):
            await it.enrolment.confirm_app(await it.who(second), "000000", HOME)
        app = pyotp.parse_uri(offer.address)
        assert isinstance(app, pyotp.TOTP)
        who = await it.who(second)
        third = await it.enrolment.confirm_app(who, it.typed(app), HOME)
        told = it.it.journal("credential_set", "signed_in")
        gone = [await it.sessions.seen_by(each.secret) for each in (first, second)]

    assert (first.stage, second.stage, third.stage) == ("enrol", "enrol", "full")
    assert (before.has_password, before.has_app, before.may_leave_app_out) == (True, False, False)
    assert (app.secret, app.name, app.issuer) == (offer.secret, "sato", "Rokuon")
    assert [(each.actor, each.action) for each in told] == [
        ("sato", "credential_set"), ("sato", "credential_set"), ("sato", "signed_in"),
    ]  # fmt: skip
    assert [each.detail.get("kind") for each in told] == ["password", "app", None]
    assert gone == [None, None]


async def test_the_step_by_which_an_app_was_shown_is_used_up(tmp_path: Path) -> None:
    """It counts once, there too."""
    async with signing(tmp_path) as it:
        _, app = await it.enrol("sato")
        it.later(-STEP_US)
        step = await it.sign_in.with_password("sato", PASSWORD, HOME)
        with pytest.raises(OneTimeRefused):
            await it.sign_in.with_one_time(await it.who(step), it.typed(app), HOME)


async def test_an_app_is_left_out_where_the_installation_is_one_person_s_alone(
    tmp_path: Path,
) -> None:
    """And asked for as soon as it is not."""
    async with signing(tmp_path) as it:
        it.it.person("sato")
        step = await it.sign_in.with_code(it.code("sato"), HOME)
        with pytest.raises(StageRefused):
            await it.enrolment.leave_app_out(await it.who(step), HOME)
        wish = NewPassword(wanted=PASSWORD)
        step = await it.enrolment.set_password(await it.who(step), wish, HOME)
        with pytest.raises(StageRefused):
            await it.enrolment.leave_app_out(await it.who(step), HOME)
        it.one_person()
        full = await it.enrolment.leave_app_out(await it.who(step), HOME)
        alone = await it.sign_in.with_password("sato", PASSWORD, HOME)
        it.two_persons()
        two = await it.sign_in.with_password("sato", PASSWORD, HOME)

    assert (full.stage, alone.stage, two.stage) == ("full", "full", "enrol")


async def test_a_new_password_ends_all_other_sessions_and_changes_the_secret_of_this_one(
    tmp_path: Path,
) -> None:
    """Whoever else was signed in as this person is out; this one ends when it would have."""
    async with signing(tmp_path) as it:
        other, app = await it.enrol("sato")
        step = await it.signed_in("sato", app)
        who = await it.who(step)
        before = await it.record(who)
        wish = NewPassword(wanted=OTHER, present=PASSWORD)
        after = await it.enrolment.set_password(who, wish, HOME)
        kept = await it.record(await it.who(after))
        gone = [await it.sessions.seen_by(each.secret) for each in (other, step)]
        with pytest.raises(SignInRefused):
            await it.sign_in.with_password("sato", PASSWORD, HOME)
        again = await it.sign_in.with_password("sato", OTHER, HOME)

    assert gone == [None, None]
    assert kept.times.expires_us == before.times.expires_us
    assert (after.stage, again.stage) == ("full", "second")


async def test_who_is_signed_in_shows_the_present_password_before_it_changes_anything(
    tmp_path: Path,
) -> None:
    """A browser that was left open is no way to keep somebody out."""
    async with signing(tmp_path) as it:
        step, app = await it.enrol("sato")
        who = await it.who(step)
        for present in ("", WRONG):
            wish = NewPassword(wanted=OTHER, present=present)
            with pytest.raises(SignInRefused):
                await it.enrolment.set_password(who, wish, HOME)
            with pytest.raises(SignInRefused):
                await it.enrolment.begin_app(who, HOME, present)
        elsewhere = Client(address="192.0.2.7")
        offer = await it.enrolment.begin_app(who, elsewhere, PASSWORD)
        before = await it.signed_in("sato", app, elsewhere)
        new = pyotp.TOTP(offer.secret)
        await it.enrolment.confirm_app(who, it.typed(new), elsewhere)
        it.later(STEP_US)
        with pytest.raises(OneTimeRefused):
            await it.signed_in("sato", app, elsewhere)
        after = await it.signed_in("sato", new, elsewhere)

    assert (before.stage, after.stage) == ("full", "full")


async def test_a_password_that_is_refused_changes_nothing(tmp_path: Path) -> None:
    """The rules are those of `passwords`."""
    async with signing(tmp_path) as it:
        it.it.person("sato")
        who = await it.who(await it.sign_in.with_code(it.code("sato"), HOME))
        with pytest.raises(PasswordRefused):
            await it.enrolment.set_password(who, NewPassword(wanted="short"), HOME)
        state = await it.enrolment.state(who)

    assert not state.has_password
