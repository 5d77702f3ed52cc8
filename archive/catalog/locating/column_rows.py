"""From what the index says of recordings to rows of columns (`docs/locate.md`).

Pure. Knows nothing of SQL or files.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from archive.catalog.locating.call_backs import CallBacks
from archive.catalog.locating.recording_facts import Facts, RecordingFacts, Stay
from archive.catalog.locating.whole_call import Part, Told, Whole, told_in_part, told_of_call_back
from archive.locate.columns.flags import CALLED_BACK, DIRECTIONS, HELD, TRANSFERRED, WHY
from archive.locate.columns.layout import NUMBER_BYTES
from archive.locate.columns.parted import MOST_OTHERS, SOURCE_PARTED, Parted
from archive.locate.columns.source import SOURCE, Source, SourceRows
from archive.locate.withheld_numbers import Withheld, why_hidden

_INBOUND: Final = frozenset({"inbound", "unknown"})
_KEYS: Final = {"queue": "q", "controller": "c", "purpose": "p"}


@dataclass(slots=True)
class Texts:
    """Texts in the order in which they were first needed; the empty one is nobody."""

    texts: list[str] = field(default_factory=lambda: [""])
    _places: dict[str, int] = field(default_factory=lambda: {"": 0})

    def place(self, text: str) -> int:
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
    _parted: dict[int, list[Told]] = field(default_factory=dict)
    _backs: CallBacks = field(default_factory=CallBacks)

    def add(self, facts: Facts, wanted: Iterable[int]) -> None:
        """Rows of those that are wanted; `facts` have those of the same conversations, too."""
        together: defaultdict[int, list[Part]] = defaultdict(list)
        for one in facts.values():
            part = Part(one, self._group(one), _in_force(one), numbers_of(one))
            together[one.own.conversation].append(part)
            self._backs.add(one.own, part.group, part.numbers)
        made: list[tuple[Any, ...]] = []
        kept = frozenset(wanted)
        for parts in together.values():
            whole = Whole.of(parts)
            for part in parts:
                if part.facts.own.row in kept:
                    made += self._rows_of(part, whole)
                    if len(parts) > 1 and (told := told_in_part(parts, part.group)):
                        self._parted[part.facts.own.row] = told
        self._rows.append(np.array(made, SOURCE))

    def add_beside(self, facts: Facts) -> None:
        """Calls that have no rows here: who was called back, or calls back."""
        for one in facts.values():
            self._backs.add(one.own, self._group(one), numbers_of(one))

    def source(self) -> Source:
        rows = np.concatenate([np.empty(0, SOURCE), *self._rows])
        self._call_back(rows)
        return Source(rows, self._agents.texts, self._groups.texts, self._told_in_part())

    def _call_back(self, rows: SourceRows) -> None:
        others = self._backs.others()
        at = np.flatnonzero(np.isin(rows["recording"], list(others)))
        _, firsts = np.unique(rows["recording"][at], return_index=True)
        some = rows[at[firsts]][["recording", "group", "flags", "duration_ms"]].tolist()
        for recording, group, flags, length_ms in some:
            own, groups = self._groups.texts[group], others[recording]
            parted = self._parted.get(recording)
            if parted is None and own not in groups:
                parted = self._parted[recording] = [Told((), Whole(flags & TRANSFERRED, length_ms))]
            if parted is not None:
                parted += told_of_call_back(groups, own)
        rows["flags"][at] |= CALLED_BACK

    def _told_in_part(self) -> Parted:
        told = [(row, *each) for row, parted in self._parted.items() for each in parted]
        place, nobody = self._groups.place, [0] * MOST_OTHERS
        made = np.zeros(len(told), SOURCE_PARTED)
        made["recording"] = [row for row, _, _ in told]
        others = [[*map(place, others), *nobody][:MOST_OTHERS] for _, others, _ in told]
        made["others"] = np.array(others, np.int64).reshape(made["others"].shape)
        made["flags"] = [whole.flags for _, _, whole in told]
        made["duration"] = [whole.length_ms for _, _, whole in told]
        return made

    def _rows_of(self, part: Part, whole: Whole) -> Iterator[tuple[Any, ...]]:
        one, own = part.facts, part.facts.own
        group = self._groups.place(part.group)
        line, numbers = line_of(one)[:NUMBER_BYTES], part.numbers or ("",)
        flags = DIRECTIONS[own.direction] | whole.flags
        flags |= HELD if own.held_ms else 0
        why = None if part.numbers else why_withheld(one)
        flags |= WHY[why] if why else 0
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
