"""Metadata snapshots of every shape, for property tests."""

from datetime import UTC
from typing import TypeVar

from hypothesis import strategies as st

from capture.metadata.snapshot import (
    Capability,
    CommunicationSession,
    CommunicationSessionGroup,
    DataMode,
    Extension,
    MediaStream,
    MetadataSnapshot,
    Name,
    NameId,
    Participant,
    ParticipantSessionAssociation,
    ParticipantStreamAssociation,
    Reason,
    SessionRecordingAssociation,
)
from capture.metadata.timestamps import read_moment
from tests.support.metadata import write_moment

# Characters that XML 1.0 can carry, with those that need care among them.
_CHARACTERS = st.one_of(
    st.sampled_from("<>&\"'\r\n\t ]田é\U0001f600"),
    st.characters(min_codepoint=0x20, exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"),
)
TEXTS = st.text(_CHARACTERS, max_size=8).map(lambda text: text.strip(" \t\r\n"))
IDS = st.sampled_from(["a/+=", "b", "c", "田<&>"])
MOMENTS = st.one_of(
    st.datetimes(timezones=st.just(UTC)).map(write_moment).map(lambda m: read_moment(m.raw, UTC)),
    TEXTS.filter(bool).map(lambda text: read_moment(text, UTC)),
)
OPTIONAL = st.one_of(st.none(), MOMENTS)
EXTENSIONS = st.sampled_from(
    [
        Extension("urn:x", "data", '<data xmlns="urn:x">田&amp;<b/></data>'),
        Extension("urn:y", "more", '<y:more a="1" xmlns:y="urn:y"/>'),
    ]
)
_Value = TypeVar("_Value")


def _many(values: st.SearchStrategy[_Value]) -> st.SearchStrategy[tuple[_Value, ...]]:
    return st.lists(values, max_size=2).map(tuple)


_EXTENDED = _many(EXTENSIONS)
_STREAM_IDS = _many(IDS)
GROUPS = st.builds(
    CommunicationSessionGroup,
    group_id=IDS,
    associated_at=OPTIONAL,
    disassociated_at=OPTIONAL,
    extensions=_EXTENDED,
)
SESSIONS = st.builds(
    CommunicationSession,
    session_id=IDS,
    sip_session_ids=_many(TEXTS),
    reasons=_many(st.builds(Reason, TEXTS, TEXTS, TEXTS)),
    group_ref=TEXTS,
    started_at=OPTIONAL,
    stopped_at=OPTIONAL,
    extensions=_EXTENDED,
)
PARTICIPANTS = st.builds(
    Participant,
    participant_id=IDS,
    name_ids=_many(st.builds(NameId, TEXTS, _many(st.builds(Name, TEXTS, TEXTS)))),
    extensions=_EXTENDED,
)
STREAMS = st.builds(MediaStream, stream_id=IDS, session_id=TEXTS, label=TEXTS, extensions=_EXTENDED)
SESSION_RECORDINGS = st.builds(
    SessionRecordingAssociation,
    session_id=IDS,
    associated_at=OPTIONAL,
    disassociated_at=OPTIONAL,
    extensions=_EXTENDED,
)
PARTICIPANT_SESSIONS = st.builds(
    ParticipantSessionAssociation,
    participant_id=IDS,
    session_id=TEXTS,
    associated_at=OPTIONAL,
    disassociated_at=OPTIONAL,
    capabilities=_many(st.builds(Capability, TEXTS, TEXTS)),
    extensions=_EXTENDED,
)
PARTICIPANT_STREAMS = st.builds(
    ParticipantStreamAssociation,
    participant_id=IDS,
    sends=_STREAM_IDS,
    receives=_STREAM_IDS,
    associated_at=OPTIONAL,
    disassociated_at=OPTIONAL,
    extensions=_EXTENDED,
)
SNAPSHOTS = st.builds(
    MetadataSnapshot,
    data_mode=st.sampled_from(DataMode),
    groups=_many(GROUPS),
    sessions=_many(SESSIONS),
    participants=_many(PARTICIPANTS),
    streams=_many(STREAMS),
    session_recordings=_many(SESSION_RECORDINGS),
    participant_sessions=_many(PARTICIPANT_SESSIONS),
    participant_streams=_many(PARTICIPANT_STREAMS),
    extensions=_EXTENDED,
)
