"""What a legal hold came too late for."""

from pathlib import Path

from archive.catalog.database.engine import writing
from archive.catalog.destruction.tombstones import Tombstone, place_tombstone
from archive.catalog.holds.late_recordings import LateFor, late_for
from archive.lifecycle.tombstone import Remains
from tests.archive.catalog.examples import new_catalog, recording_id
from tests.support.hold_scenes import held

GONE = [recording_id(number) for number in range(1, 5)]
NOT_YET = recording_id(9)


def test_what_went_is_told_by_its_runs_the_oldest_first(tmp_path: Path) -> None:
    """Without a plan nothing attests it; without a tombstone nobody knows yet when it was."""
    engine = new_catalog(tmp_path)
    own = held(engine, *GONE, NOT_YET, state="destroyed")
    other = held(engine, GONE[0])
    with writing(engine) as connection:
        for at, (each, plan) in enumerate(zip(GONE, (8, 7, 7, 0), strict=True)):
            remains = Remains(plan=plan)
            stone = Tombstone(recording=each, destroyed_us=9 - at, journal=1, remains=remains)
            place_tombstone(connection, 1, stone)
        told = late_for(connection, 1, own)
        nothing = late_for(connection, 1, other)

    assert told == (LateFor(None, 1, 6, 6), LateFor(7, 2, 7, 8), LateFor(8, 1, 9, 9))
    assert nothing == ()
