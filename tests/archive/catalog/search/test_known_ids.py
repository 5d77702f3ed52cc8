"""Calls by the ids that others have for them."""

from pathlib import Path

from archive.access.reach import WHOLE_TENANT
from archive.call.events import CallIdKnown
from archive.catalog.database.engine import reading
from archive.catalog.search.known_ids import calls_known_by
from archive.ids import DEFAULT_TENANT, TenantId
from tests.archive.catalog.examples import (
    MINUTE_US,
    OTHER_TENANT,
    STARTED_US,
    adopt,
    adoption,
    inbound,
    new_catalog,
    recording_id,
)

DAY_US = 24 * 60 * MINUTE_US


def known(folder: Path, text: str, tenant: TenantId = DEFAULT_TENANT) -> list[str]:
    """The calls of two days that have one Call-ID, the first one with an id of its own."""
    folder.mkdir(exist_ok=True)
    engine = new_catalog(folder)
    ucid = CallIdKnown(at_us=STARTED_US, kind="ucid", value="Ab12")
    adopt(engine, adoption(1, (*inbound(), ucid)))
    adopt(engine, adoption(2, inbound(STARTED_US + DAY_US)))
    with reading(engine) as connection:
        return [str(each) for each in calls_known_by(connection, tenant, WHOLE_TENANT, text)]


def test_a_call_is_known_by_its_ids_in_any_case(tmp_path: Path) -> None:
    """What stands in a log of the PBX is enough."""
    assert len(known(tmp_path, " aB12 ")) == 1


def test_an_id_that_was_used_again_is_that_of_several_the_newest_first(tmp_path: Path) -> None:
    """Nobody is shown one of them as the call."""
    newest, oldest = known(tmp_path, "call-id")

    assert newest == str(recording_id(2, STARTED_US + DAY_US)) != oldest


def test_nobody_elses_calls_are_known(tmp_path: Path) -> None:
    """Nor is an id that is none."""
    assert known(tmp_path / "a", "call-id", OTHER_TENANT) == []
    assert known(tmp_path / "b", "another") == []
    assert known(tmp_path / "c", "  ") == []
