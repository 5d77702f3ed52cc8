"""Several recording sessions at once: which of them are one call, by an id or by their parties.

Each is judged by a tone in each second as a client alone is. Which call a recording is of is read
over HTTP.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Final

import pytest

from archive.catalog.index.inferred_calls import CALL_INFERRED
from tests.support.clients.documents import Person
from tests.support.clients.run import Played, playing
from tests.support.clients.scene import (
    Scene,
    Truth,
    agent,
    both,
    customer,
    hertz,
    invite,
    said,
    update,
    whole,
)
from tests.support.clients.texts import two_calls

pytestmark = pytest.mark.scenario

Two = tuple[Person, Person]
_ENDS: Final = count(1)


def parties() -> Two:
    """Two within the house, whose extensions are of different domains."""
    number = f"3{secrets.randbelow(10**5):05d}"
    return replace(customer(), number=number, aor=f"sip:{number}@branch.example"), agent()


def end_of_call(two: Two, sip_session: str = "") -> Scene:
    """What one recorder sends of the call between these two; other ids are its own."""
    own = next(_ENDS)
    c, a = (replace(who, id=f"{who.id}-{own}", hertz=hertz()) for who in two)
    words = said((c, "c"), (a, "a"), session=f"session-{own}", sip_session=sip_session)
    return Scene([invite(words)], [Truth(stays=whole(c, a), speech=both(c, a))])


def same_parties() -> list[Scene]:
    """Two, and nothing else in common."""
    two = parties()
    return [end_of_call(two), end_of_call(two)]


def one_number_outside() -> list[Scene]:
    """Two people of a company that calls with its main number."""
    company, desk = customer(), agent()
    return [end_of_call((company, desk)), end_of_call((company, desk))]


def three_at_once() -> list[Scene]:
    """Nobody can tell which two are one."""
    two = parties()
    return [end_of_call(two) for _ in range(3)]


def three_and_then_ids() -> list[Scene]:
    """Two of the three tell one group while they are up."""
    two = parties()
    named = [_grouped_late(end_of_call(two)) for _ in range(2)]
    return [*named, end_of_call(two)]


def _grouped_late(scene: Scene) -> Scene:
    people = [each.who for each in scene.truths[0].stays]
    session = f"session-{people[0].id.rpartition('-')[2]}"
    words = said(
        *zip(people, "ca", strict=True),
        sessions={session: tuple(who.id for who in people)},
        groups={session: "late-group"},
    )
    return replace(scene, acts=[*scene.acts, update(2, words)])


def crossed_ids() -> list[Scene]:
    """Each recorder has the two ids of the session, its own first."""
    two, ids = parties(), (f"{next(_ENDS):032x}", f"{next(_ENDS):032x}")
    return [
        end_of_call(two, sip_session=f"{ids[0]};remote={ids[1]}"),
        end_of_call(two, sip_session=f"{ids[1]};remote={ids[0]}"),
    ]


def others() -> list[Scene]:
    """The same agent at the same time with two people."""
    desk = agent()
    return [end_of_call((customer(), desk)), end_of_call((customer(), desk))]


# Of each meeting: who is of one call with whom, and whether that is inferred.
MEETINGS: Final[dict[str, tuple[Callable[[], Sequence[Scene]], str, str]]] = {
    "the same parties": (same_parties, "aa", "11"),
    "the same number outside": (one_number_outside, "ab", "00"),
    "three at once": (three_at_once, "abc", "000"),
    "three at once, and then an id": (three_and_then_ids, "aab", "000"),
    "ids crossed": (crossed_ids, "aa", "00"),
    "one of them another": (others, "ab", "00"),
}
SESSIONS: Final = {"group-1 group-2": "ab", "group-1 group-1": "aa"}


@pytest.fixture(scope="module")
def played() -> Iterator[Mapping[str, Played]]:
    """All of them at once."""
    scenes = {
        f"{name} {number}": scene
        for name, (make, _, _) in MEETINGS.items()
        for number, scene in enumerate(make())
    }
    scenes |= {groups: two_calls(*groups.split()) for groups in SESSIONS}
    with playing(scenes) as found:
        yield found


def letters(names: Sequence[str]) -> str:
    """The same letter for the same call."""
    known = {name: "abc"[place] for place, name in enumerate(dict.fromkeys(names))}
    return "".join(known[name] for name in names)


@pytest.mark.parametrize("name", MEETINGS)
def test_sessions_are_one_call_where_an_id_or_their_parties_say_it(
    played: Mapping[str, Played], name: str
) -> None:
    """And by their parties alone it is told as inferred."""
    _, calls, inferred = MEETINGS[name]
    own = [played[f"{name} {number}"] for number in range(len(calls))]
    assert [fault for each in own for fault in each.faults()] == []
    courses = [each.told()[0].course for each in own]

    assert letters([each["conversation"] for each in courses]) == calls
    assert "".join(str(int(CALL_INFERRED in each["flags"])) for each in courses) == inferred


@pytest.mark.parametrize("groups", SESSIONS)
def test_calls_of_one_session_are_one_where_their_group_is(
    played: Mapping[str, Played], groups: str
) -> None:
    """Two groups are two calls, whoever sends them in one session."""
    courses = [each.course for each in played[groups].told()]

    assert letters([each["conversation"] for each in courses]) == SESSIONS[groups]
