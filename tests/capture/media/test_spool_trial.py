"""Trial writes, on folders that are there and folders that are not."""

import errno
import os
from pathlib import Path

import pytest

from capture.media import spool_trial
from capture.media.spool_trial import FAILED_US, SpoolTrial


def test_a_volume_that_takes_a_block_is_well_and_nothing_is_left_of_it(tmp_path: Path) -> None:
    """Neither on a file system that knows files without a name, nor on one that does not."""
    told: list[int] = []
    trial = SpoolTrial([tmp_path], told.append)
    trial.make()

    assert (trial.trouble, told[-1]) == ("", 0)
    assert told[0] > FAILED_US, "a disk that hangs shows since when"
    assert list(tmp_path.iterdir()) == []


def test_where_a_file_needs_a_name_it_has_it_for_a_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NFS has no others."""
    real, asked = os.open, list[str]()

    def without_nameless(path: Path, flags: int, mode: int) -> int:
        asked.append(path.name)
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(errno.EOPNOTSUPP, "")
        return real(path, flags, mode)

    monkeypatch.setattr(os, "open", without_nameless)
    trial = SpoolTrial([tmp_path])
    trial.make()

    assert trial.trouble == ""
    assert asked[1].startswith(spool_trial.TRIAL_NAME)
    assert list(tmp_path.iterdir()) == []


def test_the_spool_fails_only_where_no_volume_takes_anything(tmp_path: Path) -> None:
    """The second one is there for that; the reason is the first one's."""
    told: list[int] = []
    first, second = tmp_path / "first", tmp_path / "second"
    trial = SpoolTrial([first, second], told.append)
    second.mkdir()
    trial.make()
    assert (trial.trouble, told[-1]) == ("", 0)

    lonely = SpoolTrial([first], told.append)
    lonely.make()
    assert (lonely.trouble, told[-1]) == ("ENOENT", FAILED_US)

    lonely.begin()
    assert told[-1] == FAILED_US, "nobody waits for a disk that has refused"
    first.mkdir()
    lonely.make()
    assert (lonely.trouble, told[-1]) == ("", 0)


def test_a_healthy_volume_is_tried_once_a_period(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each costs a commit of the file system's log."""
    written: list[Path] = []
    monkeypatch.setattr(spool_trial, "_write_in", written.append)
    trial = SpoolTrial([tmp_path])
    trial.make()
    trial.make()

    assert written == [tmp_path]
