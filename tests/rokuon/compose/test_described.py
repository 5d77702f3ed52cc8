"""Names of participants that only the kept documents have."""

from archive.events import Event, MetadataReceived, NameId, ParticipantChanged
from rokuon.compose.described import described
from tests.archive.catalog.examples import opened
from tests.capture.siprec.documents import recording

PEOPLE = (
    '<participant participant_id="a"><nameID aor="sip:2001@x"><name>Tanaka</name></nameID>'
    '<nameID aor="tel:+81355501234"/></participant>'
)


def document(body: bytes, problem: str = "") -> MetadataReceived:
    return MetadataReceived(
        at_us=1, content_type="application/rs-metadata+xml", body=body, problem=problem
    )


def joined(*name_ids: NameId) -> ParticipantChanged:
    return ParticipantChanged(
        at_us=1, what="joined", participant="a", aor="sip:2001@x", name_ids=name_ids
    )


def told(*events: Event) -> tuple[NameId, ...]:
    """The addresses of the last event."""
    *_, (_, last) = described(enumerate(events))
    assert isinstance(last, ParticipantChanged)
    return last.name_ids


def test_a_participant_of_an_earlier_version_gets_all_that_its_document_says() -> None:
    """One address was written then, and the names of who came first on a stream."""
    found = told(opened(), document(recording(PEOPLE)), joined())

    assert [each.aor for each in found] == ["sip:2001@x", "tel:+81355501234"]
    assert found[0].names[0].text == "Tanaka"


def test_what_is_written_is_not_written_over() -> None:
    """Later versions say it themselves."""
    own = NameId("sip:9@x")

    assert told(opened(), document(recording(PEOPLE)), joined(own)) == (own,)


def test_a_document_that_cannot_be_read_says_nothing() -> None:
    """Nor does one that was found broken when it came."""
    broken = document(b"<recording", problem="not XML")

    assert told(opened(), document(b"<recording"), broken, joined()) == ()


def test_a_partial_document_adds_to_the_one_before() -> None:
    """As it did when it was received."""
    partial = recording("<datamode>partial</datamode>", '<participant participant_id="b"/>')

    assert told(opened(), document(recording(PEOPLE)), document(partial), joined())
