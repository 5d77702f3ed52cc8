"""What can go wrong with backups: whose fault it is shows in the kind."""

from archive.backup.errors import SetDamaged, SetOutdated, SetUnverified
from archive.errors import ArchiveError, RecordingDamaged


def test_damage_is_told_apart_from_what_is_whole_and_wrong() -> None:
    """A damaged set is fetched again; an unverified one is a fault of the keystore."""
    assert issubclass(SetDamaged, RecordingDamaged)
    assert not issubclass(SetUnverified, RecordingDamaged)
    assert issubclass(SetOutdated, ArchiveError)
