"""By which ids others know the call of a recording, and which of them recordings of one call share.

Pure, from events alone. Knows nothing of the catalog or of conversations.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from archive.call.events import (
    CallIdKind,
    CallIdKnown,
    CallOpened,
    CommunicationSessionKnown,
    Event,
)

Id = tuple[str, str]
JOINED_CALL: Final[CallIdKind] = "joined_call"
# BroadWorks numbers the dialogs of a call behind a colon: what stands before it is the call's.
HALF_CALL: Final = "broadworks_half_call"
TRACKED_CALL: Final = "broadworks_tracked_call"
# Both ids of a Session-ID that a document tells of the call: each end names the other's second.
SESSION_PAIR: Final = "session_pair"
_PAIR: Final = re.compile(r"([0-9a-f]{32});remote=([0-9a-f]{32})")
_NIL: Final = "0" * 32
_HALF: Final = re.compile(r"(callhalf-[^:]+)(?::\d+)?")
_TRACKED: Final = re.compile(r"([^:]+):\d+")
# Ids that all dialogs about one call bear, the strongest first. The Session-ID of headers is not
# among them: it is the recording session's own.
_JOINING: Final = (
    "cisco_reference",
    "gcid",
    "ucid",
    "cisco_guid",
    "genesys_uuid",
    "broadworks_tracking",
    TRACKED_CALL,
    HALF_CALL,
    "asterisk_linkedid",
    "icid",
    SESSION_PAIR,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallIdentity:
    """Kinds and values: all `ids`, and the `joins` that recordings of one call share.

    The strongest join comes first.
    """

    ids: tuple[Id, ...] = ()
    joins: tuple[Id, ...] = ()


def identity_in(events: Sequence[Event]) -> CallIdentity:
    """What events in their order say of the call."""
    return CallIdentity(ids=_ids(events), joins=_joins(events))


def _ids(events: Sequence[Event]) -> tuple[Id, ...]:
    """The dialog's own id, the client's names of call and group, and what others call it."""
    found: list[Id] = []
    for event in events:
        match event:
            case CallOpened():
                found.append(("recording_session", event.call_id))
            case CommunicationSessionKnown():
                found.append(("communication_session", event.communication_session))
                found.append(("group", event.group))
                found += _pairs(event)
            case CallIdKnown():
                found += [(event.kind, event.value), *_of_whole_call(event)]
            case _:
                pass
    return tuple(dict.fromkeys(each for each in found if each[1]))


def _pairs(event: CommunicationSessionKnown) -> Iterator[Id]:
    """Both ids of the call as one, the same from either end (RFC 7989 §5)."""
    for text in event.sip_session_ids:
        for ends in _PAIR.findall(re.sub(r"\s", "", text).lower()):
            if _NIL not in ends:
                yield SESSION_PAIR, " ".join(sorted(ends))


def _of_whole_call(event: CallIdKnown) -> Iterator[Id]:
    if event.kind == "call_id" and (half := _HALF.fullmatch(event.value)):
        yield HALF_CALL, half[1]
    if event.kind == "broadworks_tracking" and (tracked := _TRACKED.fullmatch(event.value)):
        yield TRACKED_CALL, tracked[1]


def _joins(events: Sequence[Event]) -> tuple[Id, ...]:
    """What belongs together: by our own name, else by the source's: group, communication session,
    vendors' ids.

    Two dialogs of one call, two recorders of it, and a session that goes on elsewhere after a
    failure name the same.
    """
    known = [event for event in events if isinstance(event, CommunicationSessionKnown)]
    told = [*_told_by_others(events), *(each for event in known for each in _pairs(event))]
    found = [each for each in told if each[0] == JOINED_CALL]
    # The last word names the call; what was said before joins all the same, and so late links do.
    for event in reversed(known):
        found += [("group", event.group), ("communication_session", event.communication_session)]
    found += [each for kind in _JOINING for each in told if each[0] == kind]
    return tuple(dict.fromkeys(each for each in found if each[1]))


def _told_by_others(events: Sequence[Event]) -> list[Id]:
    """Every id of other dialogs, and what it says of the whole call, in order."""
    others = [event for event in events if isinstance(event, CallIdKnown)]
    own: list[Id] = [(event.kind, event.value) for event in others]
    return own + [each for event in others for each in _of_whole_call(event)]
