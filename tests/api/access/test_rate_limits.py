"""Who asks too often."""

import asyncio
from dataclasses import dataclass, replace

import pytest

from api.access.rate_buckets import FAILURES, TOKENS_OF_AN_ACCOUNT, Pace, RateLimits
from api.access.rate_limits import Paces, Proved, network_of
from api.permissions.accounts import Account, Proof
from api.permissions.errors import NotAuthenticated, TooManyRequests
from tests.api.actors import reviewer
from tests.api.examples import EACH_TOKEN, LIMITS
from tests.archive.catalog.examples import OTHER_TENANT

HOME = "192.0.2.1"


@dataclass
class Register:
    """Tokens in force, how many were looked at, and how many at the same moment at the most."""

    in_force: frozenset[str] = frozenset({"good"})
    looked: int = 0
    looking: int = 0
    most: int = 0

    async def by_token(self, secret: str) -> Account:
        """Whom it speaks for; what failed is counted."""
        found = await self.look_up(secret)
        if found is None:
            raise NotAuthenticated("unknown")
        return found

    async def look_up(self, secret: str) -> Account | None:
        """Whom it speaks for, if anybody."""
        self.looked, self.looking = self.looked + 1, self.looking + 1
        self.most = max(self.most, self.looking)
        await asyncio.sleep(0)
        self.looking -= 1
        return reviewer() if secret in self.in_force else None


@dataclass
class Clock:
    """A clock that is set by hand."""

    now_us: int = 0

    def __call__(self) -> int:
        """The time."""
        return self.now_us


def admitted(paces: Paces, account: Account) -> int:
    """How many requests at once this account may still make."""
    for count in range(10_000):
        try:
            paces.admit(account)
        except TooManyRequests:
            return count
    raise AssertionError("there is no limit")


def test_a_token_is_limited_and_its_account_with_all_its_tokens() -> None:
    """Ten tokens are not ten times as much."""
    paces = Paces.of(Clock(), LIMITS)
    tokens = [replace(reviewer(), proof=Proof(kind="token", row=number)) for number in (1, 2, 3)]

    burst = EACH_TOKEN.burst
    assert [admitted(paces, each) for each in tokens] == [
        burst,
        burst * (TOKENS_OF_AN_ACCOUNT - 1),
        0,
    ]


def test_an_account_at_the_socket_is_limited_without_a_token() -> None:
    """Another account, or one of another tenant, is not."""
    paces = Paces.of(Clock(), RateLimits(each_token=Pace(per_s=1, burst=5)))

    assert admitted(paces, reviewer()) == 5 * TOKENS_OF_AN_ACCOUNT
    assert admitted(paces, replace(reviewer(), name="sato")) == 5 * TOKENS_OF_AN_ACCOUNT
    others = replace(reviewer(), tenant=OTHER_TENANT)
    assert admitted(paces, others) == 5 * TOKENS_OF_AN_ACCOUNT


async def guess(paces: Paces, register: Register, secret: str, address: str = HOME) -> str:
    """What becomes of one token."""
    try:
        await paces.guarded(address, secret, register)
    except (NotAuthenticated, TooManyRequests) as refused:
        return type(refused).__name__
    return "served"


async def test_a_good_token_that_was_not_used_yet_is_served_beside_who_guesses() -> None:
    """The API has begun anew, and somebody guesses first; all have the address of their proxy."""
    paces, register = Paces.of(Clock(), LIMITS), Register()
    said = [await guess(paces, register, f"bad {n}") for n in range(100)]

    assert said.count("NotAuthenticated") == FAILURES.burst
    assert set(said[FAILURES.burst :]) == {"TooManyRequests"}
    assert await guess(paces, register, "good") == "served"
    assert await guess(paces, register, "bad") == "TooManyRequests"


async def test_beyond_that_guesses_are_looked_at_one_at_a_time() -> None:
    """However many come in the same moment, from however many addresses; a good one among them."""
    paces, register = Paces.of(Clock(), LIMITS), Register()
    homes = [f"192.0.2.{n}" for n in range(10)]
    for home in homes:
        for n in range(FAILURES.burst):
            await guess(paces, register, f"bad {n}", home)
    tried = [("good" if n == 50 else f"bad {n}", homes[n % 10]) for n in range(100)]
    register.most = 0
    said = await asyncio.gather(*(guess(paces, register, *each) for each in tried))

    assert register.most == 1
    assert said.count("TooManyRequests") == 99
    assert said[50] == "served"


async def test_a_token_that_was_in_force_is_served_beside_who_guesses() -> None:
    """All behind one proxy have its address; a playback that has begun goes on."""
    paces, register = Paces.of(Clock(), LIMITS), Register()
    assert await guess(paces, register, "good") == "served"
    for n in range(100):
        await guess(paces, register, f"bad {n}")

    assert await guess(paces, register, "good") == "served"


async def test_a_token_that_is_revoked_is_a_guess_again() -> None:
    """Who asks on with it every second waits its turn like all who guess."""
    paces, register = Paces.of(Clock(), LIMITS), Register()
    await guess(paces, register, "good")
    register.in_force = frozenset()
    said = [await guess(paces, register, "good") for _ in range(FAILURES.burst + 2)]

    assert said.count("NotAuthenticated") == FAILURES.burst + 1
    assert said[-1] == "TooManyRequests"


async def test_tokens_in_force_use_up_nothing() -> None:
    """Many clients behind one address come for the first time in the same second."""
    register = Register(in_force=frozenset(str(n) for n in range(100)))
    paces = Paces.of(Clock(), LIMITS)

    assert {await guess(paces, register, each) for each in register.in_force} == {"served"}


async def test_after_the_wait_that_it_names_the_next_guess_counts_as_one_again() -> None:
    """Slow, and told for how long."""
    clock, register = Clock(), Register()
    paces = Paces.of(clock, LIMITS)
    for n in range(FAILURES.burst):
        await guess(paces, register, f"bad {n}")
    with pytest.raises(TooManyRequests) as refused:
        await paces.guarded(HOME, "bad", register)
    clock.now_us += int(refused.value.wait_s * 1_000_000)

    assert await guess(paces, register, "bad") == "NotAuthenticated"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("uid 1000", "uid 1001", False),
    ],
)
def test_a_network_of_ipv6_is_one_sender(one: str, other: str, same: bool) -> None:
    """Whoever has one address there has all of its /64."""
    assert (network_of(one) == network_of(other)) is same


def test_only_so_many_tokens_are_remembered() -> None:
    """The latest stay."""
    proved = Proved(most=2)
    for secret in ("a", "b", "a", "c"):
        proved.add(secret)

    assert [proved.has(secret) for secret in ("a", "b", "c")] == [True, False, True]
