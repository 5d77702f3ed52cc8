"""Each disk of a whole Rokuon fails in each way while calls of both doors are up. As root."""

from pathlib import Path

import pytest

from tests.crash.disks import Fault, needs_disks
from tests.crash.whole_disks import broken_while_talking

pytestmark = [needs_disks, pytest.mark.slow]
TAKEN = {"200", "503"}
SIDES_OF_A_CALL = 2
# What cannot be written is lost, and the recording says so; a call of which nothing could be has
# no recording, but its row in the ledger.
LOSING = "spool"


@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("disk", ["spool", "capture", "archive", "catalog", "keys"])
async def test_no_disk_ends_a_call_and_nobody_does_more_than_mend_it(
    tmp_path: Path, disks: list[str], disk: str, fault: Fault
) -> None:
    """Calls go on, new ones are answered, and all of it is adopted once the disk is mended."""
    seen = await broken_while_talking(tmp_path, disk, fault)
    disks.append(f"{disk} {fault}: {seen.words}")

    assert seen.cut == 0
    assert {word.split()[0] for word in seen.answers.pop("later")} == {"200"}
    assert {word for said in seen.answers.values() for word, *_ in map(str.split, said)} <= TAKEN
    assert seen.flaws == []
    assert seen.account.repeated == seen.account.strange == 0
    if disk == LOSING:
        unrecorded = seen.calls - len(seen.found)
        assert len(seen.account.missing) <= SIDES_OF_A_CALL * (
            seen.flags["packets_lost"] + unrecorded
        )
    else:
        assert seen.account.missing == {}
    if fault is not Fault.SLOW:  # ten seconds are over before everybody's patience is
        assert seen.told.is_something, "somebody names what is the matter"
