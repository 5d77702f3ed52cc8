"""What limits the use of recordings, as conditions on recordings: the one place that has them.

Knows the register's tables of limits. Knows nothing of who asks, nor of who limited. Each key leads
with the tenant.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    literal,
    or_,
    select,
)

from archive.access.reach import Within
from archive.access.use import Extent, Limit, Use
from archive.catalog.register.legal_holds import IN_FORCE, PROTECTED
from archive.catalog.tables.catalog import case_measure, hold, hold_recording, recording, use_limit
from archive.ids import RecordingId
from archive.lifecycle.measures import SUSPENDING

METADATA: Final = "metadata"
# Purposes and cases that are stated: a statement of each is kept.
_USES_KEPT: Final = 256
_AT: Final = "use_at_us"
_CASE: Final = "case:"
_MATTER: Final = "matter:"


def moment(allowed: Within) -> dict[str, int]:
    """The value of a statement that is kept for `allowed.timeless`: the moment of the question."""
    return {_AT: allowed.use.at_us}


def usable(tenant: int, use: Use) -> Iterator[ColumnElement[bool]]:
    """The conditions that a row of `recording` must fulfil to be given for this use."""
    if use.extent is Extent.ALL:
        return
    yield is_free(tenant, use)
    yield is_open(tenant, use)


def is_free(tenant: int, use: Use) -> ColumnElement[bool]:
    """Whether no measure stops the use; who works on the case may know of the recording."""
    if use.extent is Extent.ALL:
        return literal(value=True)
    suspended = _measures(tenant).where(case_measure.c.kind.in_(SUSPENDING)).exists()
    return or_(~suspended, *_of_matter(tenant, use), *_of_case(tenant, use, Extent.KNOWLEDGE))


def is_open(tenant: int, use: Use) -> ColumnElement[bool]:
    """Whether no restriction has begun that what was stated does not pass."""
    if use.extent is Extent.ALL or use.is_glass_broken:
        return literal(value=True)
    begun = select(use_limit.c.row).where(
        use_limit.c.tenant == tenant,
        use_limit.c.recording == recording.c.id,
        use_limit.c.from_us <= bindparam(_AT, value=use.at_us, type_=BigInteger),
        ~use_limit.c.purposes.contains(line_of(use.purpose), autoescape=True),
    )
    if use.extent is Extent.KNOWLEDGE:
        begun = begun.where(use_limit.c.asset == METADATA)
    return or_(~begun.exists(), *_of_matter(tenant, use), *_of_case(tenant, use, use.extent))


def limits_on(
    connection: Connection, tenant: int, allowed: Within, recordings: Sequence[RecordingId]
) -> Mapping[RecordingId, Limit]:
    """Which of these who asks would not hear for what he stated, and why not."""
    asked = _limited(tenant, replace(allowed.use, extent=Extent.CONTENT, at_us=0))
    own = {"recordings": [each.raw for each in recordings]}
    return {
        RecordingId(row.id): "restricted" if row.free else "suspended"
        for row in connection.execute(asked, {**own, **moment(allowed)})
        if not (row.free and row.open)
    }


@lru_cache(_USES_KEPT)
def _limited(tenant: int, use: Use) -> Select[bytes, bool, bool]:
    recordings: BindParameter[bytes] = bindparam("recordings", expanding=True)
    return select(
        recording.c.id, is_free(tenant, use).label("free"), is_open(tenant, use).label("open")
    ).where(recording.c.tenant == tenant, recording.c.id.in_(recordings))


def line_of(purpose: str) -> str:
    """A purpose as it stands among those of a restriction."""
    return f"\n{purpose}\n"


def _measures(tenant: int) -> Select[tuple[int]]:
    return select(case_measure.c.row).where(
        case_measure.c.tenant == tenant,
        case_measure.c.recording == recording.c.id,
        case_measure.c.lifted_us.is_(None),
    )


def _of_case(tenant: int, use: Use, extent: Extent) -> Iterator[ColumnElement[bool]]:
    """Whether the case that was stated has a measure on the recording; up to an extent."""
    if use.extent is extent and use.purpose.startswith(_CASE):
        own = use.purpose.removeprefix(_CASE)
        yield _measures(tenant).where(case_measure.c.case_id == own).exists()


def _of_matter(tenant: int, use: Use) -> Iterator[ColumnElement[bool]]:
    """Whether a legal hold of the matter that was stated is on the recording."""
    if use.purpose.startswith(_MATTER):
        own = use.purpose.removeprefix(_MATTER)
        yield (
            select(hold_recording.c.row)
            .join_from(hold_recording, hold, hold.c.row == hold_recording.c.hold)
            .where(
                hold_recording.c.tenant == tenant,
                hold_recording.c.recording == recording.c.id,
                hold_recording.c.state.in_(PROTECTED),
                hold.c.matter == own,
                *IN_FORCE,
            )
            .exists()
        )
