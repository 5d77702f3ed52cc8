"""A cell of the matrix: what Rokuon tells of a session beside what is true of it.

True; unknown, with the reason; a guess that is marked as one; or wrong. Knows nothing of how the
session was played, nor of who prints it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from archive.call.numbers import user_part
from tests.matrix.shapes import EDGE_S, END_S, Column, Shape
from tests.support.clients.desk import Row, Told
from tests.support.clients.moments import us
from tests.vendors.expected import CUSTOMER, Expected

Verdict = Literal["true", "unknown", "guess", "wrong"]
NEAR_S: Final = 0.7
_PARTIES: Final = {"caller": True, "callee": False}
_ROLES: Final = {"caller": True, "called": False, "dialled": False}


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands there, and in a few words why."""

    verdict: Verdict
    why: str = ""

    def __str__(self) -> str:
        return f"{self.verdict}: {self.why}" if self.why else self.verdict


@dataclass(frozen=True)
class Session:
    """A vendor's session that was played; `number` is its customer's."""

    shape: Shape
    expected: Expected
    number: str
    told: Told
    begun_us: int
    ended_us: int

    def cells(self) -> dict[Column, Cell]:
        """One for each column."""
        columns: Mapping[Column, Callable[[], Cell]] = {
            "numbers": self._numbers, "names": self._names, "roles": self._roles,
            "direction": self._direction, "sides": self._sides, "holds": self._holds,
            "gaps": self._gaps, "end": self._end,
        }  # fmt: skip
        return {column: cell() for column, cell in columns.items()}

    def _unknown(self, column: Column, otherwise: str = "") -> Cell:
        """Nothing is told; that is right where it is known why."""
        why = self.shape.untold.get(column, otherwise)
        return Cell("unknown", why) if why else Cell("wrong", "nothing is told")

    def _user(self, leg: Row) -> str:
        return self._as_user(*(each["as_received"] or each["address"] for each in leg["numbers"]))

    def _as_user(self, *received: str) -> str:
        users = {user_part(each) or each for each in received}
        if self.number in users:
            return CUSTOMER
        return next(iter(sorted(users & set(self.shape.agents)) or sorted(users)), "")

    def _by_participant(self, participant: str) -> str:
        legs = [each for each in self.told.legs if each["participant"] == participant]
        return self._user(legs[0]) if legs and participant else ""

    def _is_ours(self, user: str) -> bool:
        return user in self.shape.agents

    # -- who ------------------------------------------------------------------------------------

    def _numbers(self) -> Cell:
        numbers = [self.number, *(each for each in self.shape.agents if each.isdigit())]
        unfound = [
            each
            for each in numbers
            if not self.told.is_found_by(self.begun_us, {"kind": "number", "value": each})
        ]
        if unfound:
            return Cell("wrong", f"not found by {', '.join(unfound)}")
        untold = [each for each in self.shape.agents if not each.isdigit()]
        return Cell("true", f"{untold[0]} has none" if untold else "")

    def _names(self) -> Cell:
        unfound = [name for name in self.shape.names if not self._is_found(name)]
        if unfound:
            return Cell("wrong", f"not found by {', '.join(unfound)}")
        return Cell("true") if self.shape.names else Cell("unknown", "none is told")

    def _is_found(self, name: str) -> bool:
        clues = [{"kind": kind, "value": name} for kind in ("agent", "customer")]
        return self.told.is_found_by(self.begun_us, *clues)

    def _roles(self) -> Cell:
        """Who called and was called, of those in the call and of numbers that are told beside."""
        told = {(self._user(leg), leg["party"]["end"]) for leg in self.told.legs if leg["party"]}
        wrong = [
            f"{user} {end}"
            for user, end in told
            if _PARTIES[end] is not (user == self.shape.caller)
        ]
        wrong += [
            f"{each['number']} {each['told_as']}"
            for each in self.told.course["mentioned"]
            if each["told_as"] in _ROLES and self._is_misread(each)
        ]
        if wrong:
            return Cell("wrong", ", ".join(sorted(wrong)))
        return Cell("true") if told else self._unknown("roles")

    def _is_misread(self, mention: Row) -> bool:
        """Is a number of somebody in the call told as the other end's?"""
        user = self._as_user(mention["as_received"] or mention["number"])
        known = {CUSTOMER, *self.shape.agents}
        return user in known and _ROLES[mention["told_as"]] is not (user == self.shape.caller)

    def _direction(self) -> Cell:
        told, because = self.told.course["direction"], self.told.course["direction_because"]
        if told == self.shape.direction:
            return Cell("true", because)
        if told != "unknown":
            return Cell("wrong", f"{told} by {because}")
        is_guessed = any(leg["side_guessed"] for leg in self.told.legs)
        return self._unknown("direction", "sides are guessed" if is_guessed else "")

    def _sides(self) -> Cell:
        legs = [(leg, self._user(leg)) for leg in self.told.legs]
        wrong, guessed, unknown = list[str](), set[str](), list[str]()
        for leg, user in legs:
            true = "agent" if self._is_ours(user) else "customer"
            if leg["side_guessed"]:
                guessed.add(f"{leg['side_because']}{'' if leg['side'] == true else ', not so'}")
            elif leg["side"] == "unknown":
                unknown.append(user)
            elif leg["side"] != true:
                wrong.append(f"{user} {leg['side']} by {leg['side_because']}")
        if wrong:
            return Cell("wrong", ", ".join(wrong))
        if guessed:
            return Cell("guess", ", ".join(sorted(guessed)))
        if unknown:
            return Cell("unknown", f"of {', '.join(unknown)} no number says whose")
        return Cell("true", ", ".join(sorted({leg["side_because"] for leg, _ in legs})))

    # -- silence and the end --------------------------------------------------------------------

    def _at(self, text: str) -> float:
        return (us(text) - self.begun_us) / 1e6

    def _holds(self) -> Cell:
        told = [
            (self._by_participant(h["participant"]), self._at(h["start_at"]), self._at(h["end_at"]))
            for h in self.told.course["holds"]
        ]
        if not self._same(told, self.shape.held):
            return Cell("wrong", f"{_rounded(told)}, were {list(self.shape.held)}")
        by = {each["told_by"] for each in self.told.course["holds"]}
        return Cell("true", ", ".join(sorted(by)) or "none")

    def _gaps(self) -> Cell:
        gaps = self.told.course["gaps"]
        if gaps is None:
            return Cell("unknown", "a part of it cannot be read")
        told = [
            ("" if self.expected.mixed is not None else self._by_participant(g["participant"]),
             self._at(g["start_at"]), self._at(g["end_at"]))
            for g in gaps
        ]  # fmt: skip
        true = list(self.silences())
        if not self._same(told, true):
            return Cell("wrong", f"{_rounded(told)}, were {true}")
        causes = {each["because"] for each in gaps}
        # Nobody of the corpus sends RTCP: what is told of the cause would be invented.
        if causes - {"unknown"}:
            return Cell("wrong", f"because {', '.join(sorted(causes))}")
        return Cell("true", "cause unknown: no RTCP")

    def silences(self) -> Iterator[tuple[str, float, float]]:
        """Who did not speak from when to when, on hold or not in the call excepted."""
        first, last = self.shape.begins_s[0], END_S - EDGE_S
        if self.expected.customer is None:
            who = "" if self.expected.mixed is not None else self.shape.agents[0]
            yield who, first, first + EDGE_S
            yield who, last, END_S
            return
        held = {who for who, begin, _ in self.shape.held if who and begin < last}
        yield CUSTOMER, first, first + EDGE_S
        if not set(self.shape.agents) & held:
            yield self.shape.agents[-1], last, END_S

    @staticmethod
    def _same(
        told: list[tuple[str, float, float]], true: Iterable[tuple[str, float, float]]
    ) -> bool:
        own, other = sorted(told), sorted(true)
        return len(own) == len(other) and all(
            a[0] == b[0] and all(abs(x - y) < NEAR_S for x, y in zip(a[1:], b[1:], strict=True))
            for a, b in zip(own, other, strict=True)
        )

    def _end(self) -> Cell:
        course = self.told.course
        late_s = (us(course["ended_at"]) - self.ended_us) / 1e6
        if course["ended_because"] != self.expected.ended or abs(late_s) > NEAR_S:
            return Cell("wrong", f"{course['ended_because']}, {late_s:.1f} s late")
        return Cell("true", course["ended_because"])


def _rounded(told: list[tuple[str, float, float]]) -> list[tuple[str, float, float]]:
    return [(who, round(a, 1), round(b, 1)) for who, a, b in told]
