"""A recording of the index as the rules of a retention policy see it.

Pure. Says which tag is the key of which event and of which basis; knows no rule.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from archive.catalog.query import EPOCH
from archive.catalog.retained import KINDS, RetainedRecording
from retention.attributes import CALL_END, EVENT, Facts, Kind

# A tag is the key of an event where a name is before its colon and something behind it.
_KEYED: Final[Mapping[str, str]] = {"contract": "contract_end", "case": "case_closed"}
_AGENT_LEFT: Final = "agent_left"
_BASIS: Final = "basis"


def facts_of(found: RetainedRecording) -> Facts:
    """What is not known of it is said to be so."""
    values = {Kind(kind): found.values[kind] for kind in KINDS}
    return Facts(values={**values, Kind.BASIS: _basis(found)}, happened=dict(_happened(found)))


def _keys(found: RetainedRecording) -> Iterator[tuple[str, str]]:
    for tag in sorted(found.values["tag"] or ()):
        name, _, key = tag.partition(":")
        if name.strip() and key.strip():
            yield name.strip(), key.strip()


def _basis(found: RetainedRecording) -> frozenset[str] | None:
    if found.values["tag"] is None:
        return None
    return frozenset(key for name, key in _keys(found) if name == _BASIS)


def _happened(found: RetainedRecording) -> Iterator[tuple[str, datetime | None]]:
    """Its end; and of what it has the key, that nobody has told of it: it has not happened."""
    if found.ended_us is not None:
        yield CALL_END, EPOCH + timedelta(microseconds=found.ended_us)
    for name, _ in _keys(found):
        yield _KEYED.get(name, EVENT + name), None
    if found.values["agent"]:
        yield _AGENT_LEFT, None
