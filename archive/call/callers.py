"""Who called whom: from what capture wrote of a call.

Pure (the order of evidence is docs/siprec.md, Sides and direction). Knows nothing of whose side
anybody is on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from archive.call.events import (
    CallerBecause,
    CallOpened,
    CallType,
    CommunicationSessionKnown,
    Event,
    RouteTaken,
)
from archive.call.legs import LegFacts
from archive.call.numbers import read_number, user_part

# What somebody is to a call, "" where that is not known or he came later.
CallParty = Literal["", "caller", "callee"]
CalledBecause = CallerBecause | Literal["invite"]
_TWO: Final = 2
_ROUTES: Final[dict[str, CallType]] = {
    "inbound": "inbound",
    "outbound": "outbound",
    "internal": "internal",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvidence:
    """What is told of a call as a whole: how it lies, who called and by what that is known."""

    call_type: CallType = ""
    route: CallType = ""
    caller: str = ""
    caller_because: CallerBecause = ""
    opened: CallOpened | None = None


@dataclass(frozen=True, slots=True)
class Called:
    """The legs of who called and of who was called, None where that is not known, and by what."""

    caller: int | None = None
    callee: int | None = None
    because: CalledBecause = ""

    def parties(self, legs: Sequence[LegFacts]) -> tuple[CallParty, ...]:
        """What each leg is to the call; who called and comes back has still called."""
        known: dict[str | int, CallParty] = {}
        if self.callee is not None:
            known[person_at(legs, self.callee)] = "callee"
        if self.caller is not None:
            known[person_at(legs, self.caller)] = "caller"
        return tuple(known.get(person_at(legs, place), "") for place in range(len(legs)))


def evidence_in(events: Sequence[Event]) -> CallEvidence:
    """The last word of the client on its call, and the route that an inline call took."""
    opened = next((each for each in events if isinstance(each, CallOpened)), None)
    found = CallEvidence(opened=opened)
    for event in events:
        match event:
            case CommunicationSessionKnown():
                found = replace(
                    found,
                    call_type=event.call_type or found.call_type,
                    caller=event.caller or found.caller,
                    caller_because=event.caller_because or found.caller_because,
                )
            case RouteTaken(direction=direction):
                found = replace(found, route=_ROUTES.get(direction, found.route))
            case _:
                pass
    return found


def who_called(legs: Sequence[LegFacts], told: CallEvidence) -> Called:
    """By metadata or dialect, by the INVITE; in which order people are named says nothing."""
    opened = told.opened
    for place, leg in enumerate(legs):
        if told.caller and leg.participant == told.caller:
            return Called(place, _callee(legs, opened, place), told.caller_because)
    # A client's one-way dialogs bring one side each; neither says who called.
    telling = [n for n, leg in enumerate(legs) if leg.decided.because != "client_said"]
    if opened is None or not telling:
        return Called()
    if opened.mode == "inline":
        return Called(telling[0], _counterpart(legs, telling[0]), "invite")
    return _by_headers(legs, opened, telling)


def person_at(legs: Sequence[LegFacts], place: int) -> str | int:
    """Who stays, however often; of nobody who is known each stay is somebody else's."""
    return legs[place].participant or place


def _by_headers(legs: Sequence[LegFacts], opened: CallOpened, telling: Iterable[int]) -> Called:
    """By From, else by To: of two people, one of whom was called, the other one has called."""
    places = tuple(telling)
    at_from = _people_at(legs, places, opened.from_uri, opened.country)
    at_to = _people_at(legs, places, opened.to_uri, opened.country)
    callers = [place for person, place in at_from.items() if person not in at_to]
    callees = [place for person, place in at_to.items() if person not in at_from]
    if len(callers) == 1:
        return Called(callers[0], _callee(legs, opened, callers[0]), "invite")
    if len(callees) == 1:
        return Called(_counterpart(legs, callees[0]), callees[0], "invite")
    return Called()


def _people_at(
    legs: Sequence[LegFacts], places: Iterable[int], uri: str, country: str
) -> dict[str | int, int]:
    """The first leg of each who has an address."""
    found: dict[str | int, int] = {}
    for place in places:
        if _is_at(legs[place], uri, country):
            found.setdefault(person_at(legs, place), place)
    return found


def _callee(legs: Sequence[LegFacts], opened: CallOpened | None, caller: int) -> int | None:
    """Who alone is in To, else the other one of the two with whom the call began."""
    if opened is not None and opened.mode != "inline":
        found = _people_at(legs, range(len(legs)), opened.to_uri, opened.country)
        found.pop(person_at(legs, caller), None)
        if len(found) == 1:
            return next(iter(found.values()))
    return _counterpart(legs, caller)


def _counterpart(legs: Sequence[LegFacts], place: int) -> int | None:
    """The other one of the two with whom a call began; who came later took no part in that."""
    first: dict[str | int, int] = {}
    since_us = 0
    for at, leg in enumerate(legs):
        if len(first) >= _TWO and leg.from_us > since_us:
            break
        first.setdefault(person_at(legs, at), at)
        since_us = max(since_us, leg.from_us)
    own = person_at(legs, place)
    others = [at for person, at in first.items() if person != own]
    return others[0] if own in first and len(others) == 1 else None


def _is_at(leg: LegFacts, uri: str, country: str) -> bool:
    user = user_part(uri)
    if not user:
        return False
    e164 = read_number(user, country).e164
    return any(
        user_part(each.aor) == user or (e164 and each.number.e164 == e164) for each in leg.addresses
    )
