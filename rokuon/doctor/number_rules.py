"""Which `internal_numbers` of a source would tell the sides that are guessed.

Pure, from numbers that were seen. Knows nothing of where they stood.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Final

from capture.recording.party_sides import fits_number

# More are no rule: whoever has as many imports the table of agents.
MOST_ENTRIES: Final = 16
_TWO: Final = 2


def proposed(short: Iterable[str], full: Sequence[str]) -> tuple[str, ...]:
    """A pattern for what extensions of a length have in common, else each of them.

    No pattern that would fit a whole number that was seen: it goes by the begin alone, whatever the
    length. () where there are none, or too many to list.
    """
    by_length: defaultdict[int, list[str]] = defaultdict(list)
    for number in sorted(set(short)):
        by_length[len(number)].append(number)
    found = dict.fromkeys(
        entry for _, numbers in sorted(by_length.items()) for entry in _entries(numbers, full)
    )
    return tuple(found) if len(found) <= MOST_ENTRIES else ()


def _entries(numbers: Sequence[str], full: Sequence[str]) -> Sequence[str]:
    # Sorted and of one length: what the first and the last begin with, all begin with.
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(numbers[0], numbers[-1], strict=True))
    pattern = "".join(digit for digit, _ in pairs) + "*"
    is_told_apart = not any(fits_number(each, pattern) for each in full)
    return [pattern] if len(numbers) >= _TWO and len(pattern) > 1 and is_told_apart else numbers
