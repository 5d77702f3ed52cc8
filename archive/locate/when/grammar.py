"""Rules of a grammar as a table, and their one pass over pieces.

Each rule names the kinds that stand together and makes a value of them; the longest that makes
one wins. A rule is bounded, so the pass takes time in proportion to the text. Knows no word.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import product
from typing import Final

from archive.locate.when.periods import (
    Days,
    Listed,
    Month,
    Monthly,
    Setting,
    Weekdays,
    Year,
    Yearly,
)
from archive.locate.when.pieces import Piece, Pieces

Rule = Callable[[Setting, Pieces], object | None]
# The kinds, what must not follow them, the rule.
Row = tuple[tuple[str, ...], frozenset[str], Rule]
Table = dict[str, list[Row]]
_KINDS: Final[Mapping[type, str]] = {
    Days: "days",
    Year: "year",
    Month: "month_of",
    Yearly: "yearly",
    Monthly: "monthly",
    Weekdays: "weekdays",
    Listed: "listed",
}


def kind_of(value: object) -> str:
    """The kind of piece that a value becomes."""
    return _KINDS.get(type(value)) or str(getattr(value, "kind", "unknown"))


def table(rules: Iterable[tuple[str, Rule]]) -> Table:
    """Rules by the kind that they begin with, longest first.

    "a|b" is either, "a?" may be missing, "!a|b" at the end is what must not follow.
    """
    made: Table = defaultdict(list)
    for pattern, rule in rules:
        kinds, _, stops = pattern.partition(" !")
        choices = [
            [*part.rstrip("?").split("|"), *([""] if part.endswith("?") else [])]
            for part in kinds.split()
        ]
        for chosen in product(*choices):
            row = tuple(each for each in chosen if each)
            made[row[0]].append((row, frozenset(stops.split("|")), rule))
    for each in made.values():
        each.sort(key=lambda row: -len(row[0]))
    return dict(made)


def apply(rules: Table, pieces: Pieces, setting: Setting) -> Pieces:
    """The pieces with all that a rule fits put together; each piece is used once."""
    kinds = tuple(each.kind for each in pieces)
    put: list[Piece] = []
    at = 0
    while at < len(pieces):
        found, length = _first(rules.get(kinds[at], ()), kinds, at, (pieces, setting))
        put.append(pieces[at] if found is None else found)
        at += length
    return tuple(put)


def _first(
    rows: Iterable[Row], kinds: tuple[str, ...], at: int, given: tuple[Pieces, Setting]
) -> tuple[Piece | None, int]:
    """The value that the first of these rules makes from here, and of how many pieces."""
    pieces, setting = given
    for pattern, stops, rule in rows:
        end = at + len(pattern)
        if kinds[at:end] != pattern or (end < len(kinds) and kinds[end] in stops):
            continue
        value = rule(setting, pieces[at:end])
        if value is not None:
            return _joined(value, pieces[at:end]), len(pattern)
    return None, 1


def _joined(value: object, taken: Pieces) -> Piece:
    first, last = taken[0], taken[-1]
    return Piece(
        kind=kind_of(value),
        value=value,
        begin=first.begin,
        end=last.end,
        lead=first.lead,
        opens=first.opens,
    )
