"""What must go now, as the plan, the check before the end and `explain` see it."""

from pathlib import Path

from archive.catalog.database.engine import reading
from archive.ids import DEFAULT_TENANT, RecordingId
from retention.decisions.due import Cause, Grounds
from retention.runner.judgement.recording_verdicts import all_verdicts, verdicts_of
from tests.api.destruction.scene import NOW_US, installed

DAY_US = 86_400_000_000


async def test_all_and_some_are_judged_alike(tmp_path: Path) -> None:
    """What is planned and what is checked before the end cannot differ."""
    async with installed(tmp_path, 2) as it:
        with reading(it.it.engine) as connection:
            every = list(all_verdicts(connection, DEFAULT_TENANT, NOW_US))
            before = list(all_verdicts(connection, DEFAULT_TENANT, NOW_US - 400 * DAY_US))
            some = verdicts_of(
                connection, DEFAULT_TENANT, [it.recordings[1], RecordingId(b"x" * 16)], NOW_US
            )

    assert {each.recording: each.says for each in every} == dict.fromkeys(
        it.recordings, Grounds(1, ("year",))
    )
    assert some == {each.recording: each for each in every if each.recording == it.recordings[1]}
    assert {each.says for each in before} == {Cause.NOT_DUE}
    assert not any(each.is_ordered for each in every)
