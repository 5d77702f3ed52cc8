"""Every file of the archive read, whatever lies beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive.disk.files import LocalDisk
from archive.disk.store import LocalStore
from archive.errors import KeyRefused, KeyUnavailable
from archive.restore.archive_reader import ArchiveReading
from archive.restore.rebuild_keys import RebuildKeys
from rokuon.compose.archive.catalog import local_access, open_catalog
from rokuon.compose.archive.keeper import recover
from rokuon.compose.archive.key_daemon import open_keys
from rokuon.compose.archive.mentions_read import read_anew
from tests.rokuon.installation import Installation, installation


@contextmanager
def archive_of(site: Installation) -> Iterator[ArchiveReading]:
    client = open_keys(site.config, "api")
    store = LocalStore(site.config.archive.path, LocalDisk())
    yield ArchiveReading(
        store, client, open_catalog(site.config), local_access, lambda *_: None, read_anew
    )
    client.close()


def test_one_odd_file_stops_no_other_one() -> None:
    """What somebody left there, a copy, a folder, a part under another's name, half a part."""
    with installation() as site:
        for _ in range(4):
            site.put_call()
        recover(site.config)
        whole, cut, renamed, other = site.archived()
        (whole.parent / "notes.rkn").write_text("of nobody")
        (whole.parent.parent / whole.name).write_bytes(whole.read_bytes())
        elsewhere = whole.parent.parent / "31"
        elsewhere.mkdir(exist_ok=True)
        (elsewhere / whole.name).write_bytes(whole.read_bytes())
        cut.chmod(0o600)
        cut.write_bytes(cut.read_bytes()[:-1])
        renamed.unlink()
        renamed.write_bytes(other.read_bytes())
        other.unlink()
        other.mkdir()
        with archive_of(site) as archive:
            read = list(archive.recordings())
            assert archive.is_there(str(whole.relative_to(site.config.archive.path)))
            assert not archive.is_there(str(other.relative_to(site.config.archive.path)))
            assert not archive.is_there("/etc/passwd")

    assert [len(each.parts) for each in read] == [1, 0, 0]
    damaged = [bool(each.damaged[0].values) for each in read[1:]]
    # The header of a part that is cut can be read; of others it tells of another part, or not.
    assert damaged == [True, False]
    named = [Path(each.name).name for each in archive.damaged]
    assert sorted(named) == sorted(["notes.rkn", whole.name, whole.name, cut.name, renamed.name])


@pytest.mark.parametrize(("word", "is_of_one"), [("key_destroyed", True), ("rolled_back", False)])
def test_a_key_that_is_gone_is_one_parts_and_any_other_refusal_is_everybodys(
    monkeypatch: pytest.MonkeyPatch, site: Installation, word: str, *, is_of_one: bool
) -> None:
    """A key daemon that opens nothing must not make an archive look lost."""

    def refused(*_: object) -> bytearray:
        raise KeyRefused(word)

    monkeypatch.setattr(RebuildKeys, "key", refused)
    with archive_of(site) as archive:
        if is_of_one:
            assert [len(each.damaged) for each in archive.recordings()] == [1]
        else:
            with pytest.raises(KeyUnavailable):
                list(archive.recordings())
