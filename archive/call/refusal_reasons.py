"""What becomes of a call of a known source: its fate, and why there is no recording of it.

The one list of both. Pure, of one event. Knows nothing of SIP or of the catalog.
"""

from enum import StrEnum
from typing import Final

from archive.call.events import CallRefused, Event, Flag, Flagged, NoticePlayed, RecordingRefused

# As an INVITE is answered that is not refused (RFC 3261 §21.2).
CONNECTED: Final = range(200, 300)


class Fate(StrEnum):
    """What became of a call; each has one."""

    RECORDED = "recorded"
    WITHOUT_AUDIO = "without audio"
    CONNECTED_UNRECORDED = "connected unrecorded"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why a call has no recording, or no sound.

    Of a call that we have put through, those that begin with `NOT_RECORDED`.
    """

    NONE = ""  # it is recorded, as far as is known yet

    PASSWORD = "password"  # noqa: S105 - a reason, not one
    UNREADABLE = "unreadable"
    NO_RECORDING_SESSION = "no recording session"
    NO_ROUTE = "no route"
    TOO_FAR = "forwarded too often"
    LOOP = "loop"
    NO_DIALOG = "replaces no call that is up"
    NO_NOTICE = "the notice cannot be played"
    STRICT = "not by the RFC"
    UNKNOWN_BODY = "unknown body"
    MEDIA = "media not acceptable"
    FULL = "full"
    UNACKNOWLEDGED = "too many calls not acknowledged"
    DRAINING = "draining"
    CHALLENGED = "challenged"
    SIP = "refused by SIP"
    NOT_CONNECTED = "not connected"  # of rows of before 0.1.0, and where nothing tells more
    BUSY = "busy"
    UNANSWERED = "nobody answered"
    DECLINED = "declined"
    UNREACHABLE = "not reached"
    GAVE_UP = "the caller gave up"

    NOT_RECORDED = "not recorded"
    NOT_RELAYED = "not relayed"
    TARGET_UNRECORDED = "the target is not recorded"
    NOTICE_MISSING = "notice not played"
    PARTY_REFUSED = "refused"
    STOPPED = "stopped by hand"
    SPOOL_BYTES = "spool bytes"
    SPOOL_INODES = "spool inodes"
    SPOOL_FAILING = "spool failing"
    WORKERS = "workers"

    NO_PACKET = "no packet came"
    NO_ACK = "neither ACK nor packet came"


# It was answered, and there was nothing to keep.
_SILENT: Final = frozenset({Reason.NO_PACKET, Reason.NO_ACK})
_EVIDENT: Final[frozenset[Flag]] = frozenset({"notice_missing", "other_sender"})


def fate_of(status: int, reason: str = Reason.NONE) -> Fate:
    """Return what became of a call without a recording whose INVITE got this final answer.

    0: it got none, or was let go before both could talk.
    """
    if reason in _SILENT:
        return Fate.WITHOUT_AUDIO
    return Fate.CONNECTED_UNRECORDED if status in CONNECTED else Fate.REFUSED


def is_evidence(event: Event) -> bool:
    """Return whether it says more of a call than that no packet came: it is kept then."""
    if isinstance(event, Flagged):
        return event.flag in _EVIDENT
    return isinstance(event, NoticePlayed | RecordingRefused)


def began_us(refused: CallRefused) -> int:
    """Return when the call began; one that was connected is told of when it is over."""
    return refused.began_us or refused.at_us


def told_of(refused: CallRefused) -> str:
    """Return what was wrong, the header that said it with its words, and the clause."""
    said = f"{refused.header}: {refused.excerpt}" if refused.header else ""
    told = "; ".join(each for each in (refused.detail, said) if each)
    clause = f"({refused.clause})" if refused.clause else ""
    return " ".join(each for each in (told, clause) if each)
