"""Agents and groups in the dictionaries of a month, as values.

Pure. Who an agent of the table is comes from outside.
"""

import json
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from archive.call.numbers import user_part
from archive.folded_names import fold_name
from archive.locate.columns.texts import Texts
from archive.locate.ranking.people import NOBODY, People, SpokenWith

_KEPT: Final = 1 << 16
# As most texts of agents are, for they are written as short as can be.
_SEATED: Final = np.frombuffer(b'{"p":', np.uint8)
_MAX_DIGITS: Final = 15
# "Billing" told of "billing 2".
_WITHIN: Final = 0.2


def agent_of(text: Any, people: People) -> SpokenWith | None:
    """None where nobody is known; of whom only the id is told all names count."""
    told = _read(text)
    if (seated := people.seated(told.get("p", NOBODY))) is not None:
        return seated
    agent_id, name = told.get("i", ""), told.get("n", "")
    found = SpokenWith(
        names=(name,) if name else people.names_of.get(agent_id, ()) if agent_id else (),
        agent_id=agent_id,
        extension=user_part(told.get("x", "")),
    )
    return None if found == SpokenWith() else found


def seats_of(texts: Texts) -> NDArray[np.int64]:
    """By code the row of the table of agents where a text tells of nothing else; else `NOBODY`."""
    ends = texts.ends.astype(np.int64)
    begins = np.append(0, ends[:-1])
    digits = ends - begins - len(_SEATED) - 1
    found = np.full(len(ends), NOBODY, np.int64)
    for count in range(1, _MAX_DIGITS + 1):
        own = np.flatnonzero(digits == count)
        told = texts.raw[begins[own][:, None] + np.arange(len(_SEATED) + count + 1)]
        number = told[:, len(_SEATED) : -1]
        is_seat = (told[:, : len(_SEATED)] == _SEATED).all(axis=1) & (told[:, -1] == ord("}"))
        is_seat &= ((number >= ord("0")) & (number <= ord("9"))).all(axis=1)
        value = (number[is_seat].astype(np.int64) - ord("0")) @ 10 ** np.arange(count)[::-1]
        found[own[is_seat]] = value
    return found


def queues_of(text: Any) -> tuple[str, ...] | None:
    """Folded; None where there is none."""
    return tuple(_read(text).get("q", ())) or None


@lru_cache(maxsize=_KEPT)
def _read(text: Any) -> dict[str, Any]:
    found = json.loads(text) if text else {}
    return found if isinstance(found, dict) else {}


def label_fit(told: tuple[str, ...], labels: tuple[str, ...]) -> float:
    """The fit of names of queues or teams: the same, one within the other, or not."""
    wanted, stored = map(fold_name, told), [fold_name(each) for each in labels]
    return max((_alike(one, other) for one in wanted for other in stored), default=0.0)


def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    return _WITHIN if one and other and (one in other or other in one) else 0.0
