"""By which ids others know the call of a recording, and which of them recordings of one call share.

Pure, from events alone. Knows nothing of the catalog or of conversations.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from archive.events import CallIdKind, CallIdKnown, CallOpened, CommunicationSessionKnown, Event

Id = tuple[str, str]
JOINED_CALL: Final[CallIdKind] = "joined_call"
# BroadWorks numbers the dialogs of a call behind a colon: what stands before it is the call's.
HALF_CALL: Final = "broadworks_half_call"
TRACKED_CALL: Final = "broadworks_tracked_call"
_HALF: Final = re.compile(r"(callhalf-[^:]+)(?::\d+)?")
_TRACKED: Final = re.compile(r"([^:]+):\d+")
# Ids that all dialogs about one call bear, the strongest first. A Session-ID is not among them: in
# a recording session's headers it is that session's own.
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
            case CallIdKnown():
                found += [(event.kind, event.value), *_of_whole_call(event)]
            case _:
                pass
    return tuple(dict.fromkeys(each for each in found if each[1]))


def _of_whole_call(event: CallIdKnown) -> Iterator[Id]:
    """What an id of one dialog says of the whole call."""
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
    others = [event for event in events if isinstance(event, CallIdKnown)]
    ids = {kind: value for event in reversed(others) for kind, value in _of_whole_call(event)}
    ids |= {event.kind: event.value for event in reversed(others)}
    found: list[Id] = []
    if JOINED_CALL in ids:
        found.append((JOINED_CALL, ids[JOINED_CALL]))
    for event in known[-1:]:
        found += [("group", event.group), ("communication_session", event.communication_session)]
    found += [(kind, ids[kind]) for kind in _JOINING if kind in ids]
    return tuple(each for each in found if each[1])
