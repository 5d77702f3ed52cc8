"""A file beside the calls, where its folder takes nothing."""

from pathlib import Path

from structlog.testing import capture_logs

from capture.peers.published_file import PublishedFile


def test_what_cannot_be_written_ends_nothing_and_is_said_once(tmp_path: Path) -> None:
    """Signalling wrote twice a second, and died each time: 11 times in 40 s."""
    folder = tmp_path / "gone"
    file = PublishedFile(folder / "seen.json")
    with capture_logs() as lines:
        shown = [file.show(b"1"), file.show(b"2")]
        folder.mkdir()
        shown += [file.show(b"2"), file.show(b"2")]

    assert shown == [False, False, True, True]
    assert (folder / "seen.json").read_bytes() == b"2"
    assert [line["log_level"] for line in lines] == ["error", "info"]


def test_what_cannot_be_read_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    """Nobody needs it so much as to take no calls."""
    (tmp_path / "seen.json").mkdir()
    with capture_logs() as lines:
        left = [PublishedFile(tmp_path / name).left() for name in ("seen.json", "none.json")]

    assert left == [b"", b""]
    assert [line["name"] for line in lines] == ["seen.json"]
