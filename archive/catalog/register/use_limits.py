"""The register of restrictions: from which moment on a recording is for few purposes alone.

Written when a recording is judged. Knows nothing of how is judged; `use.py` has what follows.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from archive.catalog.tables.catalog import use_limit
from archive.ids import RecordingId

_AT_ONCE: Final = 500
_KNOWN: Final = select(use_limit).where(
    use_limit.c.tenant == bindparam("tenant"),
    use_limit.c.recording.in_(bindparam("own", expanding=True)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UseLimit:
    """From a moment on (µs since 1970 UTC), by a revision of the policy."""

    from_us: int
    purposes: frozenset[str]
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitChange:
    """What of a recording is to be restricted otherwise than it is stored; None: not at all."""

    recording: RecordingId
    asset: str
    limit: UseLimit | None


# By recording and kind of thing (`audio`, `metadata`).
Limits = Mapping[RecordingId, Mapping[str, UseLimit]]


def limits_of(connection: Connection, tenant: int, recordings: Sequence[RecordingId]) -> Limits:
    """What is stored of these; those without a restriction are not in it."""
    found: defaultdict[RecordingId, dict[str, UseLimit]] = defaultdict(dict)
    for first in range(0, len(recordings), _AT_ONCE):
        own = [each.raw for each in recordings[first : first + _AT_ONCE]]
        for row in connection.execute(_KNOWN, {"tenant": tenant, "own": own}):
            found[RecordingId(row.recording)][row.asset] = UseLimit(
                from_us=row.from_us,
                purposes=frozenset(row.purposes.split("\n")) - {""},
                revision=row.revision,
            )
    return found


def write_limits(connection: Connection, tenant: int, changes: Iterable[LimitChange]) -> None:
    """Make what is stored so, in the caller's transaction."""
    for each in changes:
        one = (
            use_limit.c.tenant == tenant,
            use_limit.c.recording == each.recording.raw,
            use_limit.c.asset == each.asset,
        )
        if each.limit is None:
            connection.execute(delete(use_limit).where(*one))
            continue
        values = {
            "from_us": each.limit.from_us,
            "purposes": _lines(each.limit.purposes),
            "revision": each.limit.revision,
        }
        if not connection.execute(update(use_limit).where(*one).values(values)).rowcount:
            named = {"tenant": tenant, "recording": each.recording.raw, "asset": each.asset}
            connection.execute(insert(use_limit).values({**named, **values}))


def _lines(purposes: frozenset[str]) -> str:
    """Each between two line ends; nowhere are there two of those with nothing between them."""
    return "".join(("\n", "\n".join(sorted(purposes)), "\n")) if purposes else ""
