"""No act is ever carried out on one person's word, whatever anybody does before.

Two judges look on. One knows people of flesh and blood, each with one login and the secrets that
it was shown: two of them must have spoken. The other knows the rules by the letter, and finds who
made whom by going through all hands again and again.
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

from api.access import Door
from api.actor import Actor
from api.approvals import Approvals
from api.errors import ApiError
from api.people.credentials import account_by_token, account_of_peer
from api.people.peers import Peer
from api.people.roles import Role
from api.people.tokens import Tokens, Wish
from api.people.users import Users
from archive.approvals import LIFE_US, Kind
from archive.catalog.approvals import carry_out
from archive.catalog.engine import catalog_url, open_async_engine, reading, writing
from archive.errors import ArchiveError
from archive.reach import WHOLE
from tests.api.register import ROOT
from tests.archive.catalog.examples import NOW_US, author, new_catalog

HUMANS: Final = 5
USERS: Final = 7
KIND: Final = Kind.DECLARE_ONE_PERSON
RIGHT, WRONG = b"r" * 32, b"w" * 32
ROLES: Final = (Role.ADMINISTRATOR, Role.LEGAL, Role.APPROVER)
SEQUENCES = [6, pytest.param(300, marks=pytest.mark.slow)]
STEPS: Final = 120
ROOT_SHARE: Final = 0.1
# What is done, and how often.
ACTS: Final = {
    "make": 2, "give a role": 5, "map a login": 4, "unmap a login": 1, "move a login": 3,
    "issue": 4, "disable": 1, "wait": 2, "agree": 14, "propose": 2, "give": 6, "withdraw": 3,
    "carry out": 16,
}  # fmt: skip
# Root, a human at its login, or a human with one of its secrets.
Somebody = tuple[int, int | None] | None


@dataclass(frozen=True, kw_only=True)
class Who:
    """A human (None: root) who acts as a user (None: as nobody)."""

    human: int | None
    user: str | None


@dataclass(kw_only=True)
class Wanted:
    """A proposal as the judges saw it come about."""

    proposed: Who
    at_us: int
    words: dict[str, Who] = field(default_factory=dict)
    is_over: bool = False


class Seen:
    """What the judges have seen with their own eyes."""

    def __init__(self) -> None:
        self.made: set[str] = set()
        self.disabled: set[str] = set()
        self.hands: set[tuple[str, str]] = set()
        self.login_of: dict[int, str] = {}
        self.logins_ever: set[tuple[int, str]] = set()
        self.secrets: dict[int, list[tuple[str, str]]] = {human: [] for human in range(HUMANS)}
        self.wanted: dict[int, Wanted] = {}

    def hand(self, who: Who, user: str) -> None:
        """Somebody did something to a user."""
        if who.user is not None and who.user != user:
            self.hands.add((who.user, user))

    def are_two_humans(self, wanted: Wanted) -> bool:
        """Whether two of flesh and blood have spoken, as users who still stand."""
        return wanted.proposed.user not in self.disabled and any(
            each.human != wanted.proposed.human and each.user not in self.disabled
            for each in wanted.words.values()
        )

    def may_be_done(self, wanted: Wanted, now_us: int) -> bool:
        """By the letter of `docs/access.md`."""
        if wanted.is_over or now_us >= wanted.at_us + LIFE_US:
            return False
        one = wanted.proposed.user
        assert one is not None
        return any(self._count(one, other) for other in wanted.words)

    def _count(self, one: str, other: str) -> bool:
        reached = set(self.hands)
        for _ in range(USERS):
            reached |= {(a, d) for (a, b), (c, d) in product(reached, reached) if b == c}
        logins = {(h, g) for (h, a), (g, b) in product(self.logins_ever, repeat=2)
                  if (a, b) == (one, other) and h == g}  # fmt: skip
        return (
            one != other
            and not {one, other} & self.disabled
            and not {(one, other), (other, one)} & reached
            and not logins
        )


class TwoPersons:
    """People do what they like, in any order."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = Random(seed)  # noqa: S311  # repeatable, not secret
        self.engine = new_catalog(folder)
        self.catalog = open_async_engine(catalog_url(folder / "catalog.db"))
        self.loop = asyncio.Runner()
        self.done = 0
        self.now_us = NOW_US
        self.seen = Seen()
        door = Door(engine=self.catalog, clock_us=lambda: self.now_us)
        self.users, self.tokens = Users(door), Tokens(door)
        # Carrying out is a step of its own here, so that anything may happen before it.
        self.approvals = Approvals(door, at_once={})

    def close(self) -> None:
        """Nothing of it stays open."""
        self.loop.run(self.catalog.dispose())
        self.loop.close()
        self.engine.dispose()

    def go_on(self) -> None:
        """Somebody does something."""
        user, human, which = (self.chance.randrange(n) for n in (USERS, HUMANS, 3))
        somebody = self._anybody()
        wanted = self.chance.choices(tuple(ACTS), tuple(ACTS.values()))[0]
        match wanted:
            case "make":
                self.make(somebody, user)
            case "give a role":
                self.give_role(somebody, user, self.chance.choice(ROLES))
            case "map a login":
                self.map_login(somebody, user, human)
            case "unmap a login":
                self.unmap_login(somebody, human)
            case "move a login":
                self.unmap_login(None, human)
                self.map_login(None, user, human)
            case "issue":
                self.issue(somebody)
            case "disable":
                self.disable(somebody, user)
            case _:
                self._want(wanted, somebody, which)

    def _want(self, wanted: str, somebody: Somebody, which: int) -> None:
        match wanted:
            case "agree":
                self.propose(somebody)
                self.give(self._anybody(), 0)
            case "propose":
                self.propose(somebody)
            case "give":
                self.give(somebody, which)
            case "withdraw":
                self.withdraw(somebody, which)
            case "carry out":
                self.carry_out(which, self.chance.choice((RIGHT, RIGHT, RIGHT, WRONG)))
            case _:
                self.now_us += self.chance.choice((1, 1, 3, 8)) * LIFE_US // 7

    def _anybody(self) -> Somebody:
        if self.chance.random() < ROOT_SHARE:
            return None
        return self.chance.randrange(HUMANS), self.chance.choice((None, None, 0, 1, 2))

    def begin(self) -> None:
        """Root makes some who may do much, so that much of what follows is allowed."""
        for number in range(self.chance.randint(3, 5)):
            self.make(None, number)
            self.give_role(None, number, ROLES[number % 2])
            self.map_login(None, number, number)

    def make(self, somebody: Somebody, user: int) -> None:
        """A user is made."""
        who, actor = self._somebody(somebody)
        if self._done(self.users.add(actor, f"u{user}")):
            self.seen.made.add(f"u{user}")
            self.seen.hand(who, f"u{user}")

    def give_role(self, somebody: Somebody, user: int, role: Role) -> None:
        """A role is given."""
        who, actor = self._somebody(somebody)
        if self._done(self.users.give_role(actor, f"u{user}", role, WHOLE)):
            self.seen.hand(who, f"u{user}")

    def map_login(self, somebody: Somebody, user: int, human: int) -> None:
        """Somebody's login becomes a user's."""
        who, actor = self._somebody(somebody)
        if self._done(self.users.give_os_name(actor, f"u{user}", f"h{human}")):
            self.seen.login_of[human] = f"u{user}"
            self.seen.logins_ever.add((human, f"u{user}"))
            self.seen.hand(who, f"u{user}")

    def unmap_login(self, somebody: Somebody, human: int) -> None:
        """Somebody's login becomes nobody's."""
        _, actor = self._somebody(somebody)
        user = self.seen.login_of.get(human)
        if user and self._done(self.users.take_os_name(actor, user, f"h{human}")):
            del self.seen.login_of[human]

    def issue(self, somebody: Somebody) -> None:
        """Who acts gets a secret."""
        who, actor = self._somebody(somebody)
        issued = self._done(self.tokens.issue(actor, Wish()))
        if issued:
            assert who.human is not None
            assert who.user is not None
            self.seen.secrets[who.human].append((issued.secret, who.user))

    def disable(self, somebody: Somebody, user: int) -> None:
        """A user is disabled."""
        _, actor = self._somebody(somebody)
        if self._done(self.users.disable(actor, f"u{user}")):
            self.seen.disabled.add(f"u{user}")

    def propose(self, somebody: Somebody) -> None:
        """Somebody wants something."""
        who, actor = self._somebody(somebody)
        known = self._done(self.approvals.propose(actor, KIND, RIGHT, ""))
        if known:
            self.seen.wanted[known.number] = Wanted(proposed=who, at_us=self.now_us)

    def give(self, somebody: Somebody, which: int) -> None:
        """Somebody approves."""
        number = self._number(which)
        who, actor = self._somebody(somebody)
        if self._done(self.approvals.give(actor, number)):
            assert who.user is not None
            self.seen.wanted[number].words[who.user] = who

    def withdraw(self, somebody: Somebody, which: int) -> None:
        """Somebody takes something back."""
        number = self._number(which)
        who, actor = self._somebody(somebody)
        if self._done(self.approvals.withdraw(actor, number)):
            wanted = self.seen.wanted[number]
            assert who.user is not None
            if who.user == wanted.proposed.user:
                wanted.is_over = True
            else:
                del wanted.words[who.user]

    def carry_out(self, which: int, digest: bytes) -> None:
        """Somebody wants it done now; both judges say whether it may be."""
        number = self._number(which)
        wanted = self.seen.wanted.get(number)
        is_done = self._is_carried_out(number, digest)
        if wanted is None:
            assert not is_done
            return
        assert is_done == (digest == RIGHT and self.seen.may_be_done(wanted, self.now_us))
        if is_done:
            assert self.seen.are_two_humans(wanted)
            wanted.is_over = True
            self.done += 1

    def _number(self, which: int) -> int:
        """The newest, the one before, the one before that."""
        return len(self.seen.wanted) - which

    def _is_carried_out(self, number: int, digest: bytes) -> bool:
        try:
            with writing(self.engine) as connection:
                done = carry_out(connection, author(at_us=self.now_us), number, digest)
        except ArchiveError:
            return False
        assert not done.one_person
        return True

    def _somebody(self, somebody: Somebody) -> tuple[Who, Actor]:
        """Who that is in the judges' eyes, and whom the register takes it for."""
        if somebody is None:
            return Who(human=None, user=None), ROOT
        human, secret = somebody
        own = self.seen.secrets[human]
        if secret is not None and own:
            text, user = own[secret % len(own)]
            account = account_by_token(self.engine, text, self.now_us)
            if account is not None:
                return Who(human=human, user=user), Actor(account=account)
        with reading(self.engine) as connection:
            account = account_of_peer(connection, Peer(1000 + human, f"h{human}"))
        user_now = self.seen.login_of.get(human)
        user = None if user_now in self.seen.disabled else user_now
        return Who(human=human, user=user), Actor(account=account)

    def _done(self, act: Awaitable[object]) -> Any:
        """What came of it, True for nothing; None where it was refused."""

        async def tried() -> Any:
            try:
                answer = await act
            except (ApiError, ArchiveError):
                return None
            return True if answer is None else answer

        return self.loop.run(tried())


@pytest.mark.parametrize("sequences", SEQUENCES)
def test_no_act_is_ever_carried_out_on_one_person_s_word(tmp_path: Path, sequences: int) -> None:
    """And whatever two persons want is: the judges agree with the register each time."""
    done = 0
    for seed in range(sequences):
        folder = tmp_path / str(seed)
        folder.mkdir()
        people = TwoPersons(folder, seed)
        try:
            people.begin()
            for _ in range(STEPS):
                people.go_on()
        finally:
            people.close()
        done += people.done

    assert done >= sequences
