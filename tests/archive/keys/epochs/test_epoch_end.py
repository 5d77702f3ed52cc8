"""The end of an epoch: what holds it back, and that its key is gone everywhere."""

from pathlib import Path

import pytest

from archive.keys.epochs.epoch_end import HeldBackBy, due_epochs, held_back
from tests.archive.keys.turning import KEEP, Turning


def turned(folder: Path, *, copies: Path | None = None) -> Turning:
    """So many turns that the first epoch is due, and nothing has been told yet."""
    turning = Turning(folder, copies=copies)
    for _ in range(KEEP - 1):
        turning.turn_once()
    turning.turn.wish()
    while (job := turning.turn.next_job()) is not None:
        job.run()
    return turning


def test_an_epoch_ends_after_n_turns_with_file_copy_and_sets(tmp_path: Path) -> None:
    """Whatever opened something of that day is gone, and seen to be gone."""
    copies = tmp_path / "copies"
    copies.mkdir()
    turning = turned(tmp_path / "keys", copies=copies)
    (tmp_path / "keys" / "sets" / "keystore-20260101T000000Z-e000001.rkb").touch()
    turning.report()
    turning.run()

    assert turning.states() == {1: "destroyed", 2: "past", 3: "past", 4: "current"}
    for folder in (copies, tmp_path / "keys" / "epochs"):
        names = sorted(path.name for path in folder.glob("epoch-*"))
        assert names == [f"epoch-00000{number}.key" for number in (2, 3, 4)]
    assert not list((tmp_path / "keys" / "sets").glob("*e000001.rkb"))
    assert turning.opened.connection.execute(
        "SELECT count(*) FROM intake_key WHERE epoch = 1 AND wrapped_seeds IS NOT NULL"
    ).fetchone() == (0,)


def test_it_waits_for_what_the_keeper_tells(tmp_path: Path) -> None:
    """Who has not been asked may have parts that only this epoch opens."""
    turning = turned(tmp_path)
    ((key, _),) = [
        (row[0], row[1])
        for row in turning.opened.connection.execute(
            "SELECT id, epoch FROM intake_key WHERE epoch = 1"
        )
    ]
    # What was told before the turn says nothing of parts that came since.
    assert held_back(turning.opened.connection, 1) == (HeldBackBy.KEEPER,)
    assert turning.end.next_job() is None

    turning.opened.connection.execute("INSERT INTO spool_intake VALUES (?, 2)", (key,))
    assert HeldBackBy.SPOOL in held_back(turning.opened.connection, 1)


def test_a_node_that_still_seals_to_it_holds_it_back(tmp_path: Path) -> None:
    """Its next call would be lost."""
    turning = turned(tmp_path)
    turning.report()
    turning.opened.connection.execute("UPDATE intake_key SET used_epoch = 4 WHERE epoch = 1")

    assert turning.end.why_held() == {1: (HeldBackBy.NODE,)}
    turning.run()
    assert turning.states()[1] == "past"


def test_a_place_of_copies_that_is_not_there_holds_it_back(tmp_path: Path) -> None:
    """A medium in a safe still has the key: the epoch is not over, and says so."""
    copies = tmp_path / "copies"
    copies.mkdir()
    turning = turned(tmp_path / "keys", copies=copies)
    copies.rename(tmp_path / "away")
    turning.report()
    turning.run()

    assert turning.states()[1] == "past"
    assert turning.end.why_held() == {1: (HeldBackBy.COPY,)}
    (tmp_path / "away").rename(copies)
    turning.end.try_again()
    turning.run()
    assert turning.states()[1] == "destroyed"


def test_a_kill_between_the_file_and_its_row_is_finished_later(tmp_path: Path) -> None:
    """The row says destroyed only when the file was seen to be gone."""
    turning = turned(tmp_path)
    turning.report()
    job = turning.end.next_job()
    assert job is not None
    job.run()
    assert not (tmp_path / "epochs" / "epoch-000001.key").exists()
    turning.start()
    assert due_epochs(turning.opened.connection, KEEP) == (1,)
    turning.run()

    assert turning.states()[1] == "destroyed"


@pytest.mark.parametrize("keep", [2, 5])
def test_n_is_what_it_is_set_to(tmp_path: Path, keep: int) -> None:
    """One number: the restore window, and the deadline of erasure in backups."""
    turning = Turning(tmp_path, keep=keep)
    for _ in range(6):
        turning.turn_once()

    past = [epoch for epoch, state in turning.states().items() if state != "destroyed"]
    assert past == list(range(7 - keep + 1, 8))
