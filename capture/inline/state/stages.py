"""How far each side of an inline call is, its notice, and who is to take a place.

Pure values.
"""

from enum import StrEnum
from typing import Final


class CallerStage(StrEnum):
    """How far we are with who called: asking, hearing before an answer, answered, acknowledged."""

    ASKING = "asking"
    EARLY = "early"
    ANSWERED = "answered"
    TALKING = "talking"
    GONE = "gone"


class CalleeStage(StrEnum):
    """How far we are with who is called; `SOUNDING`: it rings, and is heard before its answer."""

    IDLE = "idle"
    FINDING = "finding"
    DIALLING = "dialling"
    RINGING = "ringing"
    SOUNDING = "sounding"
    ANSWERED = "answered"
    GONE = "gone"


class NoticeStage(StrEnum):
    """How far a party's notice is; `HELD`: it is played again once the party listens again.

    `WITHDRAWN`: what it says is not true any more; who has heard it has not been told.
    """

    NONE = "none"
    DUE = "due"
    PLAYING = "playing"
    HELD = "held"
    SENT = "sent"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"


class TransferStage(StrEnum):
    """How far who is to take a place is: sought, called, ringing, or asked to come over.

    `COMING`: he came by himself, and is to answer our offer.
    """

    FINDING = "finding"
    DIALLING = "dialling"
    RINGING = "ringing"
    MOVING = "moving"
    COMING = "coming"


UNANSWERED: Final = frozenset({CallerStage.ASKING, CallerStage.EARLY})
RINGS: Final = frozenset({CalleeStage.RINGING, CalleeStage.SOUNDING})
# Who was called may answer yet.
DIALLED: Final = frozenset({CalleeStage.DIALLING, *RINGS})
OVER: Final = frozenset({CalleeStage.IDLE, CalleeStage.GONE})
