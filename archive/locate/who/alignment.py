"""Alignment of a row of sounds with a table of them: the rate at which one is taken for another.

Pure. Knows neither which sounds there are nor what is alike: `Costs` says that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Codes = npt.NDArray[np.uint8]
# Two neighbours that changed places (なかた, たなか apart: those are rotations).
SWAPPED_NEIGHBOURS: Final = 4.0
_NO_SOUND: Final = 0.0


@dataclass(frozen=True, slots=True)
class Costs:
    """− log of the rate at which a sound is taken for another, and is left out or put in.

    Square and symmetric; the last code is that of no sound at all, with which shorter rows are
    filled.
    """

    taken_for: Floats
    left_out: Floats

    @property
    def filling(self) -> int:
        """The code behind the end of a row."""
        return len(self.left_out) - 1


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of sounds side by side: a column each."""

    codes: Codes
    lengths: npt.NDArray[np.intp]


def side_by_side(rows: Sequence[bytes], filling: int) -> Rows:
    """Rows of sounds as columns of one array."""
    lengths = np.fromiter(map(len, rows), dtype=np.intp, count=len(rows))
    codes = np.full((int(lengths.max(initial=0)), len(rows)), filling, dtype=np.uint8)
    for at, row in enumerate(rows):
        codes[: len(row), at] = np.frombuffer(row, dtype=np.uint8)
    return Rows(codes, lengths)


def distances(wanted: bytes, rows: Rows, costs: Costs) -> Floats:
    """The least − log rate of every way in which `wanted` becomes each of the rows.

    Takes time of the length of `wanted` times the cells of `rows`.
    """
    width, count = rows.codes.shape
    put_in = costs.left_out[rows.codes]
    before_last = last = np.zeros((width + 1, count), dtype=np.float32)
    for at in range(width):
        last[at + 1] = last[at] + put_in[at]
    for at, sound in enumerate(wanted):
        row = np.empty_like(last)
        row[0] = last[0] + costs.left_out[sound]
        row[1:] = np.minimum(
            last[:-1] + costs.taken_for[sound][rows.codes], last[1:] + costs.left_out[sound]
        )
        if at:
            swapped = (rows.codes[:-1] == sound) & (rows.codes[1:] == wanted[at - 1])
            changed = np.where(swapped, before_last[:-2] + SWAPPED_NEIGHBOURS, np.float32(np.inf))
            row[2:] = np.minimum(row[2:], changed)
        for behind in range(width):
            np.minimum(row[behind + 1], row[behind] + put_in[behind], out=row[behind + 1])
        before_last, last = last, row
    ends: Floats = last[rows.lengths, np.arange(count)]
    return ends


def with_filling(taken_for: Floats, left_out: Floats) -> Costs:
    """Costs of real sounds, and that of none behind them."""
    count = len(left_out)
    square = np.zeros((count + 1, count + 1), dtype=np.float32)
    square[:count, :count] = taken_for
    return Costs(square, np.append(left_out, np.float32(_NO_SOUND)))
