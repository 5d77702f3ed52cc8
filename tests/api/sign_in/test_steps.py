"""The steps of signing in: each rule of docs/signing-in.md."""

import asyncio
from pathlib import Path

import pytest

from api.permissions.errors import (
    CodeRefused,
    OneTimeRefused,
    SignInRefused,
    StageRefused,
    TooManyRequests,
)
from api.permissions.roles import Role
from api.permissions.verbs import Verb
from api.sign_in.attempts import AttemptOrigin
from api.sign_in.enrolment import NewPassword
from api.sign_in.first_administrator import make_first_code, make_welcome_code
from api.sign_in.password_hashes import Hashing
from api.sign_in.steps import WRONG_ONE_TIMES, CodeSeen
from archive.catalog.accounts.persons import NameRefused, disable_user
from archive.catalog.accounts.sign_in_codes import CODE_LIFETIME_US
from archive.catalog.database.engine import writing
from tests.api.failed import failed
from tests.api.register import ROOT
from tests.api.signing import HOME, PASSWORD, STEP_US, WRONG, Signing, signing
from tests.archive.catalog.examples import author


def kept_in(folder: Path) -> bytes:
    """All that lies there."""
    return b"".join(file.read_bytes() for file in folder.iterdir())


def written(folder: Path) -> int:
    """How many bytes the log of the catalog has."""
    return sum(log.stat().st_size for log in folder.glob("*-wal"))


def disable(it: Signing, name: str) -> None:
    """End a person."""
    with writing(it.it.engine) as connection:
        disable_user(connection, author(), name)


async def test_who_has_both_signs_in_by_password_and_one_time_password(tmp_path: Path) -> None:
    """And has the roles that it was given, as itself; the journal says by what."""
    async with signing(tmp_path) as it:
        _, app = await it.enrol("sato", Role.REVIEWER)
        first = await it.sign_in.with_password(" Sato ", PASSWORD, HOME)
        half = await it.who(first)
        step = await it.sign_in.with_one_time(half, it.typed(app), HOME)
        who = await it.who(step)
        over = await it.sessions.signed_in_by(first.secret)
        told = it.it.journal("signed_in")[-1]

    assert (first.stage, half.account, step.stage, over) == ("second", None, "full", None)
    assert who.account is not None
    assert (who.account.name, who.account.kind) == ("sato", "person")
    assert Verb.LISTEN in who.account.authority.verbs
    assert (told.actor, told.target) == ("sato", "sato")
    assert told.detail == {"session": who.number, "with": "password and app"}


async def test_name_and_password_are_wrong_in_the_same_words_and_at_the_same_cost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted, not timed: of nobody, of who has no password, of who is disabled, of who has one."""
    worked = []
    async with signing(tmp_path) as it:
        for name in ("sato", "gone"):
            await it.enrol(name)
        it.it.person("bare")
        disable(it, "gone")
        hashing = type(it.ground.hashing)
        work = hashing._worked_out

        async def counted(self: object, what: object) -> object:
            worked.append(what)
            return await work(self, what)  # type: ignore[arg-type]

        monkeypatch.setattr(hashing, "_worked_out", counted)
        said = []
        for name, password in (
            ("nobody", WRONG), ("bare", WRONG), ("gone", PASSWORD), ("sato", WRONG),
            ("", ""), ("no such name!", "x" * 10_000),
        ):  # fmt: skip
            with pytest.raises(SignInRefused) as refused:
                await it.sign_in.with_password(
                    name, password, AttemptOrigin(address=f"10.0.0.{len(said)}")
                )
            said.append((str(refused.value), len(worked)))
        assert failed(it.ground.alarms) == {"password": len(said)}

    assert said == [("name or password is wrong", count) for count in range(1, 7)]


@pytest.mark.parametrize("name", ["sato", "nobody"])
async def test_what_failed_waits_for_the_disk_whether_the_name_is_there_or_not(
    tmp_path: Path, name: str
) -> None:
    """Otherwise a clock would tell which names there are: one commit takes milliseconds."""
    async with signing(tmp_path) as it:
        await it.enrol("sato", Role.REVIEWER)
        before = written(tmp_path)
        with pytest.raises(SignInRefused):
            await it.sign_in.with_password(name, WRONG, HOME)

        assert written(tmp_path) > before


async def test_a_one_time_password_counts_once(tmp_path: Path) -> None:
    """Who has looked over the shoulder has nothing of it; a step early or late does count."""
    async with signing(tmp_path) as it:
        _, app = await it.enrol("sato")
        it.later(5 * STEP_US)
        stages = []
        for steps in (-1, -1, 1, 0, 2):
            step = await it.sign_in.with_password("sato", PASSWORD, HOME)
            try:
                who = await it.who(step)
                step = await it.sign_in.with_one_time(who, it.typed(app, steps), HOME)
                stages.append(step.stage)
            except OneTimeRefused:
                stages.append("second")
        assert failed(it.ground.alarms) == {"one_time": 3}

    assert stages == ["full", "second", "full", "second", "second"]


async def test_five_wrong_one_time_passwords_end_the_session(tmp_path: Path) -> None:
    """Then the password is asked for again, and none of it is a way past the limits."""
    async with signing(tmp_path) as it:
        full, app = await it.enrol("sato")
        known = AttemptOrigin(address="192.0.2.9", browser=full.browser)
        step = await it.sign_in.with_password("sato", PASSWORD, known)
        who = await it.who(step)
        for _ in range(WRONG_ONE_TIMES):
            assert await it.sessions.seen_by(step.secret) is not None
            with pytest.raises(OneTimeRefused):
                await it.sign_in.with_one_time(who, "000000", known)
        for typed in (it.typed(app), "000000"):
            with pytest.raises(StageRefused):
                await it.sign_in.with_one_time(who, typed, known)
        over = await it.sessions.seen_by(step.secret)
        for _ in range(10 - WRONG_ONE_TIMES - 2):
            again = await it.who(await it.sign_in.with_password("sato", PASSWORD, known))
            with pytest.raises(OneTimeRefused):
                await it.sign_in.with_one_time(again, "000000", known)
        with pytest.raises(TooManyRequests):
            await it.sign_in.with_password("sato", PASSWORD, known)

    assert over is None


async def test_a_session_that_is_not_full_has_no_account_and_takes_no_other_step(
    tmp_path: Path,
) -> None:
    """Half a sign-in opens nothing."""
    async with signing(tmp_path) as it:
        _, app = await it.enrol("sato")
        it.it.person("ono")
        enrolling = await it.who(await it.sign_in.with_code(it.code("ono"), HOME))
        second = await it.who(await it.sign_in.with_password("sato", PASSWORD, HOME))
        with pytest.raises(StageRefused):
            await it.sign_in.with_one_time(enrolling, it.typed(app), HOME)
        with pytest.raises(StageRefused):
            await it.enrolment.set_password(second, NewPassword(wanted=PASSWORD), HOME)
        with pytest.raises(StageRefused):
            await it.enrolment.begin_app(second, HOME)
        for who in (enrolling, second):
            with pytest.raises(StageRefused):
                await it.sessions.listed(who)

    assert (enrolling.account, second.account) == (None, None)


async def test_a_step_is_taken_once(tmp_path: Path) -> None:
    """Two forms that are sent at the same moment make one session."""
    async with signing(tmp_path) as it:
        _, app = await it.enrol("sato")
        it.it.person("ono")
        code = it.code("ono")
        used = await asyncio.gather(
            *(it.sign_in.with_code(code, HOME) for _ in range(2)), return_exceptions=True
        )
        second = await it.who(await it.sign_in.with_password("sato", PASSWORD, HOME))
        typed = [it.typed(app), it.typed(app, 1)]
        full = await asyncio.gather(
            *(it.sign_in.with_one_time(second, each, HOME) for each in typed),
            return_exceptions=True,
        )

    assert sorted(type(each).__name__ for each in used) == ["CodeRefused", "SignInStep"]
    assert sorted(type(each).__name__ for each in full) == ["SignInStep", "StageRefused"]


async def test_a_code_is_looked_at_without_being_used_and_is_used_once(tmp_path: Path) -> None:
    """Who previews an address in a chat uses nothing up."""
    async with signing(tmp_path) as it:
        it.it.person("sato")
        code, old = it.code("sato"), it.code("sato")
        seen = [await it.sign_in.look_at(old) for _ in range(3)]
        step = await it.sign_in.with_code(old, HOME)
        late = it.code("sato")
        it.later(CODE_LIFETIME_US)
        for other in (code, old, late, "", "x"):
            with pytest.raises(CodeRefused):
                await it.sign_in.look_at(other)
            with pytest.raises(CodeRefused):
                await it.sign_in.with_code(other, HOME)

    assert seen == [CodeSeen(name="sato", stage="enrol")] * 3
    assert step.stage == "enrol"


async def test_a_code_of_who_is_disabled_is_worth_nothing(tmp_path: Path) -> None:
    """Whatever was handed over before."""
    async with signing(tmp_path) as it:
        it.it.person("sato")
        code = it.code("sato")
        disable(it, "sato")
        with pytest.raises(CodeRefused):
            await it.sign_in.with_code(code, HOME)


async def test_the_first_administrator_comes_in_by_a_code_and_chooses_a_name(
    tmp_path: Path,
) -> None:
    """While nobody manages people; a name that cannot be does not use the code up."""
    async with signing(tmp_path) as it:
        with writing(it.it.engine) as connection:
            code = make_first_code(connection, author())
        seen = await it.sign_in.look_at(code)
        with pytest.raises(NameRefused):
            await it.sign_in.with_code(code, HOME, "No Name")
        step, _ = await it.set_both(await it.sign_in.with_code(code, HOME, "admin"))
        who = await it.who(step)
        with writing(it.it.engine) as connection:
            again = make_first_code(connection, author())
        told = it.it.journal("user_added", "role_given")

    assert seen == CodeSeen(name="", stage="enrol")
    assert who.account is not None
    assert Verb.PEOPLE_MANAGE in who.account.authority.verbs
    assert again == ""
    assert [(each.actor, each.target) for each in told] == [("rokuon", "admin")] * 2


async def test_a_code_for_the_first_administrator_makes_no_second_one(tmp_path: Path) -> None:
    """Root may have made one in the meantime."""
    async with signing(tmp_path) as it:
        with writing(it.it.engine) as connection:
            code = make_first_code(connection, author())
        it.it.person("admin", Role.ADMINISTRATOR)
        with pytest.raises(CodeRefused):
            await it.sign_in.with_code(code, HOME, "intruder")
        with writing(it.it.engine) as connection:
            theirs = make_first_code(connection, author())
        seen = await it.sign_in.look_at(theirs)

    assert seen == CodeSeen(name="admin", stage="enrol")


async def test_where_one_person_is_enough_a_welcome_code_is_all_it_takes(tmp_path: Path) -> None:
    """Once, and only as long as it is one person's; else it is worth nothing."""
    async with signing(tmp_path) as it:
        it.it.person("sato", *Role)
        it.it.person("ono", *Role)
        with writing(it.it.engine) as connection:
            assert make_welcome_code(connection, author()) == ""
        it.one_person()
        with writing(it.it.engine) as connection:
            code = make_welcome_code(connection, author())
        step = await it.sign_in.with_code(code, HOME)
        with pytest.raises(CodeRefused):
            await it.sign_in.with_code(code, HOME)
        with writing(it.it.engine) as connection:
            later = make_welcome_code(connection, author())
        it.two_persons()
        with pytest.raises(CodeRefused):
            await it.sign_in.with_code(later, HOME)
        who = await it.who(step)
        told = it.it.journal("signed_in")[-1]

    assert (step.stage, who.name, who.account is not None) == ("full", "sato", True)
    assert told.detail["with"] == "code"


async def test_what_failed_is_in_the_journal_once_a_minute_with_how_many(tmp_path: Path) -> None:
    """Of a name that exists alone; what is left over is written when the person has signed in."""
    async with signing(tmp_path) as it:
        _, app = await it.enrol("sato")

        async def fail(times: int, name: str = "sato") -> None:
            for count in range(times):
                client = AttemptOrigin(address=f"10.0.{len(name)}.{count}")
                with pytest.raises(SignInRefused):
                    await it.sign_in.with_password(name, WRONG, client)

        await fail(1, "nobody")
        await fail(4)
        it.later(60_000_000)
        await fail(3)
        await it.signed_in("sato", app)
        told = it.it.journal("sign_in_failed")

    assert [(each.actor, each.target, each.detail) for each in told] == [
        ("rokuon", "sato", {"count": 1}),
        ("rokuon", "sato", {"count": 4}),
        ("rokuon", "sato", {"count": 2}),
    ]


async def test_nothing_that_was_typed_is_in_the_journal_or_in_the_catalog(tmp_path: Path) -> None:
    """Nor in what a traceback shows."""
    async with signing(tmp_path) as it:
        step, app = await it.enrol("sato")
        kept = await asyncio.to_thread(kept_in, tmp_path)
        shown = repr(step) + repr(await it.who(step)) + repr(it.ground.terms)

    assert app.secret.encode() not in kept
    assert PASSWORD.encode() not in kept
    assert step.secret.encode() not in kept
    assert step.secret not in shown
    assert repr(it.ground.terms.key.raw) not in shown


async def test_a_password_that_is_taken_away_while_it_is_worked_out_signs_nobody_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reset at that moment must not be outlived by a session of the old password."""
    async with signing(tmp_path) as it:
        await it.enrol("sato")
        hashing = type(it.ground.hashing)
        check = hashing.is_right

        async def checked(self: Hashing, password: str, kept: bytes | None) -> bool:
            is_right = await check(self, password, kept)
            await it.codes.reset(ROOT, "sato")
            return is_right

        monkeypatch.setattr(hashing, "is_right", checked)
        with pytest.raises(SignInRefused):
            await it.sign_in.with_password("sato", PASSWORD, HOME)


async def test_a_session_of_who_is_disabled_is_over_at_every_step(tmp_path: Path) -> None:
    """The full one, and the ones on the way there."""
    async with signing(tmp_path) as it:
        full, _ = await it.enrol("sato")
        second = await it.sign_in.with_password("sato", PASSWORD, HOME)
        it.it.person("ono")
        enrolling = await it.sign_in.with_code(it.code("ono"), HOME)
        for name in ("sato", "ono"):
            disable(it, name)
        found = [await it.sessions.seen_by(each.secret) for each in (full, second, enrolling)]

    assert found == [None, None, None]


@pytest.mark.parametrize("by", ["password", "code"])
async def test_signing_in_again_in_a_browser_ends_the_session_that_it_held(
    tmp_path: Path, by: str
) -> None:
    """Nobody could end it any more but by the list; also where somebody else signs in there."""
    async with signing(tmp_path) as it:
        held, _ = await it.enrol("sato")
        elsewhere, _ = await it.enrol("ono")
        it.it.person("kato")
        number = (await it.who(held)).number
        if by == "password":
            await it.sign_in.with_password("sato", PASSWORD, HOME, held.secret)
        else:
            await it.sign_in.with_code(it.code("kato"), HOME, before=held.secret)
        gone = await it.sessions.seen_by(held.secret)
        stays = await it.sessions.seen_by(elsewhere.secret)
        told = it.it.journal("signed_out")

    assert gone is None
    assert stays is not None
    assert [(each.target, each.detail) for each in told] == [("sato", {"session": number})]


async def test_a_step_that_fails_ends_nothing(tmp_path: Path) -> None:
    """Who mistypes goes on where it was."""
    async with signing(tmp_path) as it:
        held, _ = await it.enrol("sato")
        with pytest.raises(SignInRefused):
            await it.sign_in.with_password("sato", WRONG, HOME, held.secret)
        with pytest.raises(CodeRefused):
            await it.sign_in.with_code("guessed", HOME, before=held.secret)
        stays = await it.sessions.seen_by(held.secret)

    assert stays is not None


async def test_what_one_signs_in_by_is_shown_once_more_in_the_same_session(tmp_path: Path) -> None:
    """Both of it, each right; a code, and half an hour at the second step, show nothing."""
    async with signing(tmp_path) as it:
        _, app = await it.enrol("sato")
        half = await it.sign_in.with_password("sato", PASSWORD, HOME)
        it.later(6 * 60_000_000)
        step = await it.sign_in.with_one_time(await it.who(half), it.typed(app), HOME)
        late = (await it.who(step)).is_shown
        it.later(STEP_US)
        who = await it.who(step)
        with pytest.raises(SignInRefused):
            await it.sign_in.show_again(who, WRONG, it.typed(app), HOME)
        for one_time in ("", "000000", it.typed(app, -9)):
            with pytest.raises(OneTimeRefused):
                await it.sign_in.show_again(who, PASSWORD, one_time, HOME)
        still = (await it.who(step)).is_shown
        typed = it.typed(app)
        await it.sign_in.show_again(who, PASSWORD, typed, HOME)
        shown = (await it.who(step)).is_shown
        with pytest.raises(OneTimeRefused):
            await it.sign_in.show_again(who, PASSWORD, typed, HOME)
        it.later(5 * 60_000_000)
        over = (await it.who(step)).is_shown
        failed_entries = it.it.journal("sign_in_failed")

    assert (late, still, shown, over) == (False, False, True, False)
    assert failed_entries


async def test_who_has_just_signed_in_has_shown_it(tmp_path: Path) -> None:
    """By a password and an app, or by setting both; by a code alone nothing."""
    async with signing(tmp_path) as it:
        enrolled, app = await it.enrol("sato")
        first = await it.who(enrolled)
        signed_in = await it.who(await it.signed_in("sato", app))
        it.it.person("mori")
        code = await it.who(await it.sign_in.with_code(it.code("mori"), HOME))

    assert (first.is_shown, signed_in.is_shown, code.is_shown) == (True, True, False)


async def test_who_guesses_at_a_page_that_was_left_open_is_counted_as_at_the_door(
    tmp_path: Path,
) -> None:
    """The same brake."""
    async with signing(tmp_path) as it:
        step, app = await it.enrol("sato")
        who = await it.who(step)
        refused: list[type[Exception]] = []
        while not refused or refused[-1] is SignInRefused:
            try:
                await it.sign_in.show_again(who, WRONG, it.typed(app), HOME)
            except (SignInRefused, TooManyRequests) as refusal:
                refused.append(type(refusal))

    assert refused[-1] is TooManyRequests
    assert 5 < len(refused) < 20
