"""What root does in the keeper's place."""

import os
from pathlib import Path

import pytest

from rokuon.compose.archive.ownership import become_keeper
from rokuon.config.load import parse
from rokuon.config.schema import Config

_KEEPER, _ARCHIVE_GROUP, _SPOOL_GROUP = 990, 991, 992


def _site(folder: Path) -> Config:
    config = parse("", name="-", base=folder)
    for each in (config.archive.path, config.spool.path):
        each.mkdir(parents=True)
    return config


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, object]]:
    """What root gives up, in order; nothing of this process is changed."""
    said: list[tuple[str, object]] = []
    for name in ("setgroups", "setgid", "setuid", "umask"):
        monkeypatch.setattr(os, name, lambda value, name=name: said.append((name, value)))
    return said


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to give folders away")
def test_root_goes_on_as_the_owner_of_the_archive(
    tmp_path: Path, steps: list[tuple[str, object]]
) -> None:
    """Groups before the user: who is no longer root gives itself none."""
    config = _site(tmp_path)
    os.chown(config.archive.path, _KEEPER, _ARCHIVE_GROUP)
    os.chown(config.spool.path, _KEEPER, _SPOOL_GROUP)

    become_keeper(config)

    assert steps == [
        ("setgroups", [_ARCHIVE_GROUP, _SPOOL_GROUP]),
        ("setgid", _ARCHIVE_GROUP),
        ("setuid", _KEEPER),
        ("umask", 0o007),
    ]


@pytest.mark.parametrize(("user", "is_there"), [(_KEEPER, True), (0, False)])
def test_nobody_else_changes_and_nothing_where_there_is_no_archive(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    steps: list[tuple[str, object]],
    user: int,
    is_there: bool,
) -> None:
    """Somebody who tries Rokuon as one user, or as root with root's own folders."""
    config = _site(tmp_path) if is_there else parse("", name="-", base=tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: user)

    become_keeper(config)

    assert steps == []


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, whose folders they are")
def test_root_stays_root_in_its_own_archive(
    tmp_path: Path, steps: list[tuple[str, object]]
) -> None:
    """A Rokuon that root serves alone."""
    become_keeper(_site(tmp_path))

    assert steps == []
