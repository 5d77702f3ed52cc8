"""Clients that swap, relabel or mix streams, associate nobody, or offer late.

Knows nothing of what is made of them.
"""

from dataclasses import replace
from typing import Final

from tests.support.clients.documents import Line, Said, description, document, message
from tests.support.clients.scene import (
    SECONDS,
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
from tests.support.clients.wire import Act

CROSSED: Final = (Line("2"), Line("1"))
MIX: Final = (Line("1"),)
GONE: Final = Line("2", is_there=False)
MISSING: Final = frozenset({"metadata_missing"})
MIXED: Final = frozenset({"mixed"})
_SIX: Final = 6


def swapped(how: str) -> Scene:
    """From the third second on each speaks on the other's m-line."""
    c, a = customer(), agent()
    straight, across = said((c, "c"), (a, "a")), said((c, "a"), (a, "c"))
    act = {
        "labels": again(2, straight, CROSSED),
        "a document": update(2, across),
        "a re-INVITE": again(2, across),
        "a partial document": update(2, replace(across, mode="partial")),
    }[how]
    speech = (Speech(c, 0, 0, 2), Speech(a, 1, 0, 2), Speech(c, 1, 2), Speech(a, 0, 2))
    return Scene([invite(straight), act], [Truth(stays=whole(c, a), speech=speech)])


def swapped_and_back() -> Scene:
    """Twice, by metadata."""
    c, a = customer(), agent()
    straight, across = said((c, "c"), (a, "a")), said((c, "a"), (a, "c"))
    acts = [invite(straight), update(2, across), update(4, straight)]
    speech = [Speech(who, line, at, at + 2) for at in (0, 4) for line, who in enumerate((c, a))]
    speech += [Speech(c, 1, 2, 4), Speech(a, 0, 2, 4)]
    return Scene(acts, [Truth(stays=whole(c, a), speech=speech, until_s=_SIX)])


def swapped_twice_over() -> Scene:
    """By labels and by metadata at once: all stay where they were."""
    c, a = customer(), agent()
    acts = [invite(said((c, "c"), (a, "a"))), again(2, said((c, "a"), (a, "c")), CROSSED)]
    return Scene(acts, [Truth(stays=whole(c, a), speech=both(c, a))])


def swapped_in_a_ring() -> Scene:
    """Three people, each on the next one's m-line."""
    people = (customer(), agent(), agent(own_id="second"))
    three = tuple(Line(each) for each in "123")
    ring = ("a", "b", "c")
    acts = [
        invite(said(*zip(people, "cab", strict=True)), three),
        update(2, said(*zip(people, ring, strict=True))),
    ]
    speech = [Speech(who, line, 0, 2) for line, who in enumerate(people)]
    speech += [Speech(who, (line + 1) % 3, 2) for line, who in enumerate(people)]
    return Scene(acts, [Truth(stays=whole(*people), speech=speech)])


def swapped_and_one_leaves() -> Scene:
    """The agent goes to the m-line of the customer, who leaves; his own is taken away."""
    c, a = customer(), agent()
    across = said((a, "c"), left=[c], mode="partial", at_s=2)
    acts = [invite(said((c, "c"), (a, "a"))), again(2, across, (Line("1"), GONE))]
    speech = (Speech(c, 0, 0, 2), Speech(a, 1, 0, 2), Speech(a, 0, 2))
    return Scene(acts, [Truth(stays=(Stay(c, 0, 2), Stay(a)), speech=speech)])


def goes_to_anothers_line() -> Scene:
    """The agent goes to the m-line of the customer, who leaves; nobody is on his own, which stays.

    Nothing sounds there, and he is silent nowhere.
    """
    c, a = customer(), agent()
    acts = [invite(said((c, "c"), (a, "a"))), again(2, said((a, "c")))]
    speech = (Speech(c, 0, 0, 2), Speech(a, 1, 0, 2), Speech(a, 0, 2))
    return Scene(acts, [Truth(stays=(Stay(c, 0, 2), Stay(a)), speech=speech)])


def relabelled() -> Scene:
    """The same lines and people under other labels."""
    c, a = customer(), agent()
    two = said((c, "c"), (a, "a"))
    other = replace(two, labels={"c": "71", "a": "72"})
    acts = [invite(two), again(2, other, (Line("71"), Line("72")))]
    return Scene(acts, [Truth(stays=whole(c, a), speech=both(c, a))])


def unlabelled() -> Scene:
    """No line has a label: streams are taken in order."""
    c, a = customer(), agent()
    acts = [invite(said((c, "c"), (a, "a")), (Line(""), Line("")))]
    return Scene(acts, [Truth(stays=whole(c, a), speech=both(c, a))])


def labels_the_other_way_round() -> Scene:
    """The first line is the agent's, the document names the customer first."""
    c, a = customer(), agent()
    truth = Truth(stays=whole(c, a), speech=(Speech(c, 1), Speech(a, 0)))
    return Scene([invite(said((c, "c"), (a, "a")), CROSSED)], [truth])


def another_sender() -> Scene:
    """Another SSRC goes on where the first one stops."""
    c, a = customer(), agent()
    speech = (Speech(c, 0), Speech(a, 1, 0, 2), Speech(a, 1, 2, SECONDS, 1))
    return Scene([invite(said((c, "c"), (a, "a")))], [Truth(stays=whole(c, a), speech=speech)])


def mixed_of_three() -> Scene:
    """All on one line."""
    c, a, b = customer(), agent(), agent(own_id="second")
    acts = [invite(said((c, "c"), (a, "c"), (b, "c")), MIX)]
    speech = (Speech(c, 0), Speech(a, 0, 0, 3), Speech(b, 0, 2))
    return Scene(acts, [Truth(stays=whole(c, a, b), speech=speech, flags=MIXED)])


def third_comes_into_the_mix() -> Scene:
    """By a whole document."""
    c, a, b = customer(), agent(), agent(own_id="second")
    acts = [
        invite(said((c, "c"), (a, "c")), MIX),
        update(2, said((c, "c"), (a, "c"), (b, "c"), since={"second": 2})),
    ]
    speech = (Speech(c, 0), Speech(a, 0), Speech(b, 0, 2))
    truth = Truth(stays=(*whole(c, a), Stay(b, 2)), speech=speech, flags=MIXED)
    return Scene(acts, [truth])


def one_leaves_the_mix() -> Scene:
    """By a partial document."""
    c, a, b = customer(), agent(), agent(own_id="second")
    acts = [
        invite(said((c, "c"), (a, "c"), (b, "c")), MIX),
        update(3, said(left=[a], mode="partial", at_s=3)),
    ]
    speech = (Speech(c, 0), Speech(a, 0, 0, 3), Speech(b, 0))
    truth = Truth(stays=(Stay(c), Stay(a, 0, 3), Stay(b)), speech=speech, flags=MIXED)
    return Scene(acts, [truth])


def mixed_beside_separate() -> Scene:
    """Two strangers on one line, the agent alone on the other."""
    c, d, a = customer(), customer(own_id="other"), agent()
    acts = [invite(said((c, "c"), (d, "c"), (a, "a")))]
    truth = Truth(
        stays=whole(c, d, a), speech=(Speech(c, 0), Speech(d, 0), Speech(a, 1)), flags=MIXED
    )
    return Scene(acts, [truth])


def separated_from_the_mix() -> Scene:
    """One line for both becomes two."""
    c, a = customer(), agent()
    acts = [invite(said((c, "c"), (a, "c")), MIX), again(2, said((c, "c"), (a, "a")), TWO)]
    speech = (Speech(c, 0), Speech(a, 0, 0, 2), Speech(a, 1, 2))
    return Scene(acts, [Truth(stays=whole(c, a), speech=speech, flags=MIXED)])


def unassociated(*lacks: str) -> Scene:
    """People, streams, and nobody says who speaks where."""
    c, a = customer(), agent()
    acts = [invite(replace(said((c, "c"), (a, "a")), lacks=frozenset(lacks)))]
    return Scene(acts, [Truth(stays=whole(c, a), speech=both(c, a), is_open=True)])


def without_stays() -> Scene:
    """Who speaks is told, not since when."""
    c, a = customer(), agent()
    acts = [invite(replace(said((c, "c"), (a, "a")), lacks=frozenset({"stays"})))]
    return Scene(acts, [Truth(stays=whole(c, a), speech=both(c, a))])


def without_metadata() -> Scene:
    """An offer, and no word of anybody."""
    c, a = customer(), agent()
    return Scene([invite(None)], [Truth(stays=(), speech=both(c, a), is_open=True, flags=MISSING)])


def offers_late() -> Scene:
    """The offer is the recorder's, the answer comes with the ACK."""
    c, a = customer(), agent()
    words = document(said((c, "c"), (a, "a")))
    acts = [Act(0, message("INVITE", metadata=words), description(TWO))]
    return Scene(acts, [Truth(stays=whole(c, a), speech=both(c, a))])


def offers_late_again() -> Scene:
    """A re-INVITE without an offer, in the middle."""
    c, a = customer(), agent()
    acts = [invite(said((c, "c"), (a, "a"))), Act(2, message("INVITE"), description(TWO))]
    return Scene(acts, [Truth(stays=whole(c, a), speech=both(c, a))])


def begins_partial() -> Scene:
    """The first document is partial, and says all the same who is there."""
    c, a = customer(), agent()
    words: Said = replace(said((c, "c"), (a, "a")), mode="partial")
    flags = frozenset({"metadata_incomplete"})
    truth = Truth(stays=whole(c, a), speech=both(c, a), flags=flags)
    return Scene([invite(words)], [truth])


STREAMS: Final[Scenes] = {
    "swapped by labels": lambda: swapped("labels"),
    "swapped by a document": lambda: swapped("a document"),
    "swapped by a re-INVITE": lambda: swapped("a re-INVITE"),
    "swapped by a partial document": lambda: swapped("a partial document"),
    "swapped and back": swapped_and_back,
    "swapped by labels and by metadata": swapped_twice_over,
    "swapped in a ring": swapped_in_a_ring,
    "swapped, and one leaves": swapped_and_one_leaves,
    "goes to another's line": goes_to_anothers_line,
    "relabelled": relabelled,
    "no labels": unlabelled,
    "labels the other way round": labels_the_other_way_round,
    "another SSRC": another_sender,
    "three on a mixed line": mixed_of_three,
    "a third comes into the mix": third_comes_into_the_mix,
    "one leaves the mix": one_leaves_the_mix,
    "a mixed line beside another": mixed_beside_separate,
    "separated from the mix": separated_from_the_mix,
    "no associations with streams": lambda: unassociated("streams"),
    "no associations": lambda: unassociated("streams", "stays"),
    "no associations with the session": without_stays,
    "no metadata": without_metadata,
    "offers late": offers_late,
    "asked to offer in mid-call": offers_late_again,
    "begins with a partial document": begins_partial,
}
