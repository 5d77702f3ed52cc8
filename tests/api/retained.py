"""Recordings of the index for the tests of retention."""

from collections.abc import Mapping
from datetime import date, timedelta

from archive.ids import ConversationId
from archive.lifecycle.recording_values import KINDS, RetainedRecording
from archive.lifecycle.retention_events import EventKey
from archive.moments import EPOCH
from retention.policies.revision import Revision
from retention.rules.rule import RetentionRule
from tests.archive.catalog.examples import recording_id
from tests.retention.examples import CALLED, policy

ENDED_US = (CALLED - EPOCH) // timedelta(microseconds=1)


def retained(
    number: int = 1,
    /,
    *,
    ended_us: int | None = ENDED_US,
    call: int | None = None,
    told: Mapping[EventKey, date] | None = None,
    **values: str | None,
) -> RetainedRecording:
    """A recording that has what is given, joined by spaces, and no more; None is not known."""
    own = recording_id(number)
    known = {
        kind: None if values.get(kind, "") is None else frozenset((values.get(kind) or "").split())
        for kind in KINDS
    }
    return RetainedRecording(
        recording=own,
        call=ConversationId(recording_id(call or number).raw),
        started_us=ENDED_US,
        ended_us=ended_us,
        size_bytes=1_000,
        values=known,
        told=told or {},
    )


def revision(number: int, *rules: RetentionRule) -> Revision:
    """A revision that is for every recording, in force before all."""
    return Revision(number=number, policy=policy(*rules), in_force_at=EPOCH, is_retroactive=True)
