"""Log rates of a number that is told to have been withheld, by the flags of a call.

Pure arrays. A reason fits as verdicts say that it does; one told for another is near.
"""

import math
from dataclasses import dataclass

import numpy as np

from archive.locate.columns.flags import why_of
from archive.locate.columns.weights import Rates
from archive.locate.ranking.memory_rates import NumberErrors
from archive.locate.ranking.ratios import Floats, only
from archive.locate.ranking.reached import Counts
from archive.locate.ranking.remembered_number import FLAGS, Numbers
from archive.locate.withheld_numbers import Withheld


@dataclass(frozen=True, slots=True)
class HiddenNumber:
    """That no number was shown; `flags` are the log rates by the flags of a row."""

    flags: Floats

    @classmethod
    def certain(cls, told: Withheld | None, counts: Counts) -> "HiddenNumber":
        """Only of calls that were withheld so; `counts` are the rows by their flags."""
        fits = np.array([why is not None and why.fits(told) for why in map(why_of, FLAGS)])
        return cls(only(fits, counts, float(counts.sum())))

    @classmethod
    def likely(cls, told: Withheld | None, errors: NumberErrors) -> "HiddenNumber":
        """Beside a call whose number was shown, and that it was not is told wrongly."""
        hidden = math.log((1 - errors.withheld_unknown) / errors.withheld_wrongly)
        otherwise = hidden + math.log(errors.other_reason)
        rates = [
            0.0 if why is None else hidden if why.fits(told) else otherwise
            for why in map(why_of, FLAGS)
        ]
        return cls(np.array(rates))

    def of(self, numbers: Numbers) -> Rates:
        """Nothing: the flags say all."""
        return np.zeros(len(numbers), np.float32)
