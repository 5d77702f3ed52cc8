"""How likely something is, as people read it: a chance in per cent, a score as so many times.

Pure. Knows nothing of what is likely.
"""

import math
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


def score_told(score: float) -> Text:
    """How much likelier than a call of which nothing is said: to one figure."""
    if score >= math.log(_MOST_TIMES):
        return Text(said("over a million times as likely as any call"))
    times = math.exp(score)
    if times < _TWICE:
        return Text(said("no likelier than any call"))
    figure = 10 ** math.floor(math.log10(times))
    told = f"{round(times / figure) * figure:,}"
    return Text(said("about {times} times as likely as any call"), {"times": told})
