"""Documents read, in the RFC's dialect and its relatives."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from capture.metadata.body_limits import MetadataBroken
from capture.metadata.snapshot import (
    Capability,
    DataMode,
    Extension,
    Name,
    ParticipantStreamAssociation,
    Reason,
)
from capture.metadata.snapshot_reader import parse_metadata
from tests.capture.siprec.documents import BROADWORKS_CALL, DRAFT_CALL, GROUPED_CALL, recording

SNAPSHOT = parse_metadata(GROUPED_CALL.encode())
TEN = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


def test_a_group_has_its_times_and_extensions() -> None:
    """RFC 7865 §6.2; what a vendor adds is kept as it stands."""
    (group,) = SNAPSHOT.groups

    assert group.group_id == "Zq0/Q7Qk+GWv1W0nV9J3Lw=="
    assert group.associated_at is not None
    assert group.associated_at.at == datetime(2026, 11, 25, 9, 59, tzinfo=UTC)
    assert group.extensions == (
        Extension("urn:example:desk", "desk", '<desk xmlns="urn:example:desk">claims</desk>'),
    )


def test_a_session_has_its_ids_reason_group_and_times() -> None:
    """RFC 7865 §6.3; white space around a reference is none of it."""
    (session,) = SNAPSHOT.sessions

    assert session.session_id == "p9oN2E/2SvKk1t+7m3H5pQ=="
    assert session.sip_session_ids[0].startswith("f81d4fae7dec11d0a76500a0c91e6bf6;remote=")
    assert session.reasons == (Reason("call completed elsewhere", "SIP", "200"),)
    assert session.group_ref == SNAPSHOT.groups[0].group_id
    assert session.started_at is not None
    assert session.stopped_at is not None
    assert (session.started_at.at, session.stopped_at.at) == (TEN, TEN.replace(minute=5))


def test_a_participant_has_addresses_and_names_in_their_languages() -> None:
    """RFC 7865 §6.5; staff look for either spelling."""
    customer, agent = SNAPSHOT.participants

    assert customer.name_ids[0].aor == "tel:+81355550100"
    assert customer.name_ids[0].names == (Name("田中 花子", "ja"), Name("Hanako Tanaka", "en"))
    assert agent.name_ids[0].names == (Name("Desk & Co"),)


def test_a_stream_has_its_label_and_session() -> None:
    """RFC 7865 §6.7; the label is that of the m-line."""
    assert [(stream.label, stream.session_id) for stream in SNAPSHOT.streams] == [
        ("96", SNAPSHOT.sessions[0].session_id),
        ("97", SNAPSHOT.sessions[0].session_id),
    ]


def test_associations_have_their_times_and_references() -> None:
    """RFC 7865 §6.4, §6.6 and §6.8."""
    customer = SNAPSHOT.participants[0].participant_id
    stay = SNAPSHOT.participant_sessions[0]
    speaking = SNAPSHOT.participant_streams[0]

    assert SNAPSHOT.session_recordings[0].session_id == SNAPSHOT.sessions[0].session_id
    assert stay.participant_id == customer
    assert stay.capabilities == (Capability("audio", "TRUE"),)
    assert stay.disassociated_at is not None
    assert stay.disassociated_at.at == TEN.replace(minute=4)
    assert (speaking.sends, speaking.receives) == (("c3RyZWFtIG9uZQ==",), ("c3RyZWFtIHR3bw==",))
    assert speaking.associated_at is not None
    assert speaking.associated_at.at == TEN.replace(second=3)


def test_a_prefix_on_every_element_changes_nothing() -> None:
    """Ribbon writes `tns:`; a namespace is the same under any prefix."""
    prefixed = GROUPED_CALL.replace("xmlns=", "xmlns:tns=", 1)
    for name in ("recording", "datamode", "group", "session", "participant", "stream"):
        prefixed = prefixed.replace(f"<{name}", f"<tns:{name}").replace(
            f"</{name}", f"</tns:{name}"
        )
    for name in ("sipSessionID", "reason", "start-time", "stop-time", "associate-time", "nameID"):
        prefixed = prefixed.replace(f"<{name}", f"<tns:{name}").replace(
            f"</{name}", f"</tns:{name}"
        )
    for name in ("disassociate-time", "param", "name", "label", "send>", "recv>"):
        prefixed = prefixed.replace(f"<{name}", f"<tns:{name}").replace(
            f"</{name}", f"</tns:{name}"
        )
    prefixed = prefixed.replace("tns:tns:", "tns:").replace("desk xmlns:tns", "desk xmlns")

    assert parse_metadata(prefixed.encode()) == SNAPSHOT


def test_the_order_of_members_does_not_matter() -> None:
    """The schema has a sequence; peers have their own."""
    stream = '<stream stream_id="s"><label>1</label></stream>'
    session = '<session session_id="c"/>'

    assert parse_metadata(recording(stream, session)) == parse_metadata(recording(session, stream))


def test_a_document_that_does_not_say_is_complete() -> None:
    """RFC 7865 §5.1.2: the default."""
    assert parse_metadata(recording()).data_mode is DataMode.COMPLETE
    assert parse_metadata(recording("<datamode> Partial </datamode>")).data_mode is DataMode.PARTIAL


def test_a_draft_document_is_read_like_one_of_the_rfc() -> None:
    """Oracle and AudioCodes send what they built from the drafts, and will not change it."""
    snapshot = parse_metadata(DRAFT_CALL.encode(), zone=ZoneInfo("Asia/Tokyo"))
    (direction,) = snapshot.participant_streams

    assert snapshot.participants[0].participant_id == direction.participant_id == "party-1"
    assert (direction.sends, snapshot.streams[0].stream_id) == (("stream-1",), "stream-1")
    assert snapshot.streams[0].session_id == snapshot.sessions[0].session_id == "call-1"
    assert direction.associated_at is not None
    assert direction.associated_at.at == TEN
    assert snapshot.sessions[0].extensions[0].namespace == "urn:example:vendor"


def test_a_participant_of_the_drafts_says_itself_in_which_session_it_is() -> None:
    """And since when: there is no association that would."""
    (stay,) = parse_metadata(DRAFT_CALL.encode(), zone=ZoneInfo("Asia/Tokyo")).participant_sessions

    assert (stay.participant_id, stay.session_id) == ("party-1", "call-1")
    assert stay.associated_at is not None
    assert stay.associated_at.at == TEN


def test_a_session_of_the_drafts_begins_where_it_is_associated() -> None:
    """Oracle writes `associate-time` where the RFC has `start-time`."""
    (session,) = parse_metadata(
        recording('<session id="s"><associate-time>2026-11-25T10:00:00Z</associate-time></session>')
    ).sessions

    assert session.started_at is not None
    assert session.started_at.at == TEN
    assert not session.extensions


def test_a_document_of_broadworks_is_read_like_one_of_the_rfc() -> None:
    """Its format is that of a first draft, with another root and ids one element deeper."""
    snapshot = parse_metadata(BROADWORKS_CALL.encode())
    one, two = snapshot.participants

    assert [each.name_ids[0].aor for each in (one, two)] == [
        "sip:4021@example.com", "sip:+81355550100@example.com;user=phone",
    ]  # fmt: skip
    assert [each.sends for each in snapshot.participant_streams] == [("urn:uuid:both",)] * 2
    assert (snapshot.streams[0].label, snapshot.streams[0].mode) == ("1", "mixed")
    assert snapshot.sessions[0].group_ref == snapshot.groups[0].group_id == "urn:uuid:grp"
    assert snapshot.sessions[0].started_at is not None
    assert snapshot.sessions[0].started_at.at == TEN
    assert {each.session_id for each in snapshot.participant_sessions} == {"urn:uuid:ses"}
    assert [each.name for each in snapshot.extensions] == ["recording", "extensiondata"]
    assert "152463:1" in snapshot.extensions[1].xml


def test_a_member_without_an_id_is_kept() -> None:
    """What it says may still be all that is known of a call."""
    snapshot = parse_metadata(recording('<participant><nameID aor="sip:a@b"/></participant>'))

    assert snapshot.participants[0].participant_id == ""
    assert snapshot.participants[0].name_ids[0].aor == "sip:a@b"


def test_an_empty_association_is_kept() -> None:
    """OpenSIPS writes one where it does not know the streams."""
    document = recording('<participantstreamassoc participant_id="p"/>')

    assert parse_metadata(document).participant_streams == (
        ParticipantStreamAssociation(participant_id="p"),
    )


def test_an_unknown_member_is_kept_whole() -> None:
    """In the RFC's namespace or in another."""
    snapshot = parse_metadata(
        recording('<later version="2">x</later>', '<session xmlns="urn:x">not ours</session>')
    )

    assert [(one.namespace, one.name) for one in snapshot.extensions] == [
        ("urn:ietf:params:xml:ns:recording:1", "later"),
        ("urn:x", "session"),
    ]
    assert snapshot.sessions == ()


@pytest.mark.parametrize(
    "document", [b"<html/>", b'<recording xmlns="urn:other"/>', b"<recording>", b"{}"]
)
def test_what_is_no_recording_is_broken(document: bytes) -> None:
    """The caller keeps the call and the document, and flags it."""
    with pytest.raises(MetadataBroken):
        parse_metadata(document)
