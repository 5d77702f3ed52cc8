"""A legal hold: what is asked for, how the register writes its scope, and which state it is in.

Pure. Knows nothing of keys, of tables or of who may place one. (A party on hold is in `holds.py`.)
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from archive.errors import ArchiveError
from archive.lifecycle.hold_scope import HoldScope

State = Literal[
    "placing",  # destruction stops until it is active or cancelled
    "active",
    "released",  # what it held is kept until its time of grace is over
    "cancelled",  # it never became active
]
# Why a hold has a recording: it was placed so, another part came, or something said of it changed.
Because = Literal["placed", "part", "changed"]
Found = Literal["meant", "held", "destroyed", "unknown"]


class HoldOver(ArchiveError):
    """A step that the state of a hold does not allow."""

    def __init__(self, state: State) -> None:
        super().__init__(f"the hold is {state}")
        self.state: State = state


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldTerms:
    """What somebody wants held: for which matter, why, looked at again when, and what.

    `whole_conversation`: with each recording those of its conversation, also those that come to it.
    `future`: also what comes to fit the query later.
    """

    matter: str
    reason: str
    review_on: date
    scope: HoldScope
    whole_conversation: bool = False
    future: bool = False


def state_of(active_us: int | None, cancelled_us: int | None, released_us: int | None) -> State:
    """By the moments that the register has."""
    if cancelled_us is not None:
        return "cancelled"
    if released_us is not None:
        return "released"
    return "placing" if active_us is None else "active"
