"""The tables of plans."""

from archive.catalog.tables.destruction import destruction_plan, planned_recording
from archive.catalog.tables.index import INDEX_TABLES


def test_a_rebuild_leaves_plans_as_they_are() -> None:
    """They are of the register: what was approved is not made anew from files."""
    assert not {destruction_plan, planned_recording} & set(INDEX_TABLES)


def test_the_id_of_a_planned_recording_can_go_and_its_digest_cannot() -> None:
    """What is gone has no id any more; that it was in the plan stays provable."""
    assert planned_recording.c.recording.nullable
    assert not planned_recording.c.digest.nullable
