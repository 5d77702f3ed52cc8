"""What was read of one recording in the archive, for who makes its rows anew.

Pure values. Knows nothing of files, keys or rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from archive.call.adoption import Adoption
from archive.ids import PartName, RecordingId, TenantId

# All parts are there.
COMPLETE: Final = "complete"
# Why the archive has a part no more: no file of it is there, or one that cannot be read.
Because = Literal["missing", "damaged"]
MISSING: Final = "missing"
DAMAGED: Final = "damaged"
Value = int | str | bytes | None


@dataclass(frozen=True, slots=True)
class DamagedPart:
    """A file that cannot be read as the part that it is by its name.

    `path` is relative to the archive's root; `values` are columns of a row, as far as its header
    says them, and none where that is not readable either.
    """

    name: PartName
    path: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ArchivedRecording:
    """A recording or a ledger page with all its files, in any order."""

    tenant: TenantId
    recording: RecordingId
    parts: tuple[Adoption, ...] = ()
    damaged: tuple[DamagedPart, ...] = ()


@dataclass(frozen=True, slots=True)
class LostPart:
    """A part that the index or the journal knew, and the archive has no more."""

    name: PartName
    because: Because
