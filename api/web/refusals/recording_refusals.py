"""The table of refusals of recordings whose files or keys are not there, or not as they were.

Of each kind its status, its code, which never changes, and its text. Knows nothing of requests.
"""

from collections.abc import Mapping
from typing import Final

from api.web.refusals.refusal_kind import RefusalKind
from api.words.texts import said
from archive.errors import (
    KeyUnavailable,
    RecordingDamaged,
    RecordingLost,
    RecordingMissing,
    RecordingUnreadable,
)

OF_RECORDINGS: Final[Mapping[type[Exception], RefusalKind]] = {
    RecordingDamaged: RefusalKind(
        500, "recording_damaged", said("The recording does not verify; rokuon verify says where.")
    ),
    RecordingUnreadable: RefusalKind(
        500,
        "recording_unreadable",
        said("A file of the recording cannot be read; rokuon verify says which, and why."),
    ),
    RecordingMissing: RefusalKind(
        409,
        "recording_missing",
        said(
            "The files of this recording are not in the archive any more; rokuon verify says which,"
            " the journal since when."
        ),
    ),
    RecordingLost: RefusalKind(
        409,
        "recording_lost",
        said(
            "The files of this recording cannot be read any more; rokuon verify says why, the"
            " journal since when."
        ),
    ),
    KeyUnavailable: RefusalKind(
        503,
        "unavailable",
        said("The key of this recording cannot be had at the moment; rokuon doctor looks why."),
    ),
}
