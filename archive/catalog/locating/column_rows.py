"""From what the index says of recordings to rows of columns (`docs/locate.md`).

Pure. Knows nothing of SQL or files.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, Self

import numpy as np

from archive.call.numbers import user_part
from archive.catalog.locating.call_backs import CallBacks
from archive.catalog.locating.recording_facts import Facts, RecordingFacts, Stay
from archive.locate.columns.flags import CALLED_BACK, DIRECTIONS, HELD, TRANSFERRED, WITHHELD
from archive.locate.columns.layout import NUMBER_BYTES
from archive.locate.columns.source import SOURCE, Source, SourceRows
from archive.locate.numbers import Withheld
from archive.locate.whole_length import whole_length_ms

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
    _rows: list[SourceRows] = field(default_factory=list)
    _backs: CallBacks = field(default_factory=CallBacks)

    def add(self, facts: Facts, wanted: Iterable[int]) -> None:
        """Rows of those that are wanted; `facts` have those of the same conversations, too."""
        together: defaultdict[int, list[_Part]] = defaultdict(list)
        for one in facts.values():
            part = _Part(one, _in_force(one), numbers_of(one))
            together[one.own.conversation].append(part)
            self._backs.add(one.own, part.numbers)
        made: list[tuple[Any, ...]] = []
        kept = frozenset(wanted)
        for parts in together.values():
            whole = _Whole.of(parts)
            for part in parts:
                if part.facts.own.row in kept:
                    made += self._rows_of(part, whole)
        self._rows.append(np.array(made, SOURCE))

    def add_beside(self, facts: Facts) -> None:
        """Calls that have no rows here: who was called back, or calls back."""
        for one in facts.values():
            self._backs.add(one.own, numbers_of(one))

    def source(self) -> Source:
        """All that was added."""
        rows = np.concatenate([np.empty(0, SOURCE), *self._rows])
        rows["flags"][np.isin(rows["recording"], list(self._backs.rows()))] |= CALLED_BACK
        return Source(rows, self._agents.texts, self._groups.texts)

    def _rows_of(self, part: "_Part", whole: "_Whole") -> Iterator[tuple[Any, ...]]:
        one, own = part.facts, part.facts.own
        group = self._groups.place(self._group(one))
        line, numbers = line_of(one)[:NUMBER_BYTES], part.numbers or ("",)
        flags = DIRECTIONS[own.direction] | whole.flags
        flags |= HELD if own.held_ms else 0
        flags |= WITHHELD if not part.numbers and why_withheld(one) else 0
        for text in _with_former(one, part.agents) or ("",):
            agent = self._agents.place(text)
            for number in numbers:
                told = number[:NUMBER_BYTES]
                yield (
                    *(own.started_us, own.row, own.conversation, told, agent, line, group),
                    *(whole.length_ms, flags),
                )

    def _group(self, one: RecordingFacts) -> str:
        """What a reach may name; few texts for many recordings."""
        periods = [stay.period for stay in one.stays if stay.period is not None]
        told = (tuple(one.marks), tuple([self.teams.get(each, "") for each in periods]))
        if told not in self._named:
            self._named[told] = _group(*told)
        return self._named[told]


class _Part(NamedTuple):
    """A recording, who of ours took part in it, and the numbers of others."""

    facts: RecordingFacts
    agents: list[str]
    numbers: tuple[str, ...]


class _Whole(NamedTuple):
    """What every row of a conversation says, whichever recording it is of."""

    flags: int
    length_ms: int

    @classmethod
    def of(cls, parts: Sequence[_Part]) -> Self:
        """All its recordings; most have one."""
        agents = {text for part in parts for text in part.agents}
        own = [part.facts.own for part in parts]
        length_ms = own[0].duration_ms
        if len(own) > 1:
            length_ms = whole_length_ms((one.started_us, one.duration_ms) for one in own)
        return cls(TRANSFERRED if len(agents) > 1 else 0, length_ms)


def _group(marks: Iterable[tuple[str, str]], teams: Iterable[str]) -> str:
    named: defaultdict[str, set[str]] = defaultdict(set)
    for kind, value in marks:
        named[_KEYS[kind]].add(value)
    named["t"].update(team for team in teams if team)
    return _json({key: sorted(values) for key, values in named.items() if values})


def agents_of(one: RecordingFacts) -> list[str]:
    """Each of ours who took part, and who was said to have before somebody corrected it."""
    return _with_former(one, _in_force(one))


def _in_force(one: RecordingFacts) -> list[str]:
    return [_agent(one, stay) for stay in one.stays if stay.is_agent]


def _with_former(one: RecordingFacts, in_force: Sequence[str]) -> list[str]:
    former = [_json({"i": agent_id}) for agent_id in one.former_agents]
    return [text for text in dict.fromkeys([*in_force, *former]) if text]


def numbers_of(one: RecordingFacts) -> tuple[str, ...]:
    """Numbers of outside parties from the end, those of before a correction behind the others."""
    outside = _outside(one)
    own = [each for each in one.addresses if each.digits and each.leg in outside]
    if len(own) > 1:
        own.sort(key=lambda each: -each.in_force)
    return tuple(dict.fromkeys([each.digits for each in own]))


def _outside(one: RecordingFacts) -> frozenset[int]:
    return frozenset([stay.row for stay in one.stays if stay.may_be_outside])


def why_withheld(one: RecordingFacts) -> Withheld | None:
    """Why an outside party's number was not to be shown; None: it was, or nobody says so."""
    if numbers_of(one):
        return None
    outside = _outside(one)
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


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
