"""Who had a hand in making whom, and which two persons are apart: neither speaks for the other.

Pure. Knows nothing of what two persons are needed for, nor of the register.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

_HOUR_US: Final = 3_600_000_000
# So long two persons are one whose ways in the same one has made: what a maker must wait out.
ONE_MAKER_US: Final = 30 * 24 * _HOUR_US
# So long who was reset speaks for nobody: it has time to notice, also over a weekend.
RESET_US: Final = 72 * _HOUR_US
# Whose doing nobody's is: root's.
ROOT: Final = 0

HandKind = Literal[
    "role",  # gave it a role, or a token
    "way_in",  # made it, a first code for it, or mapped a first name to it: could come in as it
    "reset",  # did so although it could come in already
]
Why = Literal[
    "same",  # one and the same
    "login",  # both have had the same login
    "hand",  # one has had a hand in the other
    "one_maker",  # a third has made or reset the ways in of both of late
    "let_in",  # the same of one alone: it is one with all others of that maker
    "reset",  # the way in of one was reset of late
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """What somebody did to a user, which lets it be the user, or have it in its debt."""

    of: int
    by: int
    at_us: int
    kind: HandKind

    @property
    def lets_in(self) -> bool:
        """Whether who did it could come in as the user."""
        return self.kind != "role"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Why two are not two persons; `until_us` is when that is over, None: not by itself.

    `users` are those of whom one is to be confirmed, `maker` is from whom who confirms is apart.
    """

    why: Why
    until_us: int | None = None
    users: tuple[int, ...] = ()
    maker: int = ROOT


@dataclass(frozen=True, kw_only=True)
class Lineage:
    """The hands in every user, of all times; who confirmed it since the last way in was laid.

    `os_names` are those that were ever a user's: who logs in by them has been that user.
    """

    hands: tuple[Hand, ...] = ()
    os_names: Mapping[int, frozenset[str]] = field(default_factory=dict)
    confirmed_by: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def behind(self, user: int) -> frozenset[int]:
        """All who had a hand in a user, directly or over others; a user may be one of its own."""
        found: set[int] = set()
        ahead = [user]
        while ahead:
            new = {each.by for each in self._in(ahead.pop()) if each.by != ROOT} - found
            found |= new
            ahead.extend(new)
        return frozenset(found)

    def bar(self, one: int, other: int, now_us: int) -> Bar | None:
        """Why the two are not two persons; None where neither can have been the other."""
        if one == other:
            return Bar(why="same")
        if self._share_login(one, other):
            return Bar(why="login")
        for user, maker in ((one, other), (other, one)):
            if self._is_hand_of(user, maker):
                return Bar(why="hand", users=(user,), maker=maker)
        found = [*self._resets(one, now_us), *self._resets(other, now_us)]
        found += self._common_makers(one, other, now_us)
        return max(found, key=lambda each: each.until_us or 0, default=None)

    def reset(self, user: int, now_us: int) -> Bar | None:
        """Whether a user was reset of late and is nobody's second person yet, until when."""
        return max(self._resets(user, now_us), key=lambda each: each.until_us or 0, default=None)

    def unconfirmed(self, user: int, now_us: int) -> Bar | None:
        """Why somebody should confirm a user: the longest of what it does not count for, or with
        whom.
        """
        late = self._let_in_by(user, now_us)
        found = [*self._resets(user, now_us)] or [
            Bar(why="let_in", until_us=at_us + ONE_MAKER_US, users=(user,), maker=maker)
            for maker, at_us in sorted(late.items())
            if not self.is_confirmed(user, maker)
        ]
        return max(found, key=lambda each: each.until_us or 0, default=None)

    def are_apart(self, one: int, other: int, now_us: int) -> bool:
        """Whether the two are persons of whom neither can have been the other."""
        return self.bar(one, other, now_us) is None

    def may_confirm(self, by: int, user: int) -> bool:
        """Whether one person's word that another is who it says would count for anything."""
        makers = {each.by for each in self._in(user) if each.lets_in} - {user}
        return any(self._may_vouch(by, user, maker) for maker in makers or {ROOT})

    def is_confirmed(self, user: int, maker: int) -> bool:
        """Whether root says who a user is, or somebody who is apart from whoever let it in."""
        return any(
            by == ROOT or self._may_vouch(by, user, maker)
            for by in self.confirmed_by.get(user, frozenset())
        )

    def _may_vouch(self, by: int, user: int, maker: int) -> bool:
        """Neither the maker nor its creature nor who made it; nor a creature of the user itself."""
        behind = self.behind(by)
        return (
            by not in (user, maker)
            and user not in behind
            and maker not in behind
            and by not in self.behind(maker)
            and not self._share_login(by, maker)
            and not self._share_login(by, user)
        )

    def _is_hand_of(self, user: int, maker: int) -> bool:
        """Over however many; root's word that a user is a person of its own ends it there."""
        if ROOT in self.confirmed_by.get(user, frozenset()):
            return False
        return maker in self.behind(user)

    def _resets(self, user: int, now_us: int) -> Iterator[Bar]:
        for hand in self._in(user):
            until_us = hand.at_us + RESET_US
            if hand.kind == "reset" and now_us < until_us and not self.is_confirmed(user, hand.by):
                yield Bar(why="reset", until_us=until_us, users=(user,), maker=hand.by)

    def _common_makers(self, one: int, other: int, now_us: int) -> Iterator[Bar]:
        mine, others = self._let_in_by(one, now_us), self._let_in_by(other, now_us)
        for maker in sorted(mine.keys() & others.keys()):
            if not (self.is_confirmed(one, maker) or self.is_confirmed(other, maker)):
                until_us = min(mine[maker], others[maker]) + ONE_MAKER_US
                yield Bar(why="one_maker", until_us=until_us, users=(one, other), maker=maker)

    def _let_in_by(self, user: int, now_us: int) -> dict[int, int]:
        """Who could come in as a user by what was done of late, over others too; since when."""
        found: dict[int, int] = {}
        for hand in self._in(user):
            if hand.lets_in and hand.by != ROOT and now_us < hand.at_us + ONE_MAKER_US:
                for maker in self.behind(hand.by) | {hand.by}:
                    found[maker] = max(found.get(maker, hand.at_us), hand.at_us)
        return found

    def _share_login(self, one: int, other: int) -> bool:
        nobody: frozenset[str] = frozenset()
        return not self.os_names.get(one, nobody).isdisjoint(self.os_names.get(other, nobody))

    def _in(self, user: int) -> tuple[Hand, ...]:
        return self._by_user.get(user, ())

    @cached_property
    def _by_user(self) -> dict[int, tuple[Hand, ...]]:
        found: dict[int, tuple[Hand, ...]] = {}
        for hand in self.hands:
            found[hand.of] = (*found.get(hand.of, ()), hand)
        return found
