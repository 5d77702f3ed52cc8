"""Documents written."""

from hypothesis import given

from capture.metadata.snapshot import MetadataSnapshot, Name, NameId, Participant
from capture.metadata.snapshot_reader import parse_metadata
from tests.capture.siprec.documents import GROUPED_CALL
from tests.capture.siprec.strategies import SNAPSHOTS
from tests.support.metadata import render_metadata


@given(SNAPSHOTS)
def test_what_is_written_reads_as_it_was(snapshot: MetadataSnapshot) -> None:
    """Any text, any subset of members, any extension."""
    assert parse_metadata(render_metadata(snapshot)) == snapshot


def test_what_was_read_is_written_with_the_same_meaning() -> None:
    """A document goes through both and is still the same call."""
    snapshot = parse_metadata(GROUPED_CALL.encode())

    assert parse_metadata(render_metadata(snapshot)) == snapshot


def test_line_ends_inside_a_text_survive() -> None:
    """XML would make one line feed of each (XML 1.0 §2.11)."""
    names = (Name("a\r\nb\rc", "x\ty\nz"),)
    party = Participant(participant_id="p", name_ids=(NameId("", names),))
    snapshot = MetadataSnapshot(participants=(party,))

    assert parse_metadata(render_metadata(snapshot)) == snapshot


def test_a_document_is_utf_8_with_the_namespace_of_the_rfc() -> None:
    """Other recorders read it too."""
    names = (Name("田中 & <co>", "ja"),)
    party = Participant(participant_id="a/+=", name_ids=(NameId('sip:"x"@y', names),))

    assert render_metadata(MetadataSnapshot(participants=(party,))).decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<recording xmlns="urn:ietf:params:xml:ns:recording:1">\n'
        "<datamode>complete</datamode>\n"
        '<participant participant_id="a/+=">'
        "<nameID aor='sip:\"x\"@y'>"
        '<name xml:lang="ja">田中 &amp; &lt;co&gt;</name>'
        "</nameID></participant>\n"
        "</recording>\n"
    )
