"""A recording of the index as the rules of a retention policy see it.

Pure. Says which tag is that of a legal basis; knows no rule.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from archive.catalog.query import EPOCH
from archive.catalog.retained import RetainedRecording
from archive.catalog.retained_values import KINDS
from archive.retention_events import OTHER
from retention.attributes import CALL_END, Facts, Kind

_BASIS: Final = f"{OTHER}basis"


def facts_of(found: RetainedRecording) -> Facts:
    """What is not known of it is said to be so."""
    values = {Kind(kind): found.values[kind] for kind in KINDS}
    return Facts(values={**values, Kind.BASIS: _basis(found)}, happened=dict(_happened(found)))


def _basis(found: RetainedRecording) -> frozenset[str] | None:
    if found.values["tag"] is None:
        return None
    return frozenset(each.key for each in found.event_keys if each.kind == _BASIS)


def _happened(found: RetainedRecording) -> Iterator[tuple[str, date | None]]:
    """Its end; and of what it has keys, when it has happened to the last of them."""
    if found.ended_us is not None:
        yield CALL_END, EPOCH + timedelta(microseconds=found.ended_us)
    days: defaultdict[str, list[date | None]] = defaultdict(list)
    for each in found.event_keys:
        days[each.kind].append(found.told.get(each))
    for kind, told in days.items():
        known = [day for day in told if day is not None]
        yield kind, max(known) if len(known) == len(told) else None
