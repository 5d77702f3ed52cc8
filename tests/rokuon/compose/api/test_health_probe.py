"""Looking at an installation."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event
from sqlalchemy.exc import OperationalError

from api.health.seen import CaptureSeen
from archive.backup.sealed import SET_SUFFIX
from archive.call.live import LiveCalls
from archive.catalog.database.engine import writing
from archive.disk.trial import HANGS, DiskTrials
from rokuon.compose.api.health_probe import (
    NO_PEM,
    HealthLook,
    capture_seen,
    catalog_answers,
    certificates_seen,
    lacking_guards,
    unguarded_catalog,
)
from rokuon.compose.archive.catalog import present_catalog
from rokuon.compose.archive.keeper import recover
from rokuon.compose.archive.key_daemon import catalog_sets
from rokuon.compose.processes.sockets import status_socket
from rokuon.config.load import parse
from tests.rokuon.installation import Installation, installation
from tests.support.cli.node import signalling


def no_question() -> str:
    """A catalog that nobody may ask."""
    raise AssertionError("its disk hangs")


class Frozen(DiskTrials):
    """Disks that all hang."""

    def refusals(self, folders: object) -> dict[Path, str]:
        assert isinstance(folders, list)
        return dict.fromkeys(folders, HANGS)


def test_a_catalog_whose_disk_hangs_is_not_asked(site: Installation) -> None:
    """Who looks would hang with it, and nobody would hear of the disk."""
    seen = HealthLook(site.config, no_question, trials=Frozen())()

    assert (seen.catalog.away, dict(seen.refuses)) == (HANGS, {"catalog": HANGS})


def test_a_catalog_that_fails_says_why() -> None:
    """In the database's words."""
    engine = create_engine("sqlite://")
    well = catalog_answers(engine)()

    def gone(_connection: object) -> None:
        raise OperationalError("BEGIN", {}, sqlite3.OperationalError("disk I/O error"))

    event.listen(engine, "begin", gone)
    assert (well, catalog_answers(engine)()) == ("", "disk I/O error")


def test_an_installation_that_runs_is_seen(site: Installation) -> None:
    """Its keys are younger than a day, no set was made yet, its keeper never told."""
    seen = HealthLook(site.config, str)()

    assert seen.keys is not None
    assert 0 <= seen.at_us - seen.keys.epoch_us < 86_400_000_000
    assert (seen.catalog.away, seen.refuses, seen.keeper) == ("", {}, None)
    assert (seen.upkeep.backups.is_ours, seen.upkeep.backups.catalog_us) == (True, 0)


def test_a_guard_that_is_gone_is_seen() -> None:
    """By who watches, and by the doctor; a catalog that does not answer is not asked."""
    with installation() as made:
        recover(made.config)
        whole = unguarded_catalog(made.config)
        with present_catalog(made.config) as engine:
            with writing(engine) as connection:
                connection.exec_driver_sql("DROP TRIGGER tombstone_is_not_deleted")
            guards = lacking_guards(engine)
            seen = HealthLook(made.config, str, unguarded=guards)()
            unasked = HealthLook(made.config, lambda: "away", unguarded=guards)()
        lacking = unguarded_catalog(made.config)

    assert (whole, seen.catalog.unguarded, unasked.catalog.unguarded) == ((), lacking, ())
    assert lacking == ("tombstone_is_not_deleted",)


def test_a_backup_set_that_cannot_be_read_is_none_and_ends_no_look(site: Installation) -> None:
    """One that is deleted meanwhile, or on a disk that fails: the API would end with it."""
    (catalog_sets(site.config) / f"one{SET_SUFFIX}").mkdir(parents=True)

    seen = HealthLook(site.config, str)()

    assert (seen.upkeep.backups.is_ours, seen.upkeep.backups.catalog_us) == (True, 0)


def test_nothing_is_made_where_there_is_nothing(tmp_path: Path) -> None:
    """The doctor looks before the first start."""
    seen = HealthLook(parse("", name="-", base=tmp_path), str)()

    assert (seen.keys, seen.keeper, seen.capture, seen.upkeep.verified) == (None,) * 4
    assert list(tmp_path.iterdir()) == []


def test_capture_says_whether_it_takes_calls(site: Installation) -> None:
    """One that has ended leaves its socket, one that never ran here has none."""
    path, asked = status_socket(site.config), list[CaptureSeen | None]()
    path.unlink(missing_ok=True)
    asked.append(capture_seen(site.config))
    with signalling(path, lambda _: LiveCalls(total=0, calls=(), full="ports")) as questions:
        asked.append(capture_seen(site.config))
    path.touch()
    asked.append(capture_seen(site.config))

    assert asked == [None, CaptureSeen(full="ports"), CaptureSeen(answers=False)]
    assert [each.recording for each in questions] == ["-"]


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "there is no such file or folder"), (b"x", NO_PEM)]
)
def test_a_certificate_that_cannot_be_read_says_why(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    """A name that has no file is worse than one that ends."""
    file, key = tmp_path / "c.pem", tmp_path / "k.pem"
    text = f'[sip]\ncertificate = "{file}"\nkey = "{key}"'
    if content is not None:
        file.write_bytes(content)
    (seen,) = certificates_seen(parse(text, name="-", base=tmp_path))

    assert (seen.door, seen.reason.endswith(reason)) == ("sip", True)
