"""What the key daemon is told of parts that wait."""

from pathlib import Path

from archive.format.intake import PAGE_BYTES
from archive.ids import IntakeKeyId
from archive.keeper.spool import SpoolFile
from archive.keeper.spool_report import TELL_US, SpoolReporter
from tests.archive.keys.scene import Scene


def spool_file(path: Path) -> SpoolFile:
    return SpoolFile(path.stem, 1, str(path), is_hinted=False)


def test_parts_are_counted_by_the_key_that_they_are_sealed_to(tmp_path: Path) -> None:
    """An epoch with one of these must not end."""
    scene = Scene(tmp_path / "keys")
    told = list[list[tuple[IntakeKeyId, int]]]()
    files = []
    for number in range(2):
        (tmp_path / f"{number}.rkn").write_bytes(scene.node.first_blocks().page + bytes(4096))
        files.append(spool_file(tmp_path / f"{number}.rkn"))
    (tmp_path / "hollow.rkn").write_bytes(bytes(PAGE_BYTES - 1))
    files += [spool_file(tmp_path / "hollow.rkn"), spool_file(tmp_path / "gone.rkn")]
    SpoolReporter(lambda sealed: told.append(list(sealed))).note(files, 0)

    assert told == [[(scene.node.intake_key.id, 2)]]


def test_what_has_not_changed_is_told_now_and_then() -> None:
    """The daemon asks for one after each turn."""
    told = list[int]()
    report = SpoolReporter(lambda _: told.append(1))
    for now_us in (0, 1, TELL_US - 1, TELL_US):
        report.note([], now_us)

    assert len(told) == 2
