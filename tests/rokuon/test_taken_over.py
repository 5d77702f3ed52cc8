"""What a keeper or runner that was taken over can still do, and that what the page names finds it.

Each example does to an installation what a row of `docs/destruction.md` says; judged by what
`rokuon verify` and `rokuon user seals` answer. Whoever tampers drops triggers and makes them again.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.verification.faults import Fault
from rokuon.compose.api.row_seals import altered_rows
from rokuon.compose.archive.catalog import CATALOG_FILE
from rokuon.compose.archive.records import verify_archive
from tests.archive.catalog.examples import AGENTS_CSV
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation, installation

pytestmark = pytest.mark.sqlite

# Rows of recordings, calls, corrections; what rules ask; holds, tombstones, journal.
FOUND = {
    "a recording's row": (["DELETE FROM recording WHERE row = 1"], "row_missing"),
    "all of a recording": (
        [
            "DELETE FROM event WHERE recording = 1",
            "DELETE FROM leg WHERE recording = 1",
            "DELETE FROM part WHERE recording = 1",
            "DELETE FROM recording WHERE row = 1",
        ],
        "row_missing",
    ),
    "a call's number": (["UPDATE leg_address SET raw = '1', e164 = ''"], "index_differs"),
    "a correction": (["DELETE FROM correction"], "index_differs"),
    "its change": (
        ["UPDATE correction SET change = CAST(replace(CAST(change AS TEXT), 'lo', 'mo') AS BLOB)"],
        "index_differs",
    ),
    "whose leg it is": (["UPDATE leg SET agent_id = 'A99'"], "index_differs"),
    "the table of agents": (
        ["DELETE FROM agent_name", "DELETE FROM agent_period"], "index_differs",
    ),
    "that one was imported": (["DELETE FROM agent_import"], "row_gone"),
    "a tag": (["DELETE FROM mark WHERE kind = 'tag'"], "index_differs"),
    "a class of retention": (["UPDATE recording SET retention_class = NULL"], "index_differs"),
    "the day of an event": (["UPDATE retention_event SET day = '2020-01-01'"], "entry_differs"),
    "an event of retention": (["DELETE FROM retention_event"], "row_gone"),
    "an event beside the others": (
        [
            "INSERT INTO retention_event"
            " (tenant, kind, key, folded, day, told_us, author, one_person, journal)"
            " SELECT tenant, kind, key, folded, '2020-01-01', told_us, author, one_person, journal"
            " FROM retention_event"
        ],
        "entry_differs",
    ),
    "a freeze": (["DELETE FROM case_measure"], "row_gone"),
    "a freeze that was lifted": (["UPDATE case_measure SET lifted_us = 1"], "entry_missing"),
    "a hold": (["DELETE FROM hold_recording", "DELETE FROM hold"], "row_gone"),
    "a hold that was released": (
        ["UPDATE hold SET released_us = 1, grace_until_us = 2"], "entry_missing",
    ),
    "a tombstone": (
        ["INSERT INTO tombstone (tenant, digest, destroyed_us, journal)"
         " VALUES (1, randomblob(32), 1, 1)"],
        "entry_missing",
    ),
    "an entry of the journal": (["DELETE FROM journal WHERE seq = 3"], "entry_gone"),
    "its end": (
        ["DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)"], "entry_gone",
    ),
    "who did it": (
        ["UPDATE journal SET actor = 'x' WHERE action = 'hold_placed'"], "entry_differs",
    ),
}  # fmt: skip
# The page says that nothing finds these.
NOT_FOUND = {
    "which recordings a hold has": ["DELETE FROM hold_recording"],
    "a correction with all that follows from it": [
        "DELETE FROM correction",
        "DELETE FROM mark WHERE kind = 'tag'",
        "DELETE FROM text_piece",
        "UPDATE recording SET retention_class = min(retention_class,"
        " (SELECT min(retention_class) FROM recording))",
    ],
}


@dataclass(frozen=True, slots=True)
class Scene:
    """An installation whose API is stopped, and its catalog as it was."""

    made: Installation
    kept: Path

    def write(self, *statements: str) -> int:
        """As who has the file: on the catalog as it was; how many rows were changed."""
        folder = self.made.config.catalog_path
        shutil.rmtree(folder)
        shutil.copytree(self.kept, folder)
        file = sqlite3.connect(folder / CATALOG_FILE, isolation_level=None)
        triggers = file.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        guards = triggers.fetchall()
        for name, _ in guards:
            file.execute(f"DROP TRIGGER {name}")
        changed = sum(file.execute(each).rowcount for each in statements)
        for _, made in guards:
            file.execute(made)
        file.close()
        return changed

    def found(self) -> set[str]:
        """What `rokuon verify` finds, but that an older catalog lacks the openings of before."""
        verified = verify_archive(self.made.config, lambda *_: None)
        faults = {each.fault for each in verified.findings}
        return {each.value for each in faults - {Fault.OPENING_WITHOUT_ENTRY}}


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    """Two calls: one has a tag and a freeze, the other a hold."""
    with installation() as made:
        first, second = str(made.put_call()), str(made.put_call())
        table = made.folder / "agents.csv"
        table.write_text(AGENTS_CSV)
        for command in (
            ["recover"],
            ["agents", "import", str(table)],
            ["calls", "tag", first, "loan", "--reason", "x"],
            ["retention", "freeze", first, "--case", "K1"],
            ["hold", "place", second, "--matter", "M", "--reason", "R", "--review", "2099-12-01"],
            ["retention", "event", "add", "contract_end", "C1", "2026-01-01"],
        ):
            assert run_at(made, *command).exit_code == 0
        made.running.close()
        kept = made.folder / "kept"
        shutil.copytree(made.config.catalog_path, kept)
        yield Scene(made, kept)


def test_nothing_is_found_where_nothing_was_done(scene: Scene) -> None:
    """Else every example below would be found."""
    scene.write()

    assert (scene.found(), altered_rows(scene.made.config)) == (set(), ())


@pytest.mark.parametrize(("statements", "finding"), FOUND.values(), ids=FOUND)
def test_what_was_done_to_rows_is_found(scene: Scene, statements: list[str], finding: str) -> None:
    """By the command that the page names, with the finding that it says."""
    assert scene.write(*statements) > 0
    assert finding in scene.found()


@pytest.mark.parametrize("statements", NOT_FOUND.values(), ids=NOT_FOUND)
def test_what_nothing_finds_is_said_to_be_so(scene: Scene, statements: list[str]) -> None:
    """Whoever makes it found takes it from the page, too."""
    assert scene.write(*statements) > 0
    assert scene.found() == set()


def test_a_sealed_row_is_named_by_user_seals(scene: Scene) -> None:
    """It is not believed, whether anybody looks or not."""
    scene.write("UPDATE token SET scopes = 'audio:listen'", "DELETE FROM role_gift")

    assert {table for table, _ in altered_rows(scene.made.config)} >= {"role_gift"}


@pytest.mark.parametrize(("suffix", "finding"), [(".rkn", "file_missing"), (".rkm", "map_missing")])
def test_a_file_that_was_removed_from_the_archive_is_found(
    scene: Scene, suffix: str, finding: str
) -> None:
    """And found no more once the copy is there again."""
    scene.write()
    file = scene.made.archived(suffix)[0]
    copy = shutil.move(file, scene.made.folder / "copy")
    found = scene.found()
    shutil.move(copy, file)

    assert (found, scene.found()) == ({finding}, set())


def test_a_part_that_was_overwritten_is_found(scene: Scene) -> None:
    """By its own tags."""
    scene.write()
    file = scene.made.archived()[0]
    content = file.read_bytes()
    file.chmod(0o600)
    file.write_bytes(content[:-100] + bytes(100))
    found = scene.found()
    file.write_bytes(content)

    assert (found, scene.found()) == ({"part_damaged"}, set())


def test_of_what_was_removed_before_it_was_archived_nothing_is_found(scene: Scene) -> None:
    """No row knows it yet."""
    scene.write()
    scene.made.put_call()
    (waiting,) = (each for each in scene.made.config.spool.path.rglob("*.rkn") if each.is_file())
    waiting.unlink()

    assert scene.found() == set()


def test_a_kept_page_that_was_removed_is_not_found(scene: Scene) -> None:
    """It is needed by nothing but a keystore that is built anew."""
    scene.write()
    pages = [each for each in scene.made.config.pages.path.rglob("*") if each.is_file()]
    pages[0].unlink()

    assert scene.found() == set()
