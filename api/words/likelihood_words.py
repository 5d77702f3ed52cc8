"""How likely something is, as people read it: a chance in per cent, a score as so many times.

What most likely became of a call is a sentence.

Pure. Knows nothing of what is likely.
"""

import math
from collections.abc import Mapping
from typing import Final

from api.words.texts import Text, said

_HUNDRED: Final = 100
# Nearer to 0 or 1 than that it is told which side it is on.
_LEAST: Final = 0.01
_MOST_TIMES: Final = 1_000_000
_TWICE: Final = 2


def chance_told(chance: float) -> Text:
    """`93 %`; never 0 or 100, for nothing is as sure as that."""
    if chance < _LEAST:
        return Text(said("under {percent} %"), {"percent": "1"})
    if chance > 1 - _LEAST:
        return Text(said("over {percent} %"), {"percent": "99"})
    return Text(said("{percent} %"), {"percent": str(round(_HUNDRED * chance))})


# Likelier than all else together.
_HALF: Final = 0.5
_CAUSES: Final[Mapping[str, str]] = {
    "not_recorded": said("Most likely the call that is meant was not recorded."),
    "destroyed": said("Most likely the recording of the call that is meant was destroyed."),
    "never": said("Most likely there never was such a call, or not as it is remembered."),
}


def cause_told(chances: Mapping[str, float]) -> Text | None:
    """Why the call that is meant is most likely not to be found; None where it may be."""
    cause = next((each for each in _CAUSES if chances[each] > _HALF), None)
    return None if cause is None else Text(_CAUSES[cause])


def score_told(score: float) -> Text:
    """How much likelier than a call of which nothing is said: to one figure."""
    if score >= math.log(_MOST_TIMES):
        return Text(said("over a million times as likely as a call at random"))
    times = math.exp(score)
    if times < _TWICE:
        return Text(said("no likelier than a call at random"))
    figure = 10 ** math.floor(math.log10(times))
    told = f"{round(times / figure) * figure:,}"
    return Text(said("about {times} times as likely as a call at random"), {"times": told})
