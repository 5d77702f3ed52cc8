"""Recordings whose use is limited: one that a policy restricts, one that a case has stopped.

Knows the policy of the houses by the queue that its rules name.
"""

from typing import Final

from sqlalchemy import Engine

from archive.call.events import RouteTaken
from archive.catalog.database.engine import writing
from archive.catalog.holds.measures import MeasureAct, take_measure
from archive.lifecycle.measures import Measure, MeasureKind
from retention.rules.rule import Minimum, Rank, RetentionRule
from tests.archive.catalog.examples import STARTED_US, adopt, adoption, author, inline, recording_id
from tests.pages.calls import usual_call
from tests.retention.examples import rule

# Past its maximum, and kept by a minimum for disputes alone.
RESTRICTED: Final = str(recording_id(4))
SUSPENDED: Final = str(recording_id(5))
_QUEUE: Final = "紛争"


def restricting() -> tuple[RetentionRule, ...]:
    """The rules that restrict what is of the queue, once a day is over."""
    kept = Minimum(purposes=frozenset({"dispute"}))
    return (
        rule("settled", after="P1D", queue=_QUEUE),
        rule("disputes", at_least="P10Y", rank=Rank.LAW, queue=_QUEUE, minimum=kept),
    )


def add_limited(engine: Engine) -> None:
    """Both recordings."""
    route = RouteTaken(
        at_us=STARTED_US, route="main", target="pbx", mode="required", queue=_QUEUE
    )  # fmt: skip
    adopt(engine, adoption(4, inline(route)), adoption(5, usual_call()))
    act = MeasureAct(
        measure=Measure(kind=MeasureKind.SUSPENSION, case="2026/D-41"),
        target=recording_id(5),
        recordings=(recording_id(5),),
    )
    with writing(engine) as connection:
        take_measure(connection, author(), act)
