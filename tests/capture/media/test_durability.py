"""The thread that syncs and publishes."""

import os
from pathlib import Path

import pytest

from capture.media import durability, spool_trial
from capture.media.durability import MAX_SINGLE_SYNCS, FinishedPart, Syncer


def files(folder: Path, *names: str) -> list[FinishedPart]:
    made = []
    for name in names:
        path = folder / f"{name}.rkn"
        made.append(FinishedPart(os.open(path, os.O_CREAT | os.O_RDWR), path, name))
    return made


def ran(syncer: Syncer) -> Syncer:
    """Start and stop: one last round at least."""
    syncer.start()
    syncer.stop()
    return syncer


def test_finished_parts_get_their_last_name_in_their_order(tmp_path: Path) -> None:
    """And only then does anybody say so."""
    syncer = Syncer([tmp_path], whole_file_system=False, open_parts=list)
    parts = files(tmp_path, "a", "b", "c")
    for part in parts:
        syncer.finish(part)
    assert not syncer.published
    ran(syncer)

    assert list(syncer.published) == ["a", "b", "c"]
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"{n}.rkn.sealed" for n in "abc"]
    for part in parts:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(part.descriptor)


@pytest.mark.parametrize(
    ("whole", "parts", "wanted"),
    [
        (False, 3, ["part"] * 3),
        (True, 3, ["volume"]),
        (False, MAX_SINGLE_SYNCS + 1, ["volume"]),
        (False, 0, []),
    ],
)
def test_a_spool_of_its_own_is_synced_at_once_else_part_by_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bool, parts: int, wanted: list[str]
) -> None:
    """A sync of the whole disk would wait for what others write."""
    done: list[str] = []
    monkeypatch.setattr(durability, "syncfs", lambda _: done.append("volume"))
    monkeypatch.setattr(os, "fdatasync", lambda _: done.append("part"))
    monkeypatch.setattr(spool_trial, "_write_in", lambda _: None)
    ran(Syncer([tmp_path], whole_file_system=whole, open_parts=lambda: list(range(parts))))

    assert done[: len(wanted)] == wanted
    assert len(done) % max(1, len(wanted)) == 0


def test_a_part_that_was_finished_meanwhile_is_no_failure(tmp_path: Path) -> None:
    """Its descriptor may be gone by the time of its sync."""
    (part,) = files(tmp_path, "a")
    os.close(part.descriptor)
    syncer = Syncer([tmp_path], whole_file_system=False, open_parts=lambda: [part.descriptor])

    assert ran(syncer).failure is None


def failing(*_: object) -> None:
    raise OSError(5, "Input/output error")


def test_a_failed_sync_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every part of the volume then goes on elsewhere."""
    (part,) = files(tmp_path, "a")
    monkeypatch.setattr(os, "fdatasync", failing)
    syncer = Syncer([tmp_path], whole_file_system=False, open_parts=lambda: [part.descriptor])

    assert str(ran(syncer).failure) == "[Errno 5] Input/output error"


def test_a_volume_that_was_mounted_anew_is_synced_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was opened before belongs to a file system that is no more, and fails for ever."""
    spool = tmp_path / "spool"
    spool.mkdir()

    def of_what_is_mounted(descriptor: int) -> None:
        if os.fstat(descriptor).st_ino != spool.stat().st_ino:
            failing()

    monkeypatch.setattr(durability, "syncfs", of_what_is_mounted)
    syncer = Syncer([spool], whole_file_system=True, open_parts=list)
    spool.rename(tmp_path / "broken")
    spool.mkdir()
    syncer._round()
    assert syncer.failure is not None

    syncer.failure = None
    assert ran(syncer).failure is None


def test_a_part_that_cannot_be_published_is_told_and_let_go_of(tmp_path: Path) -> None:
    """Its call is over: ports must not wait for ever, nor the parts behind it."""
    syncer = Syncer([tmp_path], whole_file_system=False, open_parts=list)
    first, second = files(tmp_path, "a", "b")
    first.path.unlink()
    syncer.finish(first)
    syncer.finish(second)
    ran(syncer)

    assert syncer.failure is not None
    assert list(syncer.published) == ["a", "b"]
    assert second.path.with_name("b.rkn.sealed").exists()
