"""A recording of the index as the rules of a retention policy see it.

Pure. Says which tag is that of a legal basis; knows no rule.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from archive.lifecycle.recording_values import KINDS, RetainedRecording
from archive.lifecycle.retention_events import OTHER, EventKey
from archive.moments import moment
from retention.rules.conditions import CALL_END, AttributeKind, Facts

_BASIS: Final = f"{OTHER}basis"


def facts_of(found: RetainedRecording) -> Facts:
    """What is not known of it is said to be so."""
    own, keys = found.values, found.event_keys
    values = {AttributeKind(kind): own[kind] for kind in KINDS}
    basis = frozenset(each.key for each in keys if each.kind == _BASIS)
    return Facts(
        values={**values, AttributeKind.BASIS: None if own["tag"] is None else basis},
        happened=dict(_happened(found, keys)),
    )


def _happened(
    found: RetainedRecording, keys: Sequence[EventKey]
) -> Iterator[tuple[str, date | None]]:
    """Its end; and of what it has keys, when it has happened to the last of them."""
    if found.ended_us is not None:
        yield CALL_END, moment(found.ended_us)
    days: defaultdict[str, list[date | None]] = defaultdict(list)
    for each in keys:
        days[each.kind].append(found.told.get(each))
    for kind, told in days.items():
        known = [day for day in told if day is not None]
        yield kind, max(known) if len(known) == len(told) else None
