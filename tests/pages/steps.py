"""How one comes into the states of pages: by an address, by a form, as somebody else.

Knows nothing of which page is in which state.
"""

from typing import Final

from archive.catalog.accounts.credentials import set_credential
from archive.catalog.accounts.persons import add_user, user_named
from archive.catalog.accounts.sign_in_codes import make_code
from archive.catalog.database.engine import writing
from archive.ids import DEFAULT_TENANT
from tests.api.clock_keys import PAUSED, SURE
from tests.archive.catalog.examples import author
from tests.pages.calls import WORD, endless
from tests.pages.houses import AUDITOR, REVIEWER, UNCOVERED
from tests.pages.limited import RESTRICTED
from tests.pages.looking import OPEN_ALL
from tests.pages.visitor import Go, Visitor

ALL_TIME: Final = "from=2026-10-01&to=2026-11-30"
_JA: Final = endless(100)


def at(path: str) -> Go:
    """By its address."""
    return lambda visitor: visitor.go(path)


def sent(path: str, action: str, **fields: str) -> Go:
    """By a form of the page at that address."""
    return lambda visitor: visitor.send(path, action, **fields)


def out(go: Go) -> Go:
    """As somebody who is not signed in."""

    def gone(visitor: Visitor) -> None:
        visitor.page.context.clear_cookies()
        go(visitor)

    return gone


def _half(visitor: Visitor) -> None:
    visitor.hold(visitor.own, "second")


def second(visitor: Visitor) -> None:
    """After the password."""
    _half(visitor)
    visitor.go("/sign-in/second")


def second_wrong(visitor: Visitor) -> None:
    """With digits that are wrong."""
    _half(visitor)
    visitor.send("/sign-in/second", "/sign-in/second", one_time="000000")


def newcomer(visitor: Visitor, *, has_password: bool = False) -> str:
    """Somebody who has yet to enrol; its name."""
    stem = visitor.own[:50] if visitor.own == WORD else "ono"
    with writing(visitor.house.engine) as connection:
        name = f"{stem}{visitor.house.number()}"
        add_user(connection, author(), name)
        user = user_named(connection, DEFAULT_TENANT, name)
        if has_password:
            set_credential(connection, author(), user, "password", b"x")
    return name


def enrol(visitor: Visitor) -> None:
    """Before the password."""
    visitor.hold(newcomer(visitor), "enrol")
    visitor.go("/enrol")


def enrol_different(visitor: Visitor) -> None:
    """Two passwords that differ."""
    visitor.hold(newcomer(visitor), "enrol")
    fields = {"password": "a long enough one", "again": "another one"}
    visitor.send("/enrol", "/enrol/password", **fields)


def enrol_app(visitor: Visitor) -> None:
    """Before the app."""
    visitor.hold(newcomer(visitor, has_password=True), "enrol")
    visitor.go("/enrol")


def welcome(visitor: Visitor) -> None:
    """With a code that is good."""
    name = newcomer(visitor)
    with writing(visitor.house.engine) as connection:
        code = make_code(connection, author(), user_named(connection, DEFAULT_TENANT, name))
    visitor.page.context.clear_cookies()
    visitor.go(f"/welcome?code={code}")


def without_purpose(visitor: Visitor) -> None:
    """Before anything was said of a purpose."""
    visitor.hold(visitor.own, purpose="")
    visitor.go("/calls")


def open_all(path: str) -> Go:
    """With all that comes later, come."""

    def opened(visitor: Visitor) -> None:
        visitor.go(path)
        visitor.page.locator(".lane").first.wait_for()
        visitor.page.evaluate(OPEN_ALL)
        visitor.page.wait_for_load_state("networkidle")

    return opened


def broken_glass(visitor: Visitor) -> None:
    """Past the purposes, with a long reason, and a note that is too long."""
    path = f"/calls/{UNCOVERED}"
    visitor.send(path, f"{path}/glass", reason=_JA)
    visitor.send(path, f"{path}/notes", note=_JA * 41)


def reviewing(visitor: Visitor) -> None:
    """A call that is past its maximum, as somebody who reviews, and must not use it."""
    visitor.hold(REVIEWER, purpose="quality")
    visitor.go(f"/calls/{RESTRICTED}")


def service_proposed(visitor: Visitor) -> None:
    """A token that takes two persons."""
    visitor.go("/people/service:crm")
    visitor.page.locator("input[name=scopes][value='audio:export']").check()
    with visitor.page.expect_navigation():
        visitor.page.locator("form[action$='/tokens'] button").click()


def token_made(note: str) -> Go:
    """One of one's own."""
    return sent("/me", "/me/tokens", note=note, days="30")


def coded(visitor: Visitor) -> None:
    """A person is added."""
    name = f"{visitor.own[:40]}.{visitor.house.number()}"
    visitor.send("/people", "/people", name=name)


def approval_gone(visitor: Visitor) -> None:
    """Of a proposal that has ended meanwhile."""
    visitor.go("/approvals")
    visitor.page.evaluate(
        "document.querySelector('form[action$=give]').action = '/approvals/99/give'"
    )
    with visitor.page.expect_navigation():
        visitor.page.locator("form[action$='/99/give'] button").click()


def away(visitor: Visitor) -> None:
    """While nothing records."""
    visitor.house.node.away = True
    visitor.go("/live")
    visitor.house.node.away = False


def auditing(path: str) -> Go:
    """By its address, as somebody who may look and do nothing."""

    def gone(visitor: Visitor) -> None:
        visitor.hold(AUDITOR)
        visitor.go(path)

    return gone


def doubted(go: Go) -> Go:
    """While nobody knows whether the clock of the machine is right."""

    def gone(visitor: Visitor) -> None:
        visitor.house.clock_keys.facts = PAUSED
        try:
            go(visitor)
        finally:
            visitor.house.clock_keys.facts = SURE

    return gone


def found_with(visitor: Visitor) -> None:
    """Everything that can be asked for, at length; and then in the call's own words."""
    words = "&".join(f"{name}={_JA}" for name in ("agent", "customer", "queue", "tag"))
    visitor.go(f"/calls?{ALL_TIME}&{words}")
    visitor.go(f"/calls?{ALL_TIME}&tag={endless(60)}&queue={endless(100)}")


def ranked_with(visitor: Visitor) -> None:
    """All that can be remembered, at length: more than may be asked; then what may be."""
    words = "&".join(f"{name}={_JA}" for name in ("agent", "customer", "queue", "gist", "team"))
    visitor.go(f"/calls?text={endless(499)}&{words}")
    visitor.go(f"/calls?text={endless(200)}&{words}&sure=agent&aside=gist&when=10/29")
