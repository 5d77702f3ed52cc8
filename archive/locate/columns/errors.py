"""Why columns are refused: each says what is to be made anew, the month or all of them.

Knows nothing of who makes them anew. Texts carry names of files, never what is in them.
"""

from archive.errors import ArchiveError


class ColumnsRefused(ArchiveError):
    """A file that is not answered from; it is derived, and is made anew."""


class ColumnsMissing(ColumnsRefused):
    """There is no file of this name."""


class ColumnsTorn(ColumnsRefused):
    """A size or a checksum is not the one that was written."""


class ColumnsOtherForm(ColumnsRefused):
    """Written by a version that lays them out otherwise."""


class ColumnsForeign(ColumnsRefused):
    """Of another tenant, another catalog or another month than asked for."""


class ColumnsStale(ColumnsRefused):
    """The catalog has no longer all changes since, or has not had the last of them."""


class ColumnsOverfull(ArchiveError):
    """A value that has no room in a row: a number of a row, or too many agents in a month."""
