"""Evidence of one clue on each value of each column: log rates by the codes of each month.

Pure arrays. Knows nothing of how they are added up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from archive.locate.ranking.asked import Found
from archive.locate.ranking.hidden_number import HiddenNumber
from archive.locate.ranking.ratios import Floats
from archive.locate.ranking.remembered_number import DeniedDigits, RememberedDigits
from archive.locate.ranking.windows import Windows

# By the codes of a column, for each month in turn.
Tables = Mapping[str, Sequence[Floats]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Of the clue at a place; what it says nothing of is left out."""

    place: int
    tables: Tables = field(default_factory=dict)
    cells: Floats | None = None  # by cell of local time
    windows: Windows | None = None
    # The tables of numbers are made when they are used.
    digits: RememberedDigits | DeniedDigits | HiddenNumber | None = None
    found: Found | None = None  # with the log rates of these, beside `others`
    others: float = 0.0
    not_kept: float = 0.0  # of a call of which nothing of the kind is kept, or of none
