"""Clients whose people come late, leave, come back, take each other's place or are on hold.

Knows nothing of what is made of them.
"""

from dataclasses import replace
from typing import Final

from tests.support.clients.documents import Line, Person
from tests.support.clients.scene import (
    SECONDS,
    THREE,
    TWO,
    Scene,
    Scenes,
    Speech,
    Stay,
    Truth,
    again,
    agent,
    both,
    customer,
    invite,
    said,
    update,
    whole,
)

EDGE: Final = frozenset({"silent_edge"})
_SIX: Final = 6


def plain() -> Scene:
    """Two people, all the time."""
    c, a = customer("Aoi Kato"), agent("Rin Mori")
    return Scene([invite(said((c, "c"), (a, "a")))], [Truth(stays=whole(c, a), speech=both(c, a))])


def _spoken(from_s: float, until_s: float, flags: frozenset[str]) -> Scene:
    """The agent is heard from one second to another."""
    c, a = customer(), agent()
    speech = [Speech(c, 0)] + ([Speech(a, 1, from_s, until_s)] if until_s > from_s else [])
    truth = Truth(stays=whole(c, a), speech=speech, flags=flags)
    return Scene([invite(said((c, "c"), (a, "a")))], [truth])


def comes_late() -> Scene:
    """The agent's m-line is inactive until it is described."""
    c, a = customer(), agent()
    lines = (Line("1"), Line("2", "inactive"))
    acts = [invite(said((c, "c")), lines), again(2, said((c, "c"), (a, "a"), since={"agnt": 2}))]
    speech = (Speech(c, 0), Speech(a, 1, 2))
    return Scene(acts, [Truth(stays=(Stay(c), Stay(a, 2)), speech=speech, holds=[(0, 2)])])


def comes_late_untimed() -> Scene:
    """The same of a client that tells no times."""
    c, a = customer(), agent()
    lines, untold = (Line("1"), Line("2", "inactive")), frozenset({"stays"})
    acts = [
        invite(said((c, "c"), lacks=untold), lines),
        again(2, said((c, "c"), (a, "a"), lacks=untold)),
    ]
    speech = (Speech(c, 0), Speech(a, 1, 2))
    return Scene(acts, [Truth(stays=(Stay(c), Stay(a, 2)), speech=speech, holds=[(0, 2)])])


def leaves() -> Scene:
    """A partial document says that the agent has left."""
    c, a = customer(), agent()
    acts = [invite(said((c, "c"), (a, "a"))), update(3, said(left=[a], mode="partial", at_s=3))]
    speech = (Speech(c, 0), Speech(a, 1, 0, 3))
    return Scene(acts, [Truth(stays=(Stay(c), Stay(a, 0, 3)), speech=speech)])


def leaves_and_comes_back() -> Scene:
    """By partial documents."""
    c, a = customer(), agent()
    acts = [
        invite(said((c, "c"), (a, "a"))),
        update(2, said(left=[a], mode="partial", at_s=2)),
        update(4, said((a, "a"), mode="partial", since={"agnt": 4})),
    ]
    return Scene(acts, [_came_back(c, a)])


def comes_back_in_whole_documents() -> Scene:
    """Who is not in a complete document has left."""
    c, a = customer(), agent()
    acts = [
        invite(said((c, "c"), (a, "a"))),
        update(2, said((c, "c"))),
        update(4, said((c, "c"), (a, "a"), since={"agnt": 4})),
    ]
    return Scene(acts, [_came_back(c, a)])


def _came_back(c: Person, a: Person) -> Truth:
    speech = (Speech(c, 0, 0, _SIX), Speech(a, 1, 0, 2), Speech(a, 1, 4, _SIX))
    stays = (Stay(c), Stay(a, 0, 2), Stay(a, 4))
    return Truth(stays=stays, speech=speech, until_s=_SIX)


def third_comes() -> Scene:
    """With a line of its own."""
    c, a, b = customer(), agent(), agent(own_id="second")
    three = said((c, "c"), (a, "a"), (b, "b"), since={"second": 2})
    speech = (*both(c, a), Speech(b, 2, 2))
    truth = Truth(stays=(*whole(c, a), Stay(b, 2)), speech=speech)
    return Scene([invite(said((c, "c"), (a, "a"))), again(2, three, THREE)], [truth])


def third_comes_and_leaves() -> Scene:
    """And its line with it."""
    c, a, b = customer(), agent(), agent(own_id="second")
    two = said((c, "c"), (a, "a"))
    gone = (*TWO, Line("3", is_there=False))
    acts = [
        invite(two),
        again(1, said((c, "c"), (a, "a"), (b, "b"), since={"second": 1}), THREE),
        again(3, two, gone),
    ]
    truth = Truth(stays=(*whole(c, a), Stay(b, 1, 3)), speech=(*both(c, a), Speech(b, 2, 1, 3)))
    return Scene(acts, [truth])


def three_at_once() -> Scene:
    """From the begin on."""
    c, a, b = customer(), agent(), agent(own_id="second")
    acts = [invite(said((c, "c"), (a, "a"), (b, "b")), THREE)]
    return Scene(acts, [Truth(stays=whole(c, a, b), speech=both(c, a, b))])


def transferred() -> Scene:
    """Another agent speaks on the first one's stream from then on."""
    c, a, b = customer(), agent(), agent(own_id="second")
    acts = [
        invite(said((c, "c"), (a, "a"))),
        update(2, said((b, "a"), left=[a], mode="partial", at_s=2, since={"second": 2})),
    ]
    speech = (Speech(c, 0), Speech(a, 1, 0, 2), Speech(b, 1, 2))
    return Scene(acts, [Truth(stays=(Stay(c), Stay(a, 0, 2), Stay(b, 2)), speech=speech)])


def transferred_and_back() -> Scene:
    """The first one takes his place again."""
    c, a, b = customer(), agent(), agent(own_id="second")
    acts = [
        invite(said((c, "c"), (a, "a"))),
        update(2, said((b, "a"), left=[a], mode="partial", at_s=2, since={"second": 2})),
        update(4, said((a, "a"), left=[b], mode="partial", at_s=4, since={"agnt": 4})),
    ]
    speech = (Speech(c, 0, 0, _SIX), Speech(a, 1, 0, 2), Speech(b, 1, 2, 4), Speech(a, 1, 4, _SIX))
    stays = (Stay(c), Stay(a, 0, 2), Stay(b, 2, 4), Stay(a, 4))
    return Scene(acts, [Truth(stays=stays, speech=speech, until_s=_SIX)])


def transferred_to_another_line() -> Scene:
    """The first one's line is taken away."""
    c, a, b = customer(), agent(), agent(own_id="second")
    lines = (Line("1"), Line("2", is_there=False), Line("3"))
    acts = [
        invite(said((c, "c"), (a, "a"))),
        again(2, said((c, "c"), (b, "b"), since={"second": 2}), lines),
    ]
    speech = (Speech(c, 0), Speech(a, 1, 0, 2), Speech(b, 2, 2))
    return Scene(acts, [Truth(stays=(Stay(c), Stay(a, 0, 2), Stay(b, 2)), speech=speech)])


def customer_is_transferred() -> Scene:
    """The stranger's stream is taken by another stranger."""
    c, a, d = customer(), agent(), customer(own_id="other")
    acts = [
        invite(said((c, "c"), (a, "a"))),
        update(2, said((d, "c"), left=[c], mode="partial", at_s=2, since={"other": 2})),
    ]
    speech = (Speech(c, 0, 0, 2), Speech(a, 1), Speech(d, 0, 2))
    return Scene(acts, [Truth(stays=(Stay(c, 0, 2), Stay(a), Stay(d, 2)), speech=speech)])


def _held(c: Person, a: Person, *, also: bool = False) -> Truth:
    speech = [Speech(c, 0, 0, 2), Speech(c, 0, 4, _SIX)]
    if also:
        speech += [Speech(a, 1, 0, 2), Speech(a, 1, 4, _SIX)]
    else:
        speech += [Speech(a, 1, 0, _SIX)]
    return Truth(stays=whole(c, a), speech=speech, until_s=_SIX, holds=[(2, 4)])


def held_by_metadata() -> Scene:
    """Who is held sends on no stream."""
    c, a = customer(), agent()
    acts = [
        invite(said((c, "c"), (a, "a"))),
        update(2, said((c, ""), mode="partial")),
        update(4, said((c, "c"), mode="partial")),
    ]
    return Scene(acts, [_held(c, a)])


def held_by_sdp() -> Scene:
    """One line is inactive."""
    c, a = customer(), agent()
    two = said((c, "c"), (a, "a"))
    acts = [invite(two), again(2, two, (Line("1", "inactive"), Line("2"))), again(4, two)]
    return Scene(acts, [_held(c, a)])


def held_by_port() -> Scene:
    """One line has port 0, and comes back under its label."""
    c, a = customer(), agent()
    two = said((c, "c"), (a, "a"))
    acts = [invite(two), again(2, two, (Line("1", is_there=False), Line("2"))), again(4, two)]
    return Scene(acts, [_held(c, a)])


def both_held() -> Scene:
    """Both lines are inactive, and the offers come without a document."""
    c, a = customer(), agent()
    lines = (Line("1", "inactive"), Line("2", "inactive"))
    acts = [invite(said((c, "c"), (a, "a"))), again(2, None, lines), again(4, None)]
    return Scene(acts, [_held(c, a, also=True)])


def told_again_and_again() -> Scene:
    """The same document three times is no news."""
    c, a = customer("Mio Abe"), agent("Ken Ito")
    two = said((c, "c"), (a, "a"))
    acts = [invite(two), again(1, two), update(2, two), again(3, two)]
    return Scene(acts, [Truth(stays=whole(c, a), speech=both(c, a))])


def named_late() -> Scene:
    """The name comes while the call is up."""
    c, a = customer(), agent()
    known = replace(a, name="Nao Ueda", names=("Nao Ueda",))
    acts = [invite(said((c, "c"), (a, "a"))), update(2, said((known, "a"), mode="partial"))]
    return Scene(acts, [Truth(stays=whole(c, known), speech=both(c, known))])


def described_late() -> Scene:
    """The call begins without a word of anybody."""
    c, a = customer(), agent()
    acts = [invite(None), update(2, said((c, "c"), (a, "a")))]
    flags = frozenset({"metadata_missing"})
    return Scene(acts, [Truth(stays=whole(c, a), speech=both(c, a), flags=flags)])


def hangs_up_at_once() -> Scene:
    """A second of sound."""
    c, a = customer(), agent()
    speech = (Speech(c, 0, 0, 1), Speech(a, 1, 0, 1))
    truth = Truth(stays=whole(c, a), speech=speech, until_s=1)
    return Scene([invite(said((c, "c"), (a, "a")))], [truth])


def silent_in_between() -> Scene:
    """Two seconds without a packet."""
    c, a = customer(), agent()
    speech = (Speech(c, 0), Speech(a, 1, 0, 1), Speech(a, 1, 3))
    truth = Truth(stays=whole(c, a), speech=speech)
    return Scene([invite(said((c, "c"), (a, "a")))], [truth])


PEOPLE: Final[Scenes] = {
    "two people": plain,
    "begins to speak late": lambda: _spoken(2, SECONDS, EDGE),
    "stops speaking": lambda: _spoken(0, 3, EDGE),
    "is silent in between": silent_in_between,
    "never speaks": lambda: _spoken(0, 0, frozenset({"side_missing"})),
    "comes late": comes_late,
    "comes late, untimed": comes_late_untimed,
    "leaves": leaves,
    "leaves and comes back": leaves_and_comes_back,
    "leaves and comes back in whole documents": comes_back_in_whole_documents,
    "a third comes": third_comes,
    "a third comes and leaves": third_comes_and_leaves,
    "three at once": three_at_once,
    "transferred": transferred,
    "transferred and back": transferred_and_back,
    "transferred to another line": transferred_to_another_line,
    "the customer is transferred": customer_is_transferred,
    "held by metadata": held_by_metadata,
    "held by SDP": held_by_sdp,
    "held by port 0": held_by_port,
    "both held": both_held,
    "told again and again": told_again_and_again,
    "named late": named_late,
    "described late": described_late,
    "hangs up at once": hangs_up_at_once,
}
