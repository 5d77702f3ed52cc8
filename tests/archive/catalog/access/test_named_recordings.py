"""Recordings that are meant by a list of ids."""

from pathlib import Path

from sqlalchemy import select

from archive.access.reach import WHOLE_TENANT, ReachRule, Within
from archive.catalog.access.named_recordings import recordings_named
from archive.catalog.database.engine import reading
from archive.catalog.tables.catalog import conversation, recording
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT, RecordingId
from tests.archive.catalog.examples import (
    OTHER_TENANT,
    adopt,
    adoption,
    inbound,
    new_catalog,
    of_group,
    recording_id,
)

ABSENT = RecordingId(b"a" * 16)


def test_calls_and_recordings_are_meant_by_their_ids_and_each_once(tmp_path: Path) -> None:
    """A call's id means all that it has; what is not there is said."""
    engine = new_catalog(tmp_path)
    joined = (*inbound(), of_group("g"))
    adopt(engine, adoption(1, joined), adoption(2, joined), adoption(3))
    adopt(engine, adoption(4, tenant=OTHER_TENANT))
    with reading(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        call = connection.scalars(
            select(conversation.c.id)
            .join(recording, recording.c.conversation == conversation.c.row)
            .where(recording.c.id == recording_id(2).raw)
        ).one()
        named = [call, recording_id(1).raw, recording_id(3).raw, ABSENT.raw, recording_id(4).raw]
        found = recordings_named(connection, tenant, WHOLE_TENANT, [*named, ABSENT.raw])
        within = Within(reach=(ReachRule(queues=frozenset({"support"})),))
        outside = recordings_named(connection, tenant, within, named)

    assert set(found.recordings) == {recording_id(1), recording_id(2), recording_id(3)}
    assert len(found.recordings) == 3
    assert found.missing == (ABSENT, recording_id(4))
    assert outside.recordings == ()
    assert len(outside.missing) == len(named)
