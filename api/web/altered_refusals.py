"""What is answered where something is not as it was written.

A table, as that of all refusals, of which it is a part.
"""

from collections.abc import Mapping
from typing import Final

from api.errors import PlanAltered
from api.texts import said
from api.web.refusal_kind import Kind
from archive.catalog.sealing import RowsAltered

OF_ALTERED: Final[Mapping[type[Exception], Kind]] = {
    RowsAltered: Kind(
        409,
        "rows_altered",
        said(
            "What the catalog says of this is not as it was written, and is not believed. "
            "Root lists and settles it on the server: rokuon user seals."
        ),
    ),
    PlanAltered: Kind(
        409,
        "plan_altered",
        said(
            "The plan was altered after it was made, and has ended: nothing of it is destroyed. "
            "Look into who can write to the catalog, then make another one."
        ),
    ),
}
