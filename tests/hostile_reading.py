"""The tables of `docs/hostile-reading.md`: what each reading found, and the tests that show it.

As a program it prints the tests, with `slow` those that are slow in whole, for `make hostile`.
Knows nothing of what they test.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

Reading = Literal["first", "second"]

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs/hostile-reading.md"
READINGS: Final[tuple[Reading, ...]] = ("first", "second")
# Where the second one begins.
SECOND: Final = "\n## The second reading\n"
_TEST: Final = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
_SLOW: Final = re.compile(r"^pytestmark = [^=]*\bslow\b", re.MULTILINE)
_CELLS: Final = 4


@dataclass(frozen=True, slots=True)
class Named:
    """A file of tests, or one test in it."""

    file: str
    test: str = ""

    @property
    def is_there(self) -> bool:
        """Whether there is such a file, and such a test in it."""
        path = ROOT / self.file
        return path.is_file() and (not self.test or f"def {self.test}(" in path.read_text("utf-8"))

    def __str__(self) -> str:
        return f"{self.file}::{self.test}" if self.test else self.file


@dataclass(frozen=True, slots=True)
class Line:
    """A row: what it is about, what was red, what is green, and what shows it."""

    cells: tuple[str, ...]

    @property
    def line(self) -> str:
        """Its name."""
        return self.cells[0]

    @property
    def is_whole(self) -> bool:
        """Whether every cell says something."""
        return len(self.cells) == _CELLS and all(self.cells)

    @property
    def tests(self) -> tuple[Named, ...]:
        """What shows it."""
        return tuple(Named(*found) for found in _TEST.findall(self.cells[-1]))


def rows(reading: Reading) -> tuple[Line, ...]:
    """Every line of a reading, in the order of its tables."""
    first, _, second = PAGE.read_text("utf-8").partition(SECOND)
    text = first if reading == "first" else second
    found = (row for row in text.splitlines() if row.startswith("| ") and row.endswith("|"))
    split = (tuple(cell.strip() for cell in row[1:-1].split(" | ")) for row in found)
    return tuple(Line(cells) for cells in split if cells[0] != "line")


def named() -> list[str]:
    """The tests of all tables, each once; a file that is named whole has its tests."""
    found = {each for reading in READINGS for row in rows(reading) for each in row.tests}
    whole = {each.file for each in found if not each.test}
    return sorted(str(each) for each in found if not each.test or each.file not in whole)


def slow() -> list[str]:
    """The files of these that are slow in whole: without them a line would have no test."""
    return [
        each for each in named() if _SLOW.search((ROOT / each.split("::")[0]).read_text("utf-8"))
    ]


if __name__ == "__main__":
    print(*(slow() if sys.argv[1:] == ["slow"] else named()), sep="\n")  # noqa: T201
