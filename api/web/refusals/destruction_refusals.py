"""What is answered where something was destroyed, or cannot be planned.

A table, as that of all refusals, of which it is a part.
"""

from collections.abc import Mapping
from typing import Final

from api.permissions.errors import Destroyed, NothingDue, PlanOver, TimeDiffers
from api.web.refusals.refusal_kind import RefusalKind
from api.words.texts import said
from archive.catalog.destruction.plans import UnknownPlan

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
