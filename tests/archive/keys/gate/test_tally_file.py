"""The count beside the epoch keys: whole and ours, or not believed."""

from pathlib import Path

import pytest

from archive.keys.gate.tally import TALLY_NAME, Counted, TallyFile, TallyUnreadable
from tests.archive.keys.turning import Turning


@pytest.fixture
def file(tmp_path: Path) -> TallyFile:
    return TallyFile(tmp_path / "epochs", Turning(tmp_path).service)


def test_what_is_written_is_read(file: TallyFile) -> None:
    """Before the first one there is none."""
    assert file.read() is None
    tally = Counted(recordings=7, digest=b"t" * 32)
    file.write(tally, 1)

    assert file.read() == tally
    assert (file.folder / TALLY_NAME).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("at", [0, 9, 13, 20, 40, 60, 81])
def test_a_changed_byte_is_seen(file: TallyFile, at: int) -> None:
    """Who lowers the number would bring a destroyed recording back."""
    file.write(Counted(recordings=7, digest=bytes(32)), 1)
    content = bytearray((file.folder / TALLY_NAME).read_bytes())
    content[at] ^= 1
    (file.folder / TALLY_NAME).write_bytes(content)

    with pytest.raises(TallyUnreadable):
        file.read()


def test_a_cut_file_is_seen(file: TallyFile) -> None:
    """Half a file is none."""
    (file.folder / TALLY_NAME).write_bytes(b"ROKUONDC")

    with pytest.raises(TallyUnreadable):
        file.read()
