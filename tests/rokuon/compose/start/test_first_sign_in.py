"""The address by which the first person signs in."""

import asyncio
import stat
import sys
from collections.abc import Iterator

import pytest

from api.permissions.errors import CodeRefused
from api.permissions.roles import Role
from api.services import Application
from api.sign_in.attempts import AttemptOrigin
from api.sign_in.enrolment import NewPassword
from archive.access.reach import WHOLE
from archive.catalog.accounts.credentials import set_credential
from archive.catalog.accounts.given_roles import give_role
from archive.catalog.accounts.persons import add_user, disable_user, user_named, users
from archive.catalog.accounts.sign_in_codes import make_code
from archive.catalog.accounts.single_person import end_one_person
from archive.catalog.database.engine import reading, writing
from archive.catalog.journal.authors import Author
from archive.ids import DEFAULT_TENANT
from rokuon.compose.api.application import services
from rokuon.compose.api.row_seals import sealed_catalog
from rokuon.compose.api.users import make_first_person
from rokuon.compose.archive.catalog import local_access, open_catalog
from rokuon.compose.start.first_sign_in import CODE_FILE, first_address, origin_of
from rokuon.config.schema import HttpSettings
from rokuon.messages.choices import FirstStart
from tests.rokuon.installation import Installation, installation

HERE = AttemptOrigin(address="127.0.0.1")
PASSWORD = "correct horse battery"  # noqa: S105  # of nobody


@pytest.fixture
def fresh() -> Iterator[Installation]:
    """One that nobody has started yet."""
    with installation() as site:
        yield site


def said(site: Installation, first: FirstStart = FirstStart.NOTHING) -> str:
    """What is printed."""
    return first_address(site.config, first)


def code_in(text: str) -> str:
    """The code of an address."""
    return text.rpartition("?code=")[2].strip()


def sign_in(site: Installation, code: str, name: str = "") -> str:
    """Use a code, set a password where that is asked; the stage that comes of it."""

    async def done() -> str:
        async with services(site.config) as needed:
            it = Application.of(needed)
            step = await it.steps.with_code(code, HERE, name)
            if step.stage == "enrol":
                who = await it.sessions.seen_by(step.secret)
                assert who is not None
                wish = NewPassword(wanted=PASSWORD)
                step = await it.enrolment.set_password(who, wish, HERE)
            return step.stage

    return asyncio.run(done())


def test_the_first_administrator_s_address_is_shown_until_somebody_has_come_in_by_it(
    fresh: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a terminal, another one at each start; the one before is worth nothing then."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    first, second = said(fresh), said(fresh)
    stage = sign_in(fresh, code_in(second), "admin")
    after = said(fresh)
    with reading(open_catalog(fresh.config)) as connection:
        names = [each.name for each in users(connection, DEFAULT_TENANT)]

    assert "http://127.0.0.1:8080/welcome?code=" in first
    assert code_in(first) != code_in(second)
    assert (stage, names, after) == ("enrol", ["admin"], "")


def test_where_nobody_sits_it_lies_in_a_closed_file_while_it_is_wanted(
    fresh: Installation,
) -> None:
    """What catches the output may be a log that others read."""
    told = said(fresh)
    file = fresh.config.node.data / CODE_FILE
    address = file.read_text()
    mode = stat.S_IMODE(file.stat().st_mode)
    sign_in(fresh, code_in(address), "admin")
    said(fresh)

    assert str(file) in told
    assert code_in(address) not in told
    assert mode == 0o600
    assert not file.exists()


def test_a_start_while_the_first_administrator_enrols_leaves_no_way_in(
    fresh: Installation,
) -> None:
    """It has made a code for that person, which is worth nothing once there is a password."""
    file = fresh.config.node.data / CODE_FILE

    async def enrolled() -> None:
        async with services(fresh.config) as needed:
            it = Application.of(needed)
            step = await it.steps.with_code(code_in(file.read_text()), HERE, "admin")
            first_address(fresh.config, FirstStart.NOTHING)
            who = await it.sessions.seen_by(step.secret)
            assert who is not None
            await it.enrolment.set_password(who, NewPassword(wanted=PASSWORD), HERE)

    said(fresh)
    asyncio.run(enrolled())
    with pytest.raises(CodeRefused):
        sign_in(fresh, code_in(file.read_text()))


def test_a_start_that_wants_no_code_ends_those_of_the_starts_before(
    fresh: Installation,
) -> None:
    """Also of another person than who can sign in by now; what root has made for it stays."""
    file = fresh.config.node.data / CODE_FILE
    author = Author(access=local_access())
    with sealed_catalog(fresh.config) as engine, writing(engine) as connection:
        for name in ("abe", "ono", "sato"):
            add_user(connection, author, name)
        abe, ono, sato = (user_named(connection, DEFAULT_TENANT, n) for n in ("abe", "ono", "sato"))
        give_role(connection, author, abe, Role.ADMINISTRATOR, WHOLE)
        give_role(connection, author, sato, Role.ADMINISTRATOR, WHOLE)
        by_root = make_code(connection, author, ono)
    said(fresh)
    abes = code_in(file.read_text())
    with sealed_catalog(fresh.config) as engine, writing(engine) as connection:
        set_credential(connection, author, sato, "password", b"kept")
    after = said(fresh)

    with pytest.raises(CodeRefused):
        sign_in(fresh, abes)
    assert after == ""
    assert sign_in(fresh, by_root) == "enrol"


def test_with_welcome_the_first_user_is_signed_in_by_the_address_alone_at_every_start(
    fresh: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who can start it can read the folder: nothing is gained by a password here."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    make_first_person(fresh.config)
    stages = [sign_in(fresh, code_in(said(fresh, FirstStart.WELCOME))) for _ in range(2)]

    assert stages == ["full", "full"]


@pytest.mark.parametrize("lost", ["it takes two again", "the user is disabled", "only served"])
def test_else_an_address_alone_signs_nobody_in(
    fresh: Installation,
    monkeypatch: pytest.MonkeyPatch,
    lost: str,
) -> None:
    """Then the address is the first administrator's: a password has to be set."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    name, author = make_first_person(fresh.config), Author(access=local_access())
    with sealed_catalog(fresh.config) as engine, writing(engine) as connection:
        if lost == "it takes two again":
            end_one_person(connection, author)
        if lost == "the user is disabled":
            disable_user(connection, author, name)
    first = FirstStart.NOTHING if lost == "only served" else FirstStart.WELCOME
    told = said(fresh, first)

    assert "First administrator" in told
    assert sign_in(fresh, code_in(told), "another") == "enrol"


@pytest.mark.parametrize(
    ("bind", "origin"),
    [
        ("127.0.0.1", "http://127.0.0.1:8080"), ("0.0.0.0", "http://127.0.0.1:8080"),  # noqa: S104  # bound to nothing
        ("::", "http://[::1]:8080"), ("192.0.2.7", "http://192.0.2.7:8080"),
    ],
)  # fmt: skip
def test_the_address_is_one_that_a_browser_can_open(bind: str, origin: str) -> None:
    """Nobody can go to 0.0.0.0, and IPv6 has brackets."""
    assert origin_of(HttpSettings(bind=bind)) == origin
