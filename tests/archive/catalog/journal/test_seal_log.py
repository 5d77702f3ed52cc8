"""The log of seals, cut at every byte."""

from pathlib import Path

from archive.catalog.journal.seal_log import RecordKind, SealLog, SealRecord, add

RECORDS = [
    SealRecord(RecordKind.ROW, 3, number, number, bytes([number] * 16)) for number in range(4)
]
DONE = SealRecord(RecordKind.DONE)


def test_what_is_added_is_read_once_by_each(tmp_path: Path) -> None:
    """By who wrote it in another process, too."""
    own, other = (SealLog(tmp_path / "seals.log") for _ in range(2))
    assert not own.has_news
    with own.held() as descriptor:
        own.at += add(descriptor, [*RECORDS, DONE], sync=True)

    assert (own.has_news, other.has_news) == (False, True)
    assert list(other.news()) == [*RECORDS, DONE]
    assert (other.has_news, list(other.news())) == (False, [])


def test_a_record_that_was_cut_is_not_there(tmp_path: Path) -> None:
    """Power goes while it is written: what was not synced was not committed either."""
    whole = b"".join(each.encode() for each in RECORDS)
    size = len(whole) // len(RECORDS)
    for cut in range(len(whole)):
        path = tmp_path / "cut.log"
        path.write_bytes(whole[:cut])
        log = SealLog(path)
        assert list(log.news()) == RECORDS[: cut // size]
        with log.held() as descriptor:
            add(descriptor, [DONE], sync=False)
        assert list(SealLog(path).news()) == [*RECORDS[: cut // size], DONE]


def test_the_log_is_for_its_owner_alone(tmp_path: Path) -> None:
    """It lies beside the key."""
    log = SealLog(tmp_path / "seals.log")
    with log.held():
        pass

    assert log.path.stat().st_mode & 0o077 == 0
