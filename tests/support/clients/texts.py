"""Clients that write names and addresses oddly, withhold them, or have more than one call.

Knows nothing of what is made of them.
"""

from dataclasses import replace
from typing import Final

from tests.support.clients.documents import Line, Person, Said
from tests.support.clients.scene import (
    LABELS,
    Scene,
    Scenes,
    Speech,
    Truth,
    again,
    agent,
    both,
    customer,
    invite,
    said,
    whole,
)

FOUR: Final = tuple(Line(each) for each in "1234")
_FOUR_LABELS: Final = {**LABELS, "d": "4"}


def of(c: Person, a: Person) -> Scene:
    """These two, all the time."""
    return Scene([invite(said((c, "c"), (a, "a")))], [Truth(stays=whole(c, a), speech=both(c, a))])


def written(name: str, *names: str) -> Scene:
    """A customer whose name stands so in the document, and is found by these."""
    return of(customer(name, names=names), agent())


def addressed(form: str) -> Scene:
    """A customer whose number stands so in the document."""
    c = customer()
    return of(replace(c, aor=form.format(c.number, c.number[1:], c.number[3:])), agent())


def anonymous() -> Scene:
    """The caller withholds who it is."""
    hidden = replace(
        customer("Anonymous"), number="", aor="sip:anonymous@anonymous.invalid", names=()
    )
    return of(hidden, agent())


def both_anonymous() -> Scene:
    """Nobody can know who is ours."""
    nobody = replace(customer(), number="", aor="sip:anonymous@anonymous.invalid", side="")
    return of(nobody, replace(nobody, id="agnt", hertz=customer().hertz))


def nameless() -> Scene:
    """No address, a name alone."""
    return of(replace(customer("Sora Hara"), number="", aor=""), agent())


def same_number() -> Scene:
    """Both have the same address: whose side they are on nothing says."""
    c = replace(customer(), side="")
    return of(c, replace(c, id="agnt", hertz=customer().hertz))


def same_number_inside() -> Scene:
    """Both have the same address of ours: somebody calls his own mailbox."""
    a = agent()
    return of(replace(a, id="cust", hertz=customer().hertz), a)


def both_ours() -> Scene:
    """Two desks."""
    return of(agent("Rei Endo", own_id="cust"), agent("Yuma Ota"))


def _pairs() -> tuple[tuple[Person, Person], tuple[Person, Person]]:
    return (customer(), agent()), (customer(own_id="cust-2"), agent(own_id="agnt-2"))


def _told(pairs: tuple[tuple[Person, Person], ...], groups: dict[str, str]) -> Said:
    people = [who for pair in pairs for who in pair]
    return Said(
        people=[*zip(people, "cabd", strict=False)],
        labels=_FOUR_LABELS,
        sessions={
            f"call-{n}-{{own}}": tuple(who.id for who in pair) for n, pair in enumerate(pairs)
        },
        groups=groups,
    )


def _truths(pairs: tuple[tuple[Person, Person], ...]) -> list[Truth]:
    return [
        Truth(
            stays=whole(*pair),
            speech=[Speech(who, 2 * n + at) for at, who in enumerate(pair)],
        )
        for n, pair in enumerate(pairs)
    ]


def two_calls(*groups: str) -> Scene:
    """Two communication sessions at once in one recording session."""
    pairs = _pairs()
    named = {f"call-{n}-{{own}}": f"{group}-{{own}}" for n, group in enumerate(groups)}
    return Scene([invite(_told(pairs, named), FOUR)], _truths(pairs))


def one_of_two_ends() -> Scene:
    """Its lines are taken away, the second call goes on."""
    pairs = _pairs()
    later = replace(
        _told(pairs, {}),
        people=[*zip(pairs[1], "bd", strict=True)],
        sessions={"call-1-{own}": tuple(who.id for who in pairs[1])},
    )
    lines = (*(replace(each, is_there=False) for each in FOUR[:2]), *FOUR[2:])
    first, second = _truths(pairs)
    speech = [replace(each, until_s=3) for each in first.speech]
    first = replace(first, speech=speech, until_s=3, ended="session_ended")
    return Scene([invite(_told(pairs, {}), FOUR), again(3, later, lines)], [first, second])


TEXTS: Final[Scenes] = {
    "emoji": lambda: written("花子 🎌👩‍💼 Hanako", "花子", "Hanako"),
    "emoji alone beside a name": lambda: written("🦊 Kitsune Sato 🦊", "Kitsune Sato"),
    "CDATA": lambda: written("<![CDATA[Sato & Sons <Tokyo>]]>", "Sato", "Sons", "Tokyo"),
    "entities": lambda: written("O&apos;Brien &amp; S&#xF6;hne", "O'Brien", "Söhne"),
    "odd brackets": lambda: written("‹花子›", "花子"),
    "full width": lambda: written("ﾀﾅｶ　ハナコ", "タナカ ハナコ"),
    "a number in brackets": lambda: addressed("&lt;sip:{0}@carrier.example&gt;"),
    "a number with separators": lambda: addressed("tel:{0}"),
    "an escaped number": lambda: addressed("sip:%2B{1}@carrier.example;user=phone"),
    "a number without a scheme": lambda: addressed("{0}@192.0.2.44"),
    "an anonymous caller": anonymous,
    "both anonymous": both_anonymous,
    "no address": nameless,
    "the same number on both sides": same_number,
    "the same number of ours on both sides": same_number_inside,
    "two of ours": both_ours,
    "two groups": lambda: two_calls("group-1", "group-2"),
    "two calls of one group": lambda: two_calls("group-1", "group-1"),
    "two calls without a group": lambda: two_calls(),
    "one of two calls ends": one_of_two_ends,
}
