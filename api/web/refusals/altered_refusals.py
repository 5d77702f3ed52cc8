"""What is answered where something is not as it was written.

A table, as that of all refusals, of which it is a part.
"""

from collections.abc import Mapping
from typing import Final

from api.permissions.errors import PlanAltered
from api.web.refusals.refusal_kind import RefusalKind
from api.words.texts import said
from archive.catalog.journal.sealed_rows import RowsAltered

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
