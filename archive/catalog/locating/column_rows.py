"""From what the index says of recordings to rows of columns (`docs/locate.md`).

Pure. Knows nothing of SQL or files.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final

import numpy as np

from archive.call.numbers import user_part
from archive.catalog.locating.recording_facts import Facts, RecordingFacts, Stay
from archive.locate.columns.layout import NUMBER_BYTES
from archive.locate.columns.source import SOURCE, Source
from archive.locate.numbers import Withheld
from archive.locate.whole_length import whole_length_ms

DIRECTIONS: Final = {"unknown": 0, "inbound": 1, "outbound": 2, "internal": 3}
TRANSFERRED: Final = 1 << 2
HELD: Final = 1 << 3
CALLED_BACK: Final = 1 << 4
WITHHELD: Final = 1 << 5
_INBOUND: Final = frozenset({"inbound", "unknown"})
# As devices and operators write that a number is not shown.
_HIDDEN: Final[Mapping[str, Withheld]] = {
    "anonymous": Withheld.CALLER,
    "restricted": Withheld.CALLER,
    "withheld": Withheld.CALLER,
    "private": Withheld.CALLER,
    "unavailable": Withheld.UNKNOWN,
    "payphone": Withheld.PAY_PHONE,
}
_HIDDEN_HOST: Final = "anonymous.invalid"
_KEYS: Final = {"queue": "q", "controller": "c", "purpose": "p"}


@dataclass(slots=True)
class Texts:
    """Texts in the order in which they were first needed; the empty one is nobody."""

    texts: list[str] = field(default_factory=lambda: [""])
    _places: dict[str, int] = field(default_factory=lambda: {"": 0})

    def place(self, text: str) -> int:
        """Where it stands."""
        found = self._places.setdefault(text, len(self.texts))
        if found == len(self.texts):
            self.texts.append(text)
        return found


@dataclass(slots=True)
class RowMaking:
    """Makes rows of recordings; `teams` has the team of each row of the table of agents."""

    teams: Mapping[int, str]
    _agents: Texts = field(default_factory=Texts)
    _groups: Texts = field(default_factory=Texts)
    _named: dict[tuple[tuple[tuple[str, str], ...], tuple[str, ...]], str] = field(
        default_factory=dict
    )
    _rows: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, facts: Facts, wanted: Iterable[int]) -> None:
        """Rows of those that are wanted; `facts` have those of the same conversations, too."""
        transferred, lengths_ms = _transferred(facts.values()), _lengths_ms(facts.values())
        for row in wanted:
            one = facts[row]
            flags = DIRECTIONS[one.own.direction] | (HELD if one.own.held_ms else 0)
            flags |= TRANSFERRED if one.own.conversation in transferred else 0
            flags |= WITHHELD if why_withheld(one) else 0
            self._add(one, flags, lengths_ms[one.own.conversation])

    def source(self, called_back: set[int]) -> Source:
        """All that was added; of which recordings were called back, or call back."""
        rows = np.array(self._rows, SOURCE) if self._rows else np.empty(0, SOURCE)
        rows["flags"][np.isin(rows["recording"], list(called_back))] |= CALLED_BACK
        return Source(rows, self._agents.texts, self._groups.texts)

    def _add(self, one: RecordingFacts, flags: int, length_ms: int) -> None:
        line, group = line_of(one), self._groups.place(self._group(one))
        agents = [self._agents.place(text) for text in agents_of(one)] or [0]
        for agent, number in product(agents, numbers_of(one) or ("",)):
            self._rows.append(
                (
                    *(
                        one.own.started_us,
                        one.own.row,
                        one.own.conversation,
                        number[:NUMBER_BYTES],
                        agent,
                    ),
                    *(line[:NUMBER_BYTES], group, length_ms, flags),
                )
            )

    def _group(self, one: RecordingFacts) -> str:
        """What a reach may name; few texts for many recordings."""
        periods = (stay.period for stay in one.stays if stay.period is not None)
        told = (tuple(one.marks), tuple(self.teams.get(each, "") for each in periods))
        if told not in self._named:
            self._named[told] = _group(*told)
        return self._named[told]


def _group(marks: Iterable[tuple[str, str]], teams: Iterable[str]) -> str:
    named: defaultdict[str, set[str]] = defaultdict(set)
    for kind, value in marks:
        named[_KEYS[kind]].add(value)
    named["t"].update(team for team in teams if team)
    return _json({key: sorted(values) for key, values in named.items() if values})


def agents_of(one: RecordingFacts) -> list[str]:
    """Each of ours who took part, and who was said to have before somebody corrected it."""
    found = [_agent(one, stay) for stay in one.stays if stay.is_agent]
    if not one.former_agents:
        return [text for text in dict.fromkeys(found) if text]
    found += [_json({"i": agent_id}) for agent_id in one.former_agents]
    return [text for text in dict.fromkeys(found) if text]


def numbers_of(one: RecordingFacts) -> tuple[str, ...]:
    """Numbers of outside parties from the end, those of before a correction behind the others."""
    outside = {stay.row for stay in one.stays if stay.may_be_outside}
    own = [each for each in one.addresses if each.leg in outside and each.digits]
    own.sort(key=lambda each: -each.in_force)
    return tuple(dict.fromkeys(each.digits for each in own))


def why_withheld(one: RecordingFacts) -> Withheld | None:
    """Why an outside party's number was not to be shown; None: it was, or nobody says so."""
    if numbers_of(one):
        return None
    outside = {stay.row for stay in one.stays if stay.may_be_outside}
    told = (why_hidden(each.raw) for each in one.addresses if each.leg in outside)
    return next((each for each in told if each is not None), None)


def why_hidden(raw: str) -> Withheld | None:
    """Why an address does not show the number, where it says that it does not."""
    told = raw.casefold()
    named = _HIDDEN.get(told) or _HIDDEN.get(user_part(told))
    return named or (Withheld.CALLER if _HIDDEN_HOST in told else None)


def line_of(one: RecordingFacts) -> str:
    """Of calls that may have come in."""
    return one.dialled[0] if one.dialled and one.own.direction in _INBOUND else ""


def _agent(one: RecordingFacts, stay: Stay) -> str:
    if stay.period is not None:
        return f'{{"p":{stay.period}}}'
    raws = [each.raw for each in one.addresses if each.leg == stay.row and each.in_force]
    told = {"i": stay.agent_id, "n": stay.name, "x": raws[0] if raws else ""}
    named = {key: value for key, value in told.items() if value}
    return _json(named) if named else ""


def _transferred(every: Iterable[RecordingFacts]) -> frozenset[int]:
    """Conversations in which more than one of ours took part."""
    agents: defaultdict[int, set[str]] = defaultdict(set)
    for one in every:
        agents[one.own.conversation].update(
            _agent(one, stay) for stay in one.stays if stay.is_agent
        )
    return frozenset(row for row, texts in agents.items() if len(texts) > 1)


def _lengths_ms(every: Iterable[RecordingFacts]) -> Mapping[int, int]:
    """Of each conversation, however many recordings it has."""
    parts: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for one in every:
        parts[one.own.conversation].append((one.own.started_us, one.own.duration_ms))
    return {row: whole_length_ms(own) for row, own in parts.items()}


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
