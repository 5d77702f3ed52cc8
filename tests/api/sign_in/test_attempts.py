"""How often signing in may fail, and that nobody locks another one out."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings, strategies as st

from api.permissions.errors import TooManyRequests
from api.sign_in.attempts import (
    ALL_UNKNOWN,
    KNOWN_BROWSER,
    ONE_ADDRESS,
    PERSONS_OF_A_BROWSER,
    UNKNOWN_BROWSERS,
    AttemptOrigin,
    Attempts,
    Browsers,
)
from api.sign_in.sign_in_key import SignInKey
from tests.api.sign_in_terms import TERMS

BROWSERS = Browsers(TERMS.key)
SATO = BROWSERS.with_person("", "sato")
SECOND_US = 1_000_000


@dataclass
class Clock:
    """A clock that is set by hand."""

    now_us: int = 0

    def __call__(self) -> int:
        """The time."""
        return self.now_us


def attempts(clock: Clock | None = None) -> Attempts:
    """With nothing tried yet."""
    return Attempts(browsers=BROWSERS, clock_us=clock or Clock())


def wait_s(tried: Attempts, name: str, client: AttemptOrigin) -> float:
    """After how long a failure would be looked at; 0: at once."""
    try:
        tried.admit(name, client)
    except TooManyRequests as refused:
        return refused.wait_s
    return 0


def looked_at(tried: Attempts, name: str, client: AttemptOrigin) -> int:
    """How many failures in a row are looked at."""
    return next(count for count in range(1_000) if wait_s(tried, name, client))


def test_each_place_has_its_limit() -> None:
    """As the page has them; who comes back when it is told to is looked at."""
    clock = Clock()
    tried = attempts(clock)
    home, known = (
        AttemptOrigin(address="192.0.2.1"),
        AttemptOrigin(address="192.0.2.1", browser=SATO),
    )

    assert looked_at(tried, "sato", home) == UNKNOWN_BROWSERS.burst == 5
    assert wait_s(tried, "sato", home) == pytest.approx(120)
    assert looked_at(tried, "sato", known) == KNOWN_BROWSER.burst == 10
    assert wait_s(tried, "sato", known) == pytest.approx(60)
    clock.now_us += 121 * SECOND_US
    assert wait_s(tried, "sato", home) == 0


def test_one_address_tries_so_many_names() -> None:
    """Of IPv6 its /64: who has one has them all."""
    tried = attempts()
    said = [
        wait_s(tried, f"user{n}", AttemptOrigin(address=f"2001:db8::{n:x}")) for n in range(1, 40)
    ]

    assert said.count(0) == ONE_ADDRESS.burst == 30
    assert wait_s(tried, "user", AttemptOrigin(address="2001:db8:0:1::1")) == 0


def test_a_thousand_addresses_try_one_name_a_hundred_times() -> None:
    """Then browsers that the person has not used wait; those that it has used do not."""
    tried = attempts()
    said = [
        wait_s(tried, "sato", AttemptOrigin(address=f"10.0.{n // 250}.{n % 250}"))
        for n in range(999)
    ]

    assert said.count(0) == ALL_UNKNOWN.burst == 100
    assert wait_s(tried, "ono", AttemptOrigin(address="10.9.9.9")) == 0
    assert wait_s(tried, "sato", AttemptOrigin(address="10.9.9.8", browser=SATO)) == 0


def test_what_was_refused_by_one_limit_costs_nothing_at_another() -> None:
    """Else who is over one limit would fill all others by asking on."""
    tried = attempts()
    home = AttemptOrigin(address="192.0.2.1")
    for _ in range(1_000):
        wait_s(tried, "sato", home)

    assert looked_at(tried, "ono", home) == UNKNOWN_BROWSERS.burst
    assert looked_at(tried, "sato", AttemptOrigin(address="192.0.2.2")) == UNKNOWN_BROWSERS.burst


def test_what_has_not_failed_is_given_back() -> None:
    """Somebody who signs in all day is not stopped."""
    tried = attempts()
    for _ in range(1_000):
        for client in (
            AttemptOrigin(address="192.0.2.1"),
            AttemptOrigin(address="a", browser=SATO),
        ):
            tried.admit("sato", client).give_back(0)

    assert looked_at(tried, "sato", AttemptOrigin(address="192.0.2.1")) == UNKNOWN_BROWSERS.burst


# Where somebody else may try from, with cookies that it has got in any way but from the browser.
OTHERS = st.builds(
    AttemptOrigin,
    address=st.sampled_from(["192.0.2.1", "198.51.100.7", "2001:db8::1", "uid 1000", ""])
    | st.ip_addresses().map(str),
    browser=st.sampled_from(
        [
            "",
            BROWSERS.with_person("", "ono"),
            SATO.split(".")[0],
            f"{SATO.split('.')[0]}.{BROWSERS.with_person('', 'ono').split('.')[1]}",
            Browsers(SignInKey(bytes(32))).with_person("", "sato"),
        ]
    )
    | st.text(max_size=60),
)


@settings(max_examples=60, deadline=None)
@given(
    tries=st.lists(
        st.tuples(st.sampled_from(["sato", "ono", ""]), OTHERS, st.integers(0, 300)), max_size=60
    ),
    address=st.sampled_from(["192.0.2.1", "203.0.113.5"]),
)
def test_no_attempts_from_elsewhere_stop_a_browser_that_is_known(
    tries: list[tuple[str, AttemptOrigin, int]], address: str
) -> None:
    """However often, from however many places, also its own: its person always gets its turns."""
    clock = Clock()
    tried = attempts(clock)
    for name, client, repeated in tries:
        for _ in range(repeated):
            wait_s(tried, name, client)
        clock.now_us += SECOND_US

    assert (
        looked_at(tried, "sato", AttemptOrigin(address=address, browser=SATO))
        == KNOWN_BROWSER.burst
    )


def test_nobody_can_make_up_that_a_browser_is_known() -> None:
    """Nor take one person's mark for another's, nor one of another installation."""
    other = Browsers(SignInKey(bytes(32)))

    assert BROWSERS.known(SATO, "sato")
    assert not BROWSERS.known(SATO, "ono")
    assert not other.known(SATO, "sato")
    for text in ("", ".", "x", "é.é", SATO.split(".")[0], "\ud800." * 9, SATO[:-1]):
        assert not BROWSERS.known(text, "sato")


def test_a_browser_is_known_for_several_persons_the_latest_stay() -> None:
    """A shared place keeps one cookie."""
    cookie = "nonsense"
    names = [f"user{n}" for n in range(PERSONS_OF_A_BROWSER + 1)]
    for name in names:
        cookie = BROWSERS.with_person(cookie, name)

    assert BROWSERS.with_person(cookie, names[-1]) == cookie
    assert [bool(BROWSERS.known(cookie, name)) for name in names] == [False] + [True] * 8
    assert len({BROWSERS.known(cookie, name) for name in names[1:]}) == 1
    assert len(cookie) < 300
