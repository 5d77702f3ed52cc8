"""Persons who make, reset and confirm one another at random; and who of them are two, by the book.

The book is `docs/access.md`, Two persons: it is read here without a line of what it judges. All
that happened is one list; what counts is sought in it anew each time.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Final, Literal

from sqlalchemy import Connection

from archive.access.approvals import ApprovalRefused, Kind, digest_of
from archive.access.reach import WHOLE
from archive.catalog.access.approvals import approve, carry_out, propose
from archive.catalog.accounts.confirmations import confirm
from archive.catalog.accounts.credentials import has_credential, set_credential
from archive.catalog.accounts.given_roles import (
    give_os_name,
    give_role,
    os_name_in_force,
    take_os_name,
)
from archive.catalog.accounts.persons import UserRecord, add_user, user_named
from archive.catalog.accounts.sign_in_codes import make_code, reset_credentials
from archive.catalog.journal.authors import Author
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import NOW_US, author

HOUR_US: Final = 3_600_000_000
DAY_US: Final = 24 * HOUR_US
WEEK_US: Final = 7 * DAY_US
NOBODY: Final = 0
KIND: Final = Kind.TAKE_OVER_POLICY
DIGEST: Final = digest_of(KIND, {})
# More than any rule needs, and few enough for them to meet.
MOST: Final = 6

What = Literal["role", "way_in", "reset", "confirmed"]


@dataclass(frozen=True, slots=True)
class Happened:
    """Somebody (`NOBODY`: root) did something to a person."""

    what: What
    by: int
    of: int
    at_us: int


@dataclass(slots=True)
class Book:
    """What happened, in its order; whose logins are whose; who can come in."""

    happened: list[Happened] = field(default_factory=list)
    logins: dict[int, set[str]] = field(default_factory=dict)
    had_password: set[int] = field(default_factory=set)

    def are_two(self, one: int, other: int, now_us: int) -> bool:
        """As `docs/access.md` has it."""
        return not (
            one == other
            or self.share(one, other)
            or (other in self.ancestors(one) and not self.of_its_own(one))
            or (one in self.ancestors(other) and not self.of_its_own(other))
            or self.speaks_for_nobody(one, now_us)
            or self.speaks_for_nobody(other, now_us)
            or any(
                self.could_be(maker, one, now_us) and self.could_be(maker, other, now_us)
                for maker in range(1, MOST + 1)
            )
        )

    def share(self, one: int, other: int) -> bool:
        return bool(self.logins.get(one, set()) & self.logins.get(other, set()))

    def ancestors(self, of: int) -> set[int]:
        """Who had a hand in a person, over however many: grown until nothing comes to it."""
        known: set[int] = set()
        while True:
            more = {
                each.by
                for each in self.happened
                if each.what != "confirmed" and each.of in known | {of} and each.by != NOBODY
            }
            if more <= known:
                return known
            known |= more

    def of_its_own(self, of: int) -> bool:
        """Root has said so, after the last way in that another laid."""
        return any(each.by == NOBODY for each in self.since_last_way_in(of))

    def since_last_way_in(self, of: int) -> list[Happened]:
        """What was confirmed of a person and is not over."""
        own = [each for each in self.happened if each.of == of and each.what != "role"]
        while any(each.what != "confirmed" for each in own):
            own.pop(0)
        return own

    def speaks_for_nobody(self, of: int, now_us: int) -> bool:
        return any(
            each.of == of
            and each.what == "reset"
            and now_us - each.at_us < 72 * HOUR_US
            and not self.is_vouched_for(of, each.by)
            for each in self.happened
        )

    def could_be(self, maker: int, of: int, now_us: int) -> bool:
        """By its own hand of the last 30 days, or by that of whom it could have been."""
        return any(
            each.of == of
            and each.what in ("way_in", "reset")
            and each.by != NOBODY
            and (each.by == maker or maker in self.ancestors(each.by))
            and now_us - each.at_us < 30 * DAY_US
            for each in self.happened
        ) and not self.is_vouched_for(of, maker)

    def is_vouched_for(self, of: int, maker: int) -> bool:
        return any(
            each.by == NOBODY
            or (
                each.by not in (of, maker)
                and not {of, maker} & self.ancestors(each.by)
                and each.by not in self.ancestors(maker)
                and not self.share(each.by, of)
                and not self.share(each.by, maker)
            )
            for each in self.since_last_way_in(of)
        )


@dataclass(slots=True)
class House:
    """A register, and the book beside it; `tell` says where the two differ."""

    connection: Connection
    random: Random
    now_us: int = NOW_US
    book: Book = field(default_factory=Book)
    rows: list[UserRecord] = field(default_factory=list)
    proposals: dict[int, tuple[int, int]] = field(default_factory=dict)
    approvals: dict[int, set[int]] = field(default_factory=dict)
    carried: list[bool] = field(default_factory=list)

    def live(self, acts: int) -> Iterator[str]:
        """So many acts of anybody; each thing that was done by one who is not two, or refused."""
        for name in ("root's", "also root's"):
            self.make(NOBODY, name.replace("'", "").replace(" ", "-"))
        for _ in range(acts):
            act = self.random.choice(ACTS)
            yield from getattr(self, act)() or ()

    def someone(self) -> UserRecord:
        return self.random.choice(self.rows)

    def maker(self) -> int:
        """Root now and then; else anybody: one administrator, more often than another one."""
        return self.random.choice((NOBODY, 1, 1, self.someone().row))

    def by(self, who: int) -> Author:
        return author(at_us=self.now_us, user=who)

    def note(self, what: What, by: int, of: int) -> None:
        self.book.happened.append(Happened(what, by, of, self.now_us))

    def make(self, by: int, name: str) -> None:
        add_user(self.connection, self.by(by), name)
        made = user_named(self.connection, DEFAULT_TENANT, name)
        self.rows.append(made)
        if by != NOBODY:
            self.note("way_in", by, made.row)

    def make_account(self) -> None:
        if len(self.rows) < MOST:
            self.make(self.maker(), f"p{len(self.rows)}")

    def give_role(self) -> None:
        by, of = self.maker(), self.someone()
        give_role(self.connection, self.by(by), of, "approver", WHOLE)
        if by not in (NOBODY, of.row):
            self.note("role", by, of.row)

    def map_login(self) -> None:
        """One of three, whosever it is now."""
        by, of, login = self.maker(), self.someone(), self.random.choice("xyz")
        held = os_name_in_force(self.connection, DEFAULT_TENANT, login)
        if held is not None:
            holder = next(each for each in self.rows if each.row == held.user)
            take_os_name(self.connection, self.by(by), holder, login)
        had = of.row in self.book.had_password or bool(self.book.logins.get(of.row))
        give_os_name(self.connection, self.by(by), of, login)
        self.book.logins.setdefault(of.row, set()).add(login)
        if by not in (NOBODY, of.row):
            self.note("reset" if had else "way_in", by, of.row)

    def reset(self) -> None:
        """Or a first code; who has set nothing has nothing that root could end."""
        by, of = self.maker(), self.someone()
        if by == of.row:
            return
        had = of.row in self.book.had_password
        had_any = had or (bool(self.book.logins.get(of.row)) and by != NOBODY)
        make = reset_credentials if has_credential(self.connection, of.row) else make_code
        ends_all = make is reset_credentials or self.random.random() < 0.5
        (reset_credentials if ends_all else make)(self.connection, self.by(by), of)
        is_reset = had if by == NOBODY and ends_all else had_any and by != NOBODY
        if is_reset or by != NOBODY:
            self.note("reset" if is_reset else "way_in", by, of.row)

    def come_in(self) -> None:
        of = self.someone()
        set_credential(self.connection, self.by(of.row), of, "password", b"kept")
        self.book.had_password.add(of.row)

    def confirm(self) -> None:
        """Whoever may: what it is worth is asked later."""
        by, of = (
            self.random.choice((NOBODY, self.someone().row, self.someone().row)),
            self.someone(),
        )
        confirm(self.connection, self.by(by), of)
        self.note("confirmed", by, of.row)

    def pass_time(self) -> None:
        self.now_us += self.random.choice(
            (HOUR_US, HOUR_US, 71 * HOUR_US, 2 * HOUR_US, 6 * DAY_US, 23 * DAY_US, -HOUR_US)
        )

    def propose(self) -> None:
        by = self.someone().row
        number = propose(self.connection, self.by(by), KIND, DIGEST, "")
        self.proposals[number], self.approvals[number] = (by, self.now_us), set()

    def approve(self) -> Iterator[str]:
        """Anybody, what somebody has proposed of late."""
        for number, (by, at_us) in [*self.proposals.items()][-2:]:
            other = self.someone().row
            if other in self.approvals[number] or self.now_us - at_us >= WEEK_US:
                continue
            is_two, is_taken = self.book.are_two(by, other, self.now_us), False
            with suppress(ApprovalRefused):
                approve(self.connection, self.by(other), number)
                self.approvals[number].add(other)
                is_taken = True
            if is_two is not is_taken:
                yield f"approved {is_taken}, two {is_two}: {by} {other} {self.book.happened}"

    def carry_out(self) -> Iterator[str]:
        """What was approved, at once or after all that came between."""
        for number, (by, at_us) in [*self.proposals.items()][-2:]:
            if self.now_us - at_us >= WEEK_US:
                continue
            words = self.approvals[number]
            is_two = any(self.book.are_two(by, each, self.now_us) for each in words)
            is_done = False
            with suppress(ApprovalRefused):
                done = carry_out(self.connection, self.by(by), number, DIGEST)
                is_done = not done.one_person
                del self.proposals[number]
            self.carried.append(is_done)
            if is_two is not is_done:
                yield f"carried out {is_done}, two {is_two}: {by} {words} {self.book.happened}"


ACTS: Final = (
    "make_account", "make_account", "give_role", "map_login", "reset", "reset", "come_in",
    "come_in", "confirm", "pass_time", "propose", "propose", "approve", "approve", "approve",
    "carry_out", "carry_out",
)  # fmt: skip
