"""The file of unknown callers."""

from pathlib import Path

from capture.peers.source_watch import UNKNOWN_FILE, UnknownSourcesFile
from capture.peers.sources import UnknownSources


def test_who_called_is_in_the_file_and_nothing_else_is_in_the_folder(tmp_path: Path) -> None:
    """Whoever reads it finds it whole: it was written elsewhere first."""
    strangers, file = UnknownSources(), UnknownSourcesFile(tmp_path)
    strangers.note("192.0.2.7", b"", 5)
    file.show(file.news(strangers))

    assert (tmp_path / UNKNOWN_FILE).read_text("utf-8") == strangers.as_lines()
    assert [path.name for path in tmp_path.iterdir()] == [UNKNOWN_FILE]


def test_it_is_written_only_where_somebody_has_called_since(tmp_path: Path) -> None:
    """Twice a second nothing is new on most days."""
    strangers, file = UnknownSources(), UnknownSourcesFile(tmp_path)
    file.show(file.news(strangers))
    assert list(tmp_path.iterdir()) == []

    strangers.note("192.0.2.7", b"", 5)
    file.show(file.news(strangers))
    (tmp_path / UNKNOWN_FILE).unlink()
    file.show(file.news(strangers))
    assert list(tmp_path.iterdir()) == []
