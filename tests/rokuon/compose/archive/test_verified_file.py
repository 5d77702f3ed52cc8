"""What a verification found, left for who watches."""

from pathlib import Path

from api.health.seen import VerifiedSeen
from rokuon.compose.archive.verified_file import read_verified, write_verified


def test_what_was_found_is_read_as_it_was_and_stops_nobody(tmp_path: Path) -> None:
    """A catalog's disk that is full makes no verification worse."""
    found = VerifiedSeen(at_us=5, findings=2)
    write_verified(tmp_path / "verified.json", found)
    write_verified(tmp_path / "none" / "verified.json", found)
    (tmp_path / "broken").write_bytes(b"{")

    assert read_verified(tmp_path / "verified.json") == found
    assert read_verified(tmp_path / "none" / "verified.json") is None
    assert read_verified(tmp_path / "broken") is None
