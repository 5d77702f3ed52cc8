"""Alice and Bob with phones that nobody here wrote, and what both must have heard in the end.

Knows nothing of which phones they have.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from tests.scenarios.hearing import RATE, Place, find, read, spoken
from tests.scenarios.inline.kept import AGENT, CUSTOMER, NODE, Kept, notice
from tests.scenarios.inline.talk import ringback
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, Speech
from tests.scenarios.waiting import until

# Until the notice is through, and something was said after it.
LONG_ENOUGH_S: Final = 15.0


def hear_each_other(caller: Path, callee: Path) -> None:
    """While they still talk: the caller hears the whole notice, then the callee, and he the caller.

    What is heard before the notice is early media, or ourselves.
    """
    told = until(lambda: _told(caller), "the notice", within_s=LONG_ENOUGH_S)
    end = round((told.at_s + len(notice()) / RATE) * RATE)
    until(lambda: find(read(caller)[end:], spoken(AGENT_SAYS)) or None, "the callee")
    until(lambda: find(read(callee), spoken(CUSTOMER_SAYS)) or None, "the caller")


def hears_anew(sides: Sequence[tuple[Path, Speech]]) -> None:
    """Each hears from now on, from its begin to its end, what the other one says."""
    marks = [len(read(heard)) for heard, _ in sides]
    for mark, (heard, said) in zip(marks, sides, strict=True):
        until(
            lambda m=mark, h=heard, s=said: find(read(h)[m:], spoken(s)) or None,  # type: ignore[misc]  # bound now
            f"{said} anew",
        )


def _told(caller: Path) -> Place | None:
    """Where all of the notice is."""
    if not caller.exists():
        return None
    heard, wanted = read(caller), notice()
    found = find(heard, wanted)
    ends = round(found.at_s * RATE) + len(wanted) <= len(heard)
    return found if found and ends else None


def heard_in_order(caller: Path, callee: Path) -> None:
    """When it is over: first what the node plays, then the other side, never oneself."""
    alice, bob = read(caller), read(callee)
    told, bobs = find(alice, notice()), find(alice, spoken(AGENT_SAYS))
    rang, alices = find(bob, ringback()), find(bob, spoken(CUSTOMER_SAYS))
    assert told
    assert rang
    assert told.at_s < bobs.at_s
    assert rang.at_s < alices.at_s
    assert not find(alice, spoken(CUSTOMER_SAYS))
    assert not find(bob, spoken(AGENT_SAYS))
    assert not find(bob, notice())


def kept_whole(
    kept: Kept, *, flags: frozenset[str] = frozenset(), sealed: Collection[str] = ()
) -> None:
    """The notice is true, nothing is from before it, both voices are on their lanes in their time.

    `sealed` are the sides that speak by SRTP.
    """
    assert kept.recorded.flags == flags
    said = kept.notice_is_true()
    assert kept.began_us >= said.until_us
    kept.nothing_from_before()
    kept.in_their_time(sealed=sealed)
    lanes = [kept.audio[:, lane].astype(np.float64) for lane in (CUSTOMER, AGENT, NODE)]
    customer, agent, node = lanes
    spoke, answered, played = (
        find(lane, said_)
        for lane, said_ in zip(
            lanes, (spoken(CUSTOMER_SAYS), spoken(AGENT_SAYS), notice()), strict=True
        )
    )
    assert played
    assert spoke
    assert answered
    assert played.at_s < min(spoke.at_s, answered.at_s)
    assert not find(customer, spoken(AGENT_SAYS))
    assert not find(agent, spoken(CUSTOMER_SAYS))
    assert not find(node, spoken(CUSTOMER_SAYS))
