"""What the shape of numbers guesses in each client's session, of every outside and own number.

The numbers are written by hand, and so is whose they are. Knows nothing of how a side is decided.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, Literal

from archive.call.direction import decide
from archive.call.events import Event, ParticipantChanged, decode_event
from archive.call.facts import describe
from archive.call.legs import LegFacts
from archive.call.numbers import user_part
from tests.capture.siprec.stage import CLIENT, Stage
from tests.support.siprec.vendors import play
from tests.vendors.expected import EXPECTED
from tests.vendors.script import NAMES, Script, read, seeded

Verdict = Literal["right", "wrong", "says nothing", "decided otherwise"]
Place = tuple[str, str, str]
VERDICTS: Final[tuple[Verdict, ...]] = ("right", "says nothing", "wrong", "decided otherwise")
# Of a source in Japan.
OUTSIDE: Final[Mapping[str, tuple[str, ...]]] = {
    "a full number": ("0312347788", "09012345678", "0120444444", "0570064556", "05031234567"),
    "a full number with its country": ("+81312347788", "+14155550132", "+442079460000"),
    "a service of three digits": (
        "104", "110", "113", "114", "115", "116", "117", "118", "119", "171", "177", "188", "189",
    ),
    "nobody's": ("anonymous", "Restricted"),
    "an extension of another house": ("7001", "70012"),
}  # fmt: skip
OWN: Final[Mapping[str, tuple[str, ...]]] = {
    "an extension": ("26", "201", "2601", "26012", "260123"),
    "a direct number": ("0355509001", "+81355509002"),
    "a name": ("desk",),
}


def pairs() -> Iterator[tuple[str, str, str, str]]:
    """A kind of outside number and one of it, a kind of own number and one of it."""
    for kind, outside in OUTSIDE.items():
        for own_kind, own in OWN.items():
            for number in outside:
                yield from ((kind, number, own_kind, each) for each in own)


def with_numbers(script: Script, outside: str, own: str) -> Script:
    """The same session between these two."""
    (customer,) = (text for key, text in script.values.items() if key.startswith("number:"))

    def between(text: str) -> str:
        for number in ("+81355502001", "0355502001", "2001"):
            text = text.replace(number, "{own}")
        return text.replace(customer, outside).replace("{own}", own)

    messages = tuple(
        replace(
            each,
            headers=tuple(between(line) for line in each.headers),
            body=between(each.body),
        )
        for each in script.messages
    )
    return replace(script, messages=messages)


def judged(name: str, outside: str, own: str) -> Verdict:
    """What the shape says of this client's session between these two."""
    script = with_numbers(read(name, seeded(1)), outside, own)
    stage = Stage(source=replace(CLIENT, mode=EXPECTED[name].mode, country="JP"))
    for number, message in enumerate(script.messages):
        play(stage, message, number)
        stage.media().until(stage.now_s + 1)
    # Of a client whose session outlives its calls another recording may wait by now.
    told = [[decode_event(each.payload) for each in record.events] for record in stage.records()]
    events = max(
        told, key=lambda own: (sum(isinstance(each, ParticipantChanged) for each in own), len(own))
    )
    numbered = list(enumerate(events))
    people = describe(numbered, first_us=events[0].at_us, last_us=events[-1].at_us).people
    decided = decide(people.legs, people.evidence, [False] * len(people.legs)).sides
    if any(each.because not in {"number_shape", "first_stream", ""} for each in decided):
        return "decided otherwise"
    if not any(each.because == "number_shape" for each in decided):
        return "says nothing"
    is_outside = [_is(leg, outside) for leg in people.legs]
    customers = [each.side == "customer" for each in decided]
    return "right" if customers == is_outside else "wrong"


def _people_in(events: list[Event]) -> tuple[int, int]:
    return sum(isinstance(each, ParticipantChanged) for each in events), len(events)


def _is(leg: LegFacts, number: str) -> bool:
    return any(user_part(each.aor) == number for each in leg.addresses)


def counted() -> Mapping[Place, Counter[Verdict]]:
    """By client and both kinds, how many of its sessions came out how."""
    found: dict[Place, Counter[Verdict]] = {}
    for name in NAMES:
        for kind, outside, own_kind, own in pairs():
            verdict = judged(name, outside, own)
            found.setdefault((name, kind, own_kind), Counter())[verdict] += 1
    return found


def markdown(found: Mapping[Place, Counter[Verdict]]) -> str:
    """Both tables, as the page has them."""
    lines = [f"| outside, beside | {' | '.join(OWN)} |", "|" + "---|" * (len(OWN) + 1)]
    for kind in OUTSIDE:
        cells = (_cell(_total(found, {(name, kind, own) for name in NAMES})) for own in OWN)
        lines.append(f"| {kind} | {' | '.join(cells)} |")
    lines += ["", f"| client | {' | '.join(VERDICTS)} |", "|" + "---|" * (len(VERDICTS) + 1)]
    for name in NAMES:
        total = _total(found, {key for key in found if key[0] == name})
        lines.append(f"| `{name}` | {' | '.join(str(total[each]) for each in VERDICTS)} |")
    return "\n".join(lines)


def _total(found: Mapping[Place, Counter[Verdict]], places: set[Place]) -> Counter[Verdict]:
    return sum((found[each] for each in places), Counter[Verdict]())


def _cell(total: Counter[Verdict]) -> str:
    return ", ".join(f"{total[each]} {each}" for each in VERDICTS[:3] if total[each])


if __name__ == "__main__":
    sys.stdout.write(markdown(counted()) + "\n")
