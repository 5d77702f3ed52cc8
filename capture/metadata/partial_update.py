"""A partial document laid over what was known before (RFC 7865 §5.1).

Members meet by id; what the later one says wins, what it leaves out stays. Knows nothing of XML.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from capture.metadata.snapshot import DataMode, MetadataSnapshot

MemberT = TypeVar("MemberT", bound=msgspec.Struct)


def merge(previous: MetadataSnapshot, following: MetadataSnapshot) -> MetadataSnapshot:
    """What is known after `following`: that alone if it is complete, else laid over `previous`."""
    if following.data_mode is DataMode.COMPLETE:
        return following
    return MetadataSnapshot(
        data_mode=previous.data_mode,
        groups=_merged(previous.groups, following.groups, lambda group: group.group_id),
        sessions=_merged(previous.sessions, following.sessions, lambda call: call.session_id),
        participants=_merged(
            previous.participants, following.participants, lambda party: party.participant_id
        ),
        streams=_merged(previous.streams, following.streams, lambda stream: stream.stream_id),
        session_recordings=_merged(
            previous.session_recordings,
            following.session_recordings,
            lambda association: association.session_id,
        ),
        participant_sessions=_merged(
            previous.participant_sessions,
            following.participant_sessions,
            lambda association: (association.participant_id, association.session_id),
        ),
        participant_streams=_merged(
            previous.participant_streams,
            following.participant_streams,
            lambda association: association.participant_id,
        ),
        extensions=following.extensions or previous.extensions,
        is_standard=following.is_standard,
    )


def is_unresolved(snapshot: MetadataSnapshot) -> bool:
    """Does a document name members that nobody has described?

    Not of other clients' documents, which may know them (RFC 7866 §9.2): of changes to our own.
    """
    participants = {each.participant_id for each in snapshot.participants}
    streams = {each.stream_id for each in snapshot.streams}
    sessions = {each.session_id for each in snapshot.sessions}
    return not (
        {each.participant_id for each in snapshot.participant_streams} <= participants
        and {each.participant_id for each in snapshot.participant_sessions} <= participants
        and {each.session_id for each in snapshot.participant_sessions} <= sessions
        and {name for each in snapshot.participant_streams for name in each.sends} <= streams
    )


def _merged(
    previous: Sequence[MemberT], following: Sequence[MemberT], key: Callable[[MemberT], object]
) -> tuple[MemberT, ...]:
    """Members in their order; of a key that either side repeats, only the later ones stay."""
    former, latter = Counter(map(key, previous)), Counter(map(key, following))
    paired = {name for name, times in former.items() if times == latter[name] == 1}
    later = {key(member): member for member in following}
    kept = (
        _overlaid(member, later[key(member)]) if key(member) in paired else member
        for member in previous
        if key(member) in paired or key(member) not in later
    )
    return (*kept, *(member for member in following if key(member) not in paired))


def _overlaid(former: MemberT, later: MemberT) -> MemberT:
    """`later`, with what it leaves empty taken from `former`."""
    values = msgspec.structs.asdict(later)
    said = {name: value for name, value in values.items() if value}
    if "associated_at" in said:
        # Who has come (again) has not left.
        said["disassociated_at"] = values["disassociated_at"]
    is_empty = "sends" in values and said.keys() <= {"participant_id"}
    if "sends" in said or "receives" in said or is_empty:
        # Who is put on hold keeps hearing and no longer speaks: the two lists are one statement,
        # also where both are empty and nothing else is said.
        said |= {"sends": values["sends"], "receives": values["receives"]}
    return msgspec.structs.replace(former, **said)
