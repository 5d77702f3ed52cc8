"""Making the certificate of a run."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive.catalog.database.engine import reading
from archive.catalog.destruction.certificates import certificate_numbered
from archive.certificates.folder import CERTIFICATE, LIST, CertificateFolder
from archive.certificates.statement import file_digest
from archive.errors import ArchiveError
from archive.ids import DEFAULT_TENANT
from retention.certificates.certificate import NamedRevision, Word, read_certificate
from retention.certificates.destroyed_list import read_list
from retention.runner.certificates.issue import EndedRun
from tests.api.certificates.runs import Daemon, ended, issue
from tests.archive.catalog.examples import new_catalog
from tests.archive.certificates.examples import RUN
from tests.retention.destroyed_recordings import REVISIONS
from tests.told import all_told, last_told

OF_ONE = REVISIONS | {3: NamedRevision(number=3, sha256=bytes(32), word=Word.ONE_PERSON)}


def test_a_certificate_is_kept_with_its_list_and_stands_in_register_and_journal(
    tmp_path: Path,
) -> None:
    """By the digest that anybody can make of the file."""
    engine, run = new_catalog(tmp_path), ended()
    assert issue(engine, tmp_path, Daemon(run.recordings)).issue(run)
    folder = CertificateFolder(tmp_path)
    content = folder.read(DEFAULT_TENANT, RUN, CERTIFICATE)
    listed = read_list(folder.read(DEFAULT_TENANT, RUN, LIST).decode())
    with reading(engine) as connection:
        stored = certificate_numbered(connection, DEFAULT_TENANT, 3)
        entry = last_told(connection)

    read_certificate(content).check_list(listed)
    assert stored is not None
    assert stored.content.sha256.hex() == file_digest(content) == entry.entry.detail["sha256"]
    assert (stored.content.recordings, stored.content.one_person) == (5, False)
    assert (entry.entry.action, entry.entry.target, entry.seq) == (
        "certified",
        "plan:3",
        stored.journal,
    )


def test_asked_again_nothing_happens(tmp_path: Path) -> None:
    """A certificate that was given out stays the only one."""
    engine, run = new_catalog(tmp_path), ended()
    daemon = Daemon(run.recordings)
    made = issue(engine, tmp_path, daemon)
    assert (made.issue(run), made.issue(run)) == (True, True)

    assert daemon.asked == 1
    with reading(engine) as connection:
        assert len(all_told(connection)) == 1


def test_one_that_was_cut_off_before_the_register_is_made_again(tmp_path: Path) -> None:
    """Nobody has seen it yet."""
    engine, run = new_catalog(tmp_path), ended()
    CertificateFolder(tmp_path).put(DEFAULT_TENANT, RUN, b"of the try before", "list")
    issue(engine, tmp_path, Daemon(run.recordings)).issue(run)

    assert read_certificate(CertificateFolder(tmp_path).read(DEFAULT_TENANT, RUN, CERTIFICATE))


def test_what_the_key_daemon_says_otherwise_is_not_kept(tmp_path: Path) -> None:
    """Another time of destruction in the register is a fault that somebody has to see."""
    engine, run = new_catalog(tmp_path), ended()
    first, *others = run.recordings
    other = [replace(first, destroyed_us=first.destroyed_us + 1), *others]

    with pytest.raises(ArchiveError):
        issue(engine, tmp_path, Daemon(other)).issue(run)
    assert CertificateFolder(tmp_path).names(DEFAULT_TENANT, RUN) == ()


def test_a_run_that_destroyed_nothing_has_none(tmp_path: Path) -> None:
    """The key daemon is not even asked."""
    engine, daemon = new_catalog(tmp_path), Daemon(())

    assert not issue(engine, tmp_path, daemon).issue(replace(ended(), recordings=()))
    assert daemon.asked == 0


@pytest.mark.parametrize(
    ("run", "is_said"),
    [
        (ended(), False),
        (replace(ended(), approval=Word.ONE_PERSON), True),
        (replace(ended(), revisions=OF_ONE), True),
    ],
)
def test_that_one_person_wanted_it_is_said_for_ever(
    tmp_path: Path, run: EndedRun, is_said: bool
) -> None:
    """Of the plan as of a revision by which it went."""
    engine = new_catalog(tmp_path)
    issue(engine, tmp_path, Daemon(run.recordings)).issue(run)
    with reading(engine) as connection:
        stored = certificate_numbered(connection, DEFAULT_TENANT, 3)
        detail = last_told(connection).entry.detail

    assert stored is not None
    assert (stored.content.one_person, "one_person" in detail) == (is_said, is_said)
