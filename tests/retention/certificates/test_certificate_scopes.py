"""What a certificate says of recordings of which not all went."""

from dataclasses import replace

import msgspec
import pytest

from archive.errors import CertificateDamaged, ProofWrong
from retention.certificates.certificate import Below, Word, read_certificate
from retention.certificates.certificate_scopes import Scopes
from retention.certificates.destroyed_list import Said, list_text, read_list
from tests.archive.certificates.examples import PRIVATE, statement
from tests.retention.destroyed_recordings import REVISIONS, certified, destroyed

SOON, LATER = "2027-08-29T00:00:00.000000Z", "2029-08-29T00:00:00.000000Z"
WHOLE = destroyed(5)


def told(at: int, **values: str) -> Said:
    return msgspec.structs.replace(WHOLE[at].said, **values)


MIXED = (
    WHOLE[0],
    replace(WHOLE[1], said=told(1, scope="audio", facts_until=SOON)),
    replace(WHOLE[2], said=told(2, scope="audio", facts_until=LATER)),
    replace(WHOLE[3], said=told(3, scope="facts")),
    replace(WHOLE[4], said=told(4, scope="ledger")),
)


def test_where_everything_went_whole_nothing_is_said_as_before() -> None:
    """Certificates that exist stay readable, and their leaves the same bytes."""
    assert list(Scopes.of(WHOLE).lines()) == []
    assert "scope" not in WHOLE[0].said.line
    assert Said.read(WHOLE[0].said.line) == WHOLE[0].said


def test_audio_alone_facts_and_pages_are_counted_with_the_last_end_and_read_back() -> None:
    """Offline, from certificate and list alone."""
    scopes = Scopes(audio=2, until=LATER, facts=1, pages=1)
    read = read_certificate(certified(MIXED))
    read.check_list(read_list(list_text(MIXED)))

    assert read.below.scopes == scopes
    assert list(scopes.lines()) == [
        f"audio: recordings 2, facts until {LATER}",
        "facts: recordings 1",
        "ledger: pages 1",
    ]


def test_facts_without_an_end_are_said_to_have_none() -> None:
    """The others' end would be a promise."""
    endless = replace(WHOLE[0], said=told(0, scope="audio", facts_until=""))
    read = read_certificate(certified((endless, *MIXED[1:])))

    assert read.below.scopes == Scopes(audio=3, facts=1, pages=1)
    assert "audio: recordings 3, facts until unstated" in read.signed.below


def test_what_the_leaves_do_not_bear_out_is_found() -> None:
    """A runner that says that all of it went."""
    below = replace(Below.of(MIXED, REVISIONS, Word.TWO_PERSONS, 1), scopes=Scopes())
    said = statement([each.leaf for each in MIXED])
    read = read_certificate(said.signed(below.text(), PRIVATE.sign))
    with pytest.raises(ProofWrong):
        read.check_list(MIXED)


def test_what_is_of_another_form_is_refused() -> None:
    """Also where it is signed."""
    below = Below.of(MIXED, REVISIONS, Word.TWO_PERSONS, 1)
    said = statement([each.leaf for each in MIXED])
    text = below.text().replace("facts until", "facts until at most")
    with pytest.raises(CertificateDamaged):
        read_certificate(said.signed(text, PRIVATE.sign))
