"""Japanese surnames with how many people bear each, and what each is misheard as.

The counts are those of `japanese-personal-name-dataset` (MIT). Knows nothing of calls.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from japanese_personal_name_dataset import load_dataset

from eval.world.arrays import Floats, Ints

# Sounds that the telephone makes of one another (reference: law E5), each with its share of errors.
# Both ways; the longer of two is looked for first.
CONFUSED: Final = (
    ("さ", "か", 3.0), ("と", "ど", 2.0), ("た", "だ", 2.0), ("か", "が", 2.0), ("さ", "ざ", 1.0),
    ("す", "ず", 1.0), ("つ", "ず", 2.0), ("き", "ぎ", 1.0), ("し", "ひ", 2.0), ("し", "じ", 1.0),
    ("た", "な", 3.0), ("な", "ま", 2.0), ("に", "み", 2.0), ("ま", "や", 1.0), ("は", "あ", 1.0),
    ("わ", "は", 1.0), ("い", "り", 1.0), ("こ", "と", 2.0), ("え", "へ", 1.0), ("く", "つ", 1.0),
    ("おお", "お", 4.0), ("こう", "こ", 2.0), ("とう", "と", 3.0), ("どう", "ど", 1.0),
    ("ゆう", "ゆ", 1.0), ("っ", "", 1.0),
)  # fmt: skip

_TURNED: Final = 2.0


@dataclass(frozen=True, slots=True)
class Surnames:
    """The names, commonest first; a reading has a number of its own, names share it."""

    written: tuple[str, ...]
    romaji: tuple[str, ...]
    people: Floats
    reading_of: Ints
    readings: tuple[str, ...]
    number_of: Mapping[str, int]


@lru_cache(maxsize=1)
def surnames() -> Surnames:
    """All of them."""
    _, _, table = load_dataset("org", include_last_names=True)
    rows: list[tuple[float, str, str, str]] = []
    for written, told in table.items():
        rows.append((float(told["count"]), written, told["reading"], told["en"]))
    rows.sort(key=lambda row: (-row[0], row[1]))
    readings = tuple(dict.fromkeys(row[2] for row in rows))
    number_of = {reading: number for number, reading in enumerate(readings)}
    return Surnames(
        written=tuple(row[1] for row in rows),
        romaji=tuple(row[3].capitalize() for row in rows),
        people=np.array([row[0] for row in rows]),
        reading_of=np.array([number_of[row[2]] for row in rows], dtype=np.int64),
        readings=readings,
        number_of=number_of,
    )


@lru_cache(maxsize=10_000)
def misheard(reading: str) -> Mapping[str, float]:
    """Readings that one is taken for where it is not heard right; the shares are 1 together."""
    found: dict[str, float] = {}
    for heard, weight in (*_confused(reading), *_turned(reading)):
        if len(heard) > 1 and heard != reading:
            # A surname that exists is heard sooner than one that does not.
            share = weight * (10.0 if heard in surnames().number_of else 1.0)
            found[heard] = found.get(heard, 0.0) + share
    if not found:
        found[reading + "た"] = 1.0
    total = sum(found.values())
    return {heard: share / total for heard, share in found.items()}


def _confused(reading: str) -> Iterator[tuple[str, float]]:
    for one, other, weight in CONFUSED:
        for taken, put in ((one, other), (other, one)):
            at = reading.find(taken) if taken else -1
            while at >= 0:
                yield reading[:at] + put + reading[at + len(taken) :], weight
                at = reading.find(taken, at + 1)


def _turned(reading: str) -> Iterator[tuple[str, float]]:
    """Tanaka and Nakata."""
    for part in range(1, len(reading)):
        yield reading[part:] + reading[:part], _TURNED


@lru_cache(maxsize=1)
def heard_as() -> Mapping[str, Mapping[int, float]]:
    """Of each sound that is heard for another: by the number of the reading, its share there."""
    found: dict[str, dict[int, float]] = {}
    for number, reading in enumerate(surnames().readings):
        for heard, share in misheard(reading).items():
            found.setdefault(heard, {})[number] = share
    return found


@lru_cache(maxsize=10_000)
def spellings(reading: str) -> Mapping[str, float]:
    """Writings of a surname that was heard, by who knows no more; empty where nobody can."""
    names = surnames()
    number = names.number_of.get(reading)
    if number is None:
        return {}
    at = np.flatnonzero(names.reading_of == number)
    people = names.people[at]
    return {names.written[i]: float(n / people.sum()) for i, n in zip(at, people, strict=True)}
