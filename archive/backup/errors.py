"""What can go wrong with backups, named.

Texts carry names of files and counts, never key material.
"""

from archive.errors import ArchiveError, RecordingDamaged


class SetDamaged(RecordingDamaged):
    """A backup set is not what was written: cut, changed, or not a set at all."""


class SetUnverified(ArchiveError):
    """What a set holds is whole, but not what it should be: a wrap that does not open."""


class SetOutdated(ArchiveError):
    """The epoch of a set is destroyed, or its key is not here: nobody can open it."""


class SetMissing(ArchiveError):
    """A folder, which it names, has no backup set."""


class NothingOpened(ArchiveError):
    """No recording that the sets of keystore and catalog both have can be opened."""
