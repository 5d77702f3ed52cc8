"""What a person sets of its own."""

from pathlib import Path

import pyotp
import pytest

from api.permissions.errors import (
    CodeRefused,
    OneTimeRefused,
    PasswordRefused,
    SignInRefused,
    StageRefused,
)
from api.sign_in.attempts import AttemptOrigin
from api.sign_in.enrolment import NewPassword
from archive.catalog.accounts.credentials import CredentialKind, set_credential
from archive.catalog.accounts.persons import user_named
from archive.catalog.database.engine import writing
from archive.ids import DEFAULT_TENANT
from tests.api.failed import failed
from tests.api.signing import HOME, PASSWORD, STEP_US, WRONG, Signing, signing
from tests.archive.catalog.examples import author

OTHER = "another horse battery"


def set_meanwhile(it: Signing, kind: CredentialKind) -> None:
    """What was set at a place that leaves codes and sessions as they are."""
    with writing(it.it.engine) as connection:
        user = user_named(connection, DEFAULT_TENANT, "sato")
        set_credential(connection, author(at_us=it.it.now_us), user, kind, b"kept")


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
        elsewhere = AttemptOrigin(address="192.0.2.7")
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


@pytest.mark.parametrize("kind", ["password", "app"])
async def test_a_code_from_before_is_worth_nothing_once_something_is_set(
    tmp_path: Path, kind: CredentialKind
) -> None:
    """Else who finds it takes the person's place without knowing anything."""
    async with signing(tmp_path) as it:
        it.it.person("sato")
        step = await it.sign_in.with_code(it.code("sato"), HOME)
        left = it.code("sato")
        if kind == "password":
            wish = NewPassword(wanted=PASSWORD)
            await it.enrolment.set_password(await it.who(step), wish, HOME)
        else:
            offer = await it.enrolment.begin_app(await it.who(step), HOME)
            app = pyotp.TOTP(offer.secret)
            await it.enrolment.confirm_app(await it.who(step), it.typed(app), HOME)
        with pytest.raises(CodeRefused):
            await it.sign_in.look_at(left)
        with pytest.raises(CodeRefused):
            await it.sign_in.with_code(left, HOME)


async def test_a_code_that_was_made_beside_a_credential_is_refused_too(tmp_path: Path) -> None:
    """Whatever made it: what counts is what there is when it is used."""
    async with signing(tmp_path) as it:
        await it.enrol("sato")
        code = it.code("sato")
        with pytest.raises(CodeRefused):
            await it.sign_in.with_code(code, HOME)
        assert failed(it.ground.alarms) == {"code": 1}


async def test_who_enrols_replaces_no_app_that_is_in_force(tmp_path: Path) -> None:
    """Who wants another one is signed in and shows the password."""
    async with signing(tmp_path) as it:
        it.it.person("sato")
        it.one_person()
        step = await it.sign_in.with_code(it.code("sato"), HOME)
        wish = NewPassword(wanted=PASSWORD)
        who = await it.who(await it.enrolment.set_password(await it.who(step), wish, HOME))
        offer = await it.enrolment.begin_app(who, HOME)
        typed = it.typed(pyotp.TOTP(offer.secret))
        set_meanwhile(it, "app")
        with pytest.raises(StageRefused):
            await it.enrolment.confirm_app(who, typed, HOME)
        with pytest.raises(StageRefused):
            await it.enrolment.begin_app(who, HOME)
        with pytest.raises(StageRefused):
            await it.enrolment.leave_app_out(who, HOME)


async def test_who_enrols_replaces_no_password_that_is_in_force(tmp_path: Path) -> None:
    """Not even who knows it: signing in by it is the way."""
    async with signing(tmp_path) as it:
        it.it.person("sato")
        who = await it.who(await it.sign_in.with_code(it.code("sato"), HOME))
        set_meanwhile(it, "password")
        for present in ("", PASSWORD):
            wish = NewPassword(wanted=OTHER, present=present)
            with pytest.raises(StageRefused):
                await it.enrolment.set_password(who, wish, HOME)


async def test_an_app_that_was_begun_belongs_to_its_session(tmp_path: Path) -> None:
    """Another one is not shown the secret, and puts nothing in force by it."""
    async with signing(tmp_path) as it:
        it.it.person("sato")
        step = await it.sign_in.with_code(it.code("sato"), HOME)
        wish = NewPassword(wanted=PASSWORD)
        await it.enrolment.set_password(await it.who(step), wish, HOME)
        steps = [await it.sign_in.with_password("sato", PASSWORD, HOME) for _ in range(2)]
        one, two = [await it.who(each) for each in steps]
        offer = await it.enrolment.begin_app(one, HOME)
        shown = await it.enrolment.offered_app(two)
        again = await it.enrolment.offered_app(one)
        with pytest.raises(OneTimeRefused):
            await it.enrolment.confirm_app(two, it.typed(pyotp.TOTP(offer.secret)), HOME)
        full = await it.enrolment.confirm_app(one, it.typed(pyotp.TOTP(offer.secret)), HOME)
        it.later(STEP_US)
        later = await it.signed_in("sato", pyotp.TOTP(offer.secret))

    assert [step.stage for step in steps] == ["enrol", "enrol"]
    assert (shown, again) == (None, offer)
    assert (full.stage, later.stage) == ("full", "full")


async def test_a_new_app_ends_all_other_sessions_of_the_person(tmp_path: Path) -> None:
    """As a new password does: whoever came in by what was before is out."""
    async with signing(tmp_path) as it:
        other, app = await it.enrol("sato")
        step = await it.signed_in("sato", app)
        who = await it.who(step)
        offer = await it.enrolment.begin_app(who, HOME, PASSWORD)
        after = await it.enrolment.confirm_app(who, it.typed(pyotp.TOTP(offer.secret)), HOME)
        gone = [await it.sessions.seen_by(each.secret) for each in (other, step)]
        kept = await it.sessions.seen_by(after.secret)

    assert gone == [None, None]
    assert kept is not None
