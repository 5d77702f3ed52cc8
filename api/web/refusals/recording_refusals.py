"""Tables of refusals of recordings, rows and plans that are not there, or not as they were.

Of each kind its status, its code, which never changes, and its text. Knows nothing of requests.
"""

from collections.abc import Mapping
from typing import Final

from api.letters.typesetter import LetterFontMissing, LetterRefused, LettersNotInstalled
from api.permissions.errors import Destroyed, NothingDue, PlanAltered, PlanOver, TimeDiffers
from api.web.refusals.refusal_kind import RefusalKind
from api.words.texts import said
from archive.catalog.destruction.plans import UnknownPlan
from archive.catalog.journal.sealed_rows import RowsAltered
from archive.errors import (
    KeyUnavailable,
    RecordingDamaged,
    RecordingLost,
    RecordingMissing,
    RecordingUnreadable,
)

OF_LETTERS: Final[Mapping[type[Exception], RefusalKind]] = {
    LettersNotInstalled: RefusalKind(
        501,
        "letters_not_installed",
        said(
            "Nothing here sets letters as PDF: an administrator installs the extra letters. The"
            " certificate itself is the text beside it."
        ),
    ),
    LetterFontMissing: RefusalKind(
        501,
        "letter_font_missing",
        said(
            "No font of letters is on this machine: an administrator installs"
            " fonts-morisawa-bizud-gothic and fonts-ipamj-mincho; rokuon doctor says which."
        ),
    ),
    LetterRefused: RefusalKind(
        500,
        "letter_refused",
        said("No font here has all characters of this letter; rokuon doctor says what to install."),
    ),
}

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

OF_ALTERED: Final[Mapping[type[Exception], RefusalKind]] = {
    RowsAltered: RefusalKind(
        409,
        "rows_altered",
        said(
            "What the catalog says of this is not as it was written, and is not believed. "
            "Root lists and settles it on the server: rokuon user seals."
        ),
    ),
    PlanAltered: RefusalKind(
        409,
        "plan_altered",
        said(
            "The plan was altered after it was made, and has ended: nothing of it is destroyed. "
            "Look into who can write to the catalog, then make another one."
        ),
    ),
}

OF_DESTRUCTION: Final[Mapping[type[Exception], RefusalKind]] = {
    UnknownPlan: RefusalKind(
        404, "not_found", said("There is no such plan; rokuon retention runs --all shows all.")
    ),
    Destroyed: RefusalKind(
        410,
        "destroyed",
        said(
            "It was destroyed on {day} (UTC) by rule {rules}, plan {plan}; it is gone for good. "
            "Its certificate: {certificate}"
        ),
    ),
    NothingDue: RefusalKind(
        409,
        "nothing_due",
        said("Nothing is due that is not in a plan already; rokuon retention overdue shows all."),
    ),
    TimeDiffers: RefusalKind(
        409,
        "time_differs",
        said("The clock of the machine says another date or time; set it first."),
    ),
    PlanOver: RefusalKind(
        409, "plan_over", said("The plan has ended, or waits for nobody's word; make another one.")
    ),
}
