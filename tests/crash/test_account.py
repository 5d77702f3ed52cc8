"""What the kill suite counts."""

from pathlib import Path

from rokuon.config.load import parse
from tests.crash.account import LEAD_BYTES, begun_parts, spool_files


def test_a_part_has_begun_once_its_lead_is_written(tmp_path: Path) -> None:
    """A file is made first and written then; on a slow machine it is seen in between."""
    config = parse("", name="-", base=tmp_path)
    config.spool.path.mkdir(parents=True)
    (config.spool.path / "made.rkn").touch()
    begun = config.spool.path / "begun.rkn"
    begun.write_bytes(bytes(LEAD_BYTES))

    assert len(spool_files(config)) == 2
    assert begun_parts(config) == [begun]
