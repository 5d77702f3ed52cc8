"""What the rows of a conversation say, whichever recording they are of, and to whom.

Pure. A group is the text by which it is decided who may see a recording.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from itertools import chain, combinations
from typing import Final, NamedTuple, Self

from archive.catalog.locating.recording_facts import RecordingFacts
from archive.locate.columns.flags import CALLED_BACK, TRANSFERRED
from archive.locate.columns.parted import MOST_OTHERS
from archive.locate.whole_length import whole_length_ms

# Who sees some groups of more that called back is told nothing of it.
MOST_CALLING: Final = 16
_PURPOSES: Final = "p"
# That of no recording: whoever asks has another.
_NO_PURPOSE: Final = ""


class Part(NamedTuple):
    """A recording, its group, who of ours took part in it, and the numbers of others."""

    facts: RecordingFacts
    group: str
    agents: list[str]
    numbers: tuple[str, ...]


class Whole(NamedTuple):
    """The values that recordings have together."""

    flags: int = 0
    length_ms: int = 0

    @classmethod
    def of(cls, parts: Sequence[Part]) -> Self:
        """All its recordings; most have one."""
        agents = {text for part in parts for text in part.agents}
        own = [part.facts.own for part in parts]
        length_ms = own[0].duration_ms
        if len(own) > 1:
            length_ms = whole_length_ms((one.started_us, one.duration_ms) for one in own)
        return cls(TRANSFERRED if len(agents) > 1 else 0, length_ms)


class Told(NamedTuple):
    """At least these values are told to who reaches all of these groups of others."""

    others: tuple[str, ...]
    whole: Whole


def told_in_part(parts: Sequence[Part], own: str) -> list[Told]:
    """What is told of a recording of the group `own`, for all choices of others that matter.

    [] where all who see it are told the same. Over too many groups who does not see all is told
    what the own group alone has.
    """
    others = sorted({part.group for part in parts} - {own})
    apart = [(each,) for each in others] if len(others) <= MOST_OTHERS else [tuple(others)]
    found = {
        seen: Whole.of([part for part in parts if part.group in {own, *chain(*seen)}])
        for seen in _choices(apart)
    }
    matter = frozenset(
        each
        for each in apart
        if any(found[seen | {each}] != whole for seen, whole in found.items())
    )
    if not matter:
        return []
    return [
        Told(tuple(sorted(_reached_by(each) for each in seen)), whole)
        for seen, whole in found.items()
        if seen <= matter
    ]


def _choices(apart: Sequence[tuple[str, ...]]) -> Iterator[frozenset[tuple[str, ...]]]:
    for count in range(len(apart) + 1):
        yield from map(frozenset, combinations(apart, count))


def told_of_call_back(groups: Collection[str], own: str) -> list[Told]:
    told = Whole(CALLED_BACK)
    if own in groups:
        return [Told((), told)]
    if len(groups) > MOST_CALLING:
        return [Told((_reached_by(tuple(groups)),), told)]
    return [Told((each,), told) for each in sorted(groups)]


def _reached_by(groups: Sequence[str]) -> str:
    """A group that who reaches it reaches all of these by: of several the whole tenant's.

    Of whose purposes they have together.
    """
    if len(groups) == 1:
        return groups[0]
    told = [set(each[_PURPOSES]) for each in map(json.loads, groups) if _PURPOSES in each]
    if not told:
        return "{}"
    return json.dumps(
        {_PURPOSES: sorted(set.intersection(*told)) or [_NO_PURPOSE]},
        ensure_ascii=False,
        separators=(",", ":"),
    )
